"""Every response stands in all five locales with the same buttons and placeholders."""

import re
from pathlib import Path

import pytest
import yaml

from bot.channels.requests import CLICKS
from bot.components.languages import LOCALES

FOLDER = Path(__file__).resolve().parents[2] / "bot" / "domain" / "responses"
RESPONSES = {
    name: variants
    for file in sorted(FOLDER.glob("*.yml"))
    for name, variants in yaml.safe_load(file.read_text("utf-8"))["responses"].items()
}
_PLACEHOLDER = re.compile(r"{(\w+)}")
#: Scripts a locale's text must show (letters of it), so that no translation is left out.
_SCRIPTS = {
    "en": r"[A-Za-z]", "zh-Hans": r"[\u4e00-\u9fff]", "zh-Hant": r"[\u4e00-\u9fff]",
    "ru": r"[А-Яа-я]", "ko": r"[\uac00-\ud7a3]",
}  # fmt: skip


def by_locale(name):
    return {variant["condition"][0]["value"]: variant for variant in RESPONSES[name]}


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_stands_in_every_locale_once(name):
    locales = [variant["condition"][0]["value"] for variant in RESPONSES[name]]

    assert sorted(set(locales)) == sorted(LOCALES)
    assert all(
        [(c["type"], c["name"]) for c in variant["condition"]] == [("slot", "language")]
        for variant in RESPONSES[name]
    )


@pytest.mark.parametrize("name", RESPONSES)
def test_placeholders_are_the_same_in_every_locale(name):
    found = {locale: set(_PLACEHOLDER.findall(v["text"])) for locale, v in by_locale(name).items()}

    assert len({frozenset(names) for names in found.values()}) == 1, found


@pytest.mark.parametrize("name", RESPONSES)
def test_buttons_are_the_same_in_every_locale_and_known_to_the_channel(name):
    found = {
        locale: [button["payload"] for button in v.get("buttons", [])]
        for locale, v in by_locale(name).items()
    }

    assert len({tuple(payloads) for payloads in found.values()}) == 1, found
    assert set(found["en"]) <= set(CLICKS)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_is_in_its_own_script(locale):
    wrong = [
        name
        for name in RESPONSES
        if not re.search(_SCRIPTS[locale], _PLACEHOLDER.sub("", by_locale(name)[locale]["text"]))
        or any(
            not re.search(_SCRIPTS[locale], button["title"])
            for button in by_locale(name)[locale].get("buttons", [])
        )
    ]

    assert wrong == []


def test_answers_name_the_article_and_quote_it():
    assert set(_PLACEHOLDER.findall(by_locale("utter_answer")["en"]["text"])) == {"title", "quote"}


def test_every_response_of_the_rules_and_actions_exists():
    root = FOLDER.parents[2]
    files = [*(root / "data" / "rules").glob("*.yml"), *(root / "actions").glob("*.py")]
    named = {name for file in files for name in re.findall(r"utter_\w+", file.read_text("utf-8"))}
    form = yaml.safe_load((FOLDER.parent / "domain.yml").read_text("utf-8"))["forms"]
    asked = {f"utter_ask_triage_form_{slot}" for slot in form["triage_form"]["required_slots"]}
    methods = {"utter_message", "utter_ask_triage_form_"}

    assert (named - methods) | asked == set(RESPONSES)
