"""Customers' words are found in every script and form, and replaced by the articles'."""

import unicodedata

import pytest
from hypothesis import given, strategies as st

from kb_index.synonyms import Synonym, Synonyms

SYNONYMS = Synonyms(
    {
        "en": (
            Synonym("hub", ("dongle", "base station", "base")),
            Synonym("two-step verification", ("2fa",)),
        ),
        "ru": (Synonym("хаб", ("коробочка", "базовая станция")),),
        "zh-Hans": (Synonym("中枢", ("主机", "app 盒子")),),
        "zh-Hant": (Synonym("中樞", ("主機",)),),
        "ko": (Synonym("허브", ("동글", "무선 상자")),),
    }
)


@pytest.mark.parametrize(
    ("locale", "question", "expected"),
    [
        ("en", "my Dongles are dead!", "my hub are dead!"),  # inflected, in capitals
        ("en", "Base-Station offline?", "hub offline?"),  # the longer one, with a hyphen
        ("en", "base, station", "hub, station"),  # no phrase across a comma
        ("en", "turn off 2FA for the dongle", "turn off two-step verification for the hub"),
        ("ru", "не вижу коробочку", "не вижу хаб"),
        ("ru", "у базовой станции горит красный", "у хаб горит красный"),
        ("zh-Hans", "我的主机连不上", "我的中枢连不上"),
        ("zh-Hans", "我的主機連不上", "我的中枢連不上"),  # Traditional characters
        ("zh-Hans", "App盒子坏了", "中枢坏了"),  # two scripts, with or without a space
        ("zh-Hant", "主機燈不亮", "中樞燈不亮"),
        ("ko", "동글이 안 켜져요", "허브이 안 켜져요"),  # the particle stays
        ("ko", "새동글을 샀어요", "새허브을 샀어요"),  # inside a compound
        ("ko", "무선상자 고장", "허브 고장"),  # spacing as people type it
    ],
)
def test_a_customers_word_becomes_the_articles(locale, question, expected):
    assert SYNONYMS.rewrite(question, locale) == expected


@pytest.mark.parametrize(
    ("locale", "question"),
    [
        ("en", "the hub is offline"),
        ("en", "is the dongle the same as the hub?"),  # the articles' word is there already
        ("en", "basement light"),
        ("en", ""),
        ("ko", "아주 무선이 상자"),  # no joined characters across a space that the word has not
        ("ko", "동 글"),
        ("zh-Hans", "主要的机器"),
        ("fr", "dongle"),
        ("zh-Hant", "dongle"),  # another language's word
    ],
)
def test_other_questions_are_left_alone(locale, question):
    assert SYNONYMS.rewrite(question, locale) is None


def test_decomposed_letters_are_the_same_letters():
    decomposed = "\u1103\u1169\u11bc\u1100\u1173\u11af 고장"  # 동글

    assert SYNONYMS.rewrite(decomposed, "ko") == "허브 고장"


@given(
    st.text(alphabet="xyzЖж灯등ſﬁ²e\u0301 ,!-\n", max_size=60), st.sampled_from(["dongle", "2FA"])
)
def test_what_stands_around_a_word_stays(around, word):
    becomes = {"dongle": "hub", "2FA": "two-step verification"}[word]

    rewritten = SYNONYMS.rewrite(f"{around} . {word} . {around}", "en")

    kept = unicodedata.normalize("NFC", around)
    assert rewritten == f"{kept} . {becomes} . {kept}"


def test_a_version_keeps_its_synonyms(tmp_path):
    SYNONYMS.save(tmp_path)

    loaded = Synonyms.load(tmp_path)

    assert loaded == SYNONYMS
    assert loaded.as_json() == SYNONYMS.as_json()
    assert loaded.rewrite("主机", "zh-Hans") == "中枢"


def test_a_version_without_the_file_has_none(tmp_path):
    assert Synonyms.load(tmp_path) == Synonyms()
    assert Synonyms().rewrite("dongle", "en") is None
