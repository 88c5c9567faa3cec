"""Every sentence exists in every language, with the placeholders it needs and no others."""

import json
import re

import pytest

from bot.tone import read_tones
from handoff_service.api.help_pages.pages import FOLDER
from handoff_service.domain import LOCALES
from handoff_service.tone import read_casual_locales
from handoff_service.web.assets import load_assets
from handoff_service.wording import SENTENCES, Wording
from tests.house_style import PLACEHOLDER, faults, label_faults, register_faults


@pytest.fixture(scope="module", params=["formal", "casual"])
def tone(request):
    return request.param


@pytest.fixture(scope="module")
def wording(tone):
    return Wording.load(casual=LOCALES if tone == "casual" else ())


@pytest.mark.parametrize("locale", LOCALES)
def test_a_locale_has_every_sentence_and_no_other(wording, locale):
    assert set(wording.sentences[locale]) == set(SENTENCES)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_has_its_placeholders_and_no_others(wording, locale, name):
    sentence = wording.sentence(name, locale)

    assert set(re.findall(r"{(\w+)}", sentence)) == SENTENCES[name]
    assert sentence == sentence.strip() != ""


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_is_written_as_an_editor_would_have_it(wording, locale, name, tone):
    text = wording.sentence(name, locale)

    if name.startswith(("button.", "label.")):
        assert label_faults(text, locale) == []
    else:
        assert faults(text, locale, tone=tone) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_only_the_locales_of_the_setting_are_casual(locale):
    formal, casual = Wording.load(), Wording.load(casual={locale})

    differing = {x for x in LOCALES if casual.sentences[x] != formal.sentences[x]}

    assert differing == {locale}
    assert set(casual.sentences[locale]) == set(SENTENCES)


@pytest.mark.parametrize(
    "setting", ["", "formal", "casual", "ru=casual", " ko = casual , en=formal,", "zh-Hans=formal"]
)
def test_bot_and_service_read_the_setting_alike(setting):
    of_the_bot = read_tones(setting)

    assert read_casual_locales(setting) == {x for x in LOCALES if of_the_bot[x] == "casual"}


@pytest.mark.parametrize("setting", ["warm", "fr=casual", "ru=warm", "ru", "ru=formal,ru=casual"])
def test_bot_and_service_refuse_the_same_settings(setting):
    for read in (read_tones, read_casual_locales):
        with pytest.raises(ValueError, match=setting.split(",")[-1]):
            read(setting)


def strings_of(page, locale, tone):
    served = load_assets(casual=LOCALES if tone == "casual" else ())
    return json.loads(served[f"/shared/locales/{page}/{locale}.json"].body)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("page", ["widget", "demo"])
def test_the_strings_of_a_page_are_written_as_an_editor_would_have_them(page, locale, tone):
    told, wrong = (tone if page == "widget" else "formal"), {}  # the demo shop has one tone
    for name, entry in strings_of(page, locale, tone).items():
        for text in [entry] if isinstance(entry, str) else entry.values():
            found = label_faults(text, locale) + register_faults(text, locale, tone=told)
            if found:
                wrong[name, text] = found

    assert wrong == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_widgets_casual_strings_replace_formal_ones_with_the_same_placeholders(locale):
    formal, casual = (strings_of("widget", locale, tone) for tone in ("formal", "casual"))
    placeholders = [
        {name: set(PLACEHOLDER.findall(str(entry))) for name, entry in strings.items()}
        for strings in (formal, casual)
    ]

    assert placeholders[0] == placeholders[1]
    assert formal != casual


@pytest.mark.parametrize("locale", LOCALES)
def test_the_strings_of_help_pages_are_written_as_an_editor_would_have_them(locale):
    strings = json.loads((FOLDER / "texts.json").read_text("utf-8"))[locale]
    wrong = {
        (name, text): found
        for name, text in strings.items()
        if (found := label_faults(text, locale) + register_faults(text, locale, tone="formal"))
    }

    assert wrong == {}


def test_the_two_chinese_files_differ_in_every_sentence(wording):
    same = [
        name
        for name in SENTENCES
        if wording.sentence(name, "zh-Hans") == wording.sentence(name, "zh-Hant")
    ]

    assert same == []


def test_an_unknown_locale_is_answered_in_english(wording):
    assert wording.sentence("bot.delayed", "fr") == wording.sentence("bot.delayed", "en")
