"""A maintainer's file of synonyms: what is read, and how each mistake is named."""

from pathlib import Path

import pytest

from kb_index.errors import SynonymsBroken
from kb_index.locales import LOCALES
from kb_index.synonym_file import read_synonyms
from kb_index.synonyms import Synonym, Synonyms

ROOT = Path(__file__).parents[2]


@pytest.fixture
def read(tmp_path):
    def from_text(text):
        path = tmp_path / "synonyms.yml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_synonyms(path)

    return from_text


def test_lists_are_read_by_locale(read):
    found = read(
        "en:\n"
        "  - {articles: hub, customers: [box, 404]}\n"
        "  - articles: plug\n"
        "    customers:\n"
        "      - smart socket\n"
        "ko:\n"
        "  - {articles: 허브, customers: [동글]}\n"
    )

    assert found.by_locale == {
        "en": (Synonym("hub", ("box", "404")), Synonym("plug", ("smart socket",))),
        "ko": (Synonym("허브", ("동글",)),),
    }


def test_no_file_and_an_empty_one_mean_no_synonyms(read, tmp_path):
    assert read_synonyms(tmp_path / "none.yml") == Synonyms()
    assert read("# nothing yet\n") == Synonyms()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("en: [", 1, "not YAML"),
        ("- hub\n", 1, "a locale and a colon are expected"),
        ("en: []\nfr: []\n", 2, "unknown locale 'fr'; use one of en, "),
        ("en: []\nen: []\n", 2, "en stands here a second time"),
        ("en:\n  hub: box\n", 2, "no list; write"),
        ("en:\n  - hub\n", 2, "a name and a colon are expected"),
        ("en:\n  - {articles: hub, customer: [box]}\n", 2, "unknown customer; use articles and"),
        ("en:\n  - {customers: [box]}\n", 2, "articles names no word"),
        ("en:\n  - {articles: '!', customers: [box]}\n", 2, "articles names no word"),
        ("en:\n  - {articles: hub, customers: box}\n", 2, "customers is no list of words"),
        ("en:\n  - {articles: hub, customers: []}\n", 2, "customers is no list of words"),
        ("en:\n  - articles: hub\n    customers:\n      - [box]\n", 4, "customers names no word"),
        ("zh-Hans:\n  - {articles: 中枢, customers: [灯]}\n", 2, "'灯': one character is found"),
        ("en:\n  - {articles: hub, customers: [Hubs]}\n", 2, "'Hubs' is the articles' own word"),
        (
            "en:\n  - {articles: hub, customers: [box]}\n  - {articles: plug, customers: [Boxes]}",
            3,
            "'Boxes' already stands for 'hub'; keep one",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(read, text, line, reason):
    with pytest.raises(SynonymsBroken) as caught:
        read(text)

    assert f"synonyms.yml, line {line}: " in str(caught.value)
    assert reason in str(caught.value)


def test_all_mistakes_are_named_together(read):
    with pytest.raises(SynonymsBroken) as caught:
        read("fr: []\nen:\n  - {articles: hub, customers: []}\n  - {articles: a, customers: [b]}\n")

    assert len(caught.value.problems) == 2


def test_a_file_in_another_encoding_is_named(read):
    with pytest.raises(SynonymsBroken, match="not UTF-8 at byte 27"):
        read("ru:\n  - {articles: hub, x: Я".encode("cp1251"))


def test_the_demo_companys_file_serves_every_language():
    demo = read_synonyms(ROOT / "data" / "kb" / "synonyms.yml")

    assert set(demo.by_locale) == set(LOCALES)
    assert demo.rewrite("my gateway needs a hard reset", "en") == "my hub needs a factory reset"
    assert demo.rewrite("как включить двухфакторку", "ru") == (
        "как включить двухэтапная аутентификация"
    )
    assert demo.rewrite("怎么关闭双重验证", "zh-Hans") == "怎么关闭两步验证"
    assert demo.rewrite("固件多久更新", "zh-Hant") == "韌體多久更新"
    assert demo.rewrite("이중인증 끄는 법", "ko") == "2단계 인증 끄는 법"
