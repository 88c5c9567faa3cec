"""Every response stands in all five locales, with the same placeholders, well written."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from bot.channels.requests import CLICKS
from bot.components.languages import LOCALES
from bot.tone import TONES
from tests.house_style import PLACEHOLDER, faults, label_faults, register_faults

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "bot" / "domain" / "responses"
RESPONSES = {
    name: variants
    for file in sorted(FOLDER.glob("*.yml"))
    for name, variants in yaml.safe_load(file.read_text("utf-8"))["responses"].items()
}
#: What a condition may name, and its values (bot/moment.py).
CONDITIONS = {
    "language": set(LOCALES),
    "tone": {"casual"},
    "part_of_day": {"morning", "afternoon", "evening"},
    "talk": {"again", "unfinished", "handed_back"},
    "after": {
        *(name.removeprefix("utter_") for name in RESPONSES),
        *(v["metadata"]["asks"] for vs in RESPONSES.values() for v in vs if "metadata" in v),
    },
}
#: Greetings of a language that do not change with the hour.
TIMELESS = {"ko"}
#: What no action has to give: the open question.
KNOWN = {"problem"}


def holds(variant):
    """Return {name: value, or a tuple of values} of a variant's conditions."""
    return {
        condition["name"]: tuple(value) if isinstance(value := condition["value"], list) else value
        for condition in variant["condition"]
    }


def by_moment(name):
    """Return {moment: {locale: {tone: [variant]}}} of a response."""
    found = defaultdict(lambda: defaultdict(lambda: {tone: [] for tone in TONES}))
    for variant in RESPONSES[name]:
        moment = holds(variant)
        locale, tone = moment.pop("language"), moment.pop("tone", "formal")
        found[tuple(sorted(moment.items()))][locale][tone].append(variant)
    return found


def every_variant():
    for name, variants in RESPONSES.items():
        for variant in variants:
            yield name, holds(variant), variant


@pytest.mark.parametrize("name", RESPONSES)
def test_conditions_are_among_those_that_the_bot_knows(name):
    for variant in RESPONSES[name]:
        assert all(condition["type"] == "slot" for condition in variant["condition"])
        assert len(holds(variant)) == len(variant["condition"])
        assert holds(variant)["language"] in LOCALES
        for condition, value in holds(variant).items():
            values = set(value) if isinstance(value, tuple) else {value}
            assert values <= CONDITIONS[condition], (condition, value)


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_stands_in_every_locale_in_every_moment(name):
    moments = by_moment(name)

    assert () in moments
    for moment, variants in moments.items():
        timeless = TIMELESS if "part_of_day" in dict(moment) else set()
        assert set(variants) == set(LOCALES) - timeless, moment
        assert [locale for locale, tones in variants.items() if not tones["formal"]] == []


@pytest.mark.parametrize("name", RESPONSES)
def test_a_text_stands_once_among_those_that_take_turns(name):
    for moment, variants in by_moment(name).items():
        for locale, tones in variants.items():
            for told in tones.values():
                texts = [variant["text"] for variant in told]
                assert len(set(texts)) == len(texts), (moment, locale)


@pytest.mark.parametrize("name", RESPONSES)
def test_placeholders_are_the_same_in_every_locale_and_tone(name):
    for moment, variants in by_moment(name).items():
        found = {
            frozenset(set(PLACEHOLDER.findall(variant["text"])) - {"utter_hello"})
            for tones in variants.values()
            for told in tones.values()
            for variant in told
        }
        assert len(found) == 1, (moment, found)


@pytest.mark.parametrize("name", RESPONSES)
def test_buttons_are_the_same_in_every_locale_and_tone_and_known_to_the_channel(name):
    for moment, variants in by_moment(name).items():
        found = {
            (
                *(button["payload"] for button in variant.get("buttons", [])),
                variant.get("metadata", {}).get("asks"),
            )
            for tones in variants.values()
            for told in tones.values()
            for variant in told
        }
        assert len(found) == 1, (moment, found)
        assert set(next(iter(found))[:-1]) <= set(CLICKS)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("tone", TONES)
def test_texts_are_written_as_an_editor_would_have_them(locale, tone):
    wrong = {
        (name, variant["text"]): found
        for name, moment, variant in every_variant()
        if moment["language"] == locale and moment.get("tone", "formal") == tone
        if (found := faults(variant["text"], locale, tone=tone))
    }

    assert wrong == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_buttons_are_written_as_an_editor_would_have_them(locale):
    wrong = {
        (name, button["title"]): found
        for name, moment, variant in every_variant()
        for button in variant.get("buttons", [])
        if moment["language"] == locale
        if (found := label_faults(button["title"], locale)) or len(button["title"]) > 40
    }

    assert wrong == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_formal_text_that_sounds_wrong_in_the_casual_tone_has_a_casual_one(locale):
    missing = [
        (name, moment, variant["text"])
        for name in RESPONSES
        for moment, variants in by_moment(name).items()
        if locale in variants and not variants[locale]["casual"]
        for variant in variants[locale]["formal"]
        if register_faults(variant["text"], locale, tone="casual")
    ]

    assert missing == []


def test_answers_name_the_article_and_quote_it():
    for _, moment, variant in (v for v in every_variant() if v[0] == "utter_answer"):
        assert set(PLACEHOLDER.findall(variant["text"])) == {"title", "quote"}, moment


def test_a_placeholder_is_filled_by_an_action_or_is_a_response():
    actions = "".join(file.read_text("utf-8") for file in (ROOT / "actions").glob("*.py"))
    for name, _, variant in every_variant():
        for placeholder in PLACEHOLDER.findall(variant["text"]):
            filled = placeholder in KNOWN or placeholder in RESPONSES
            assert filled or re.search(rf"\b{placeholder}=", actions), (name, placeholder)
            for part in RESPONSES.get(placeholder, ()):
                assert not PLACEHOLDER.search(part["text"]), f"{name} could go round in circles"


def test_every_response_of_the_rules_and_actions_exists():
    files = [*(ROOT / "data" / "rules").glob("*.yml"), *(ROOT / "actions").glob("*.py")]
    files += [ROOT / "data" / "handoff_rules.yml"]
    named = {name for file in files for name in re.findall(r"utter_\w+", file.read_text("utf-8"))}
    form = yaml.safe_load((FOLDER.parent / "domain.yml").read_text("utf-8"))["forms"]
    asked = {f"utter_ask_triage_form_{slot}" for slot in form["triage_form"]["required_slots"]}
    within = {
        placeholder
        for _, _, variant in every_variant()
        for placeholder in PLACEHOLDER.findall(variant["text"])
        if placeholder.startswith("utter_")
    }
    methods = {"utter_message", "utter_ask_triage_form_"}

    assert (named - methods) | asked | within == set(RESPONSES)
