"""Every sentence exists in every language, with the placeholders it needs and no others."""

import re

import pytest

from handoff_service.domain import LOCALES
from handoff_service.wording import SENTENCES, Wording

SCRIPTS = {"zh-Hans": "[一-鿿]", "zh-Hant": "[一-鿿]", "ru": "[а-яё]", "ko": "[가-힣]"}


@pytest.fixture(scope="module")
def wording():
    return Wording.load()


@pytest.mark.parametrize("locale", LOCALES)
def test_a_locale_has_every_sentence_and_no_other(wording, locale):
    assert set(wording.sentences[locale]) == set(SENTENCES)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_has_its_placeholders_and_no_others(wording, locale, name):
    sentence = wording.sentence(name, locale)

    assert set(re.findall(r"{(\w+)}", sentence)) == SENTENCES[name]
    assert sentence == sentence.strip() != ""


@pytest.mark.parametrize(("locale", "letters"), SCRIPTS.items())
@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_written_in_its_own_script(wording, locale, letters, name):
    assert re.search(letters, wording.sentence(name, locale))


def test_the_two_chinese_files_differ_in_every_sentence(wording):
    same = [
        name
        for name in SENTENCES
        if wording.sentence(name, "zh-Hans") == wording.sentence(name, "zh-Hant")
    ]

    assert same == []


def test_an_unknown_locale_is_answered_in_english(wording):
    assert wording.sentence("bot.delayed", "fr") == wording.sentence("bot.delayed", "en")
