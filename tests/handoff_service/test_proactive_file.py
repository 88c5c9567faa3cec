"""Rules by which sites speak first: what a file may say, and what the page is told of it."""

import json
import re

import pytest

from handoff_service.errors import ProactiveError
from handoff_service.proactive import FirstWords, Often
from handoff_service.proactive_file import PROJECT_FILE, find_first_words, read_first_words

SHOP = """
limits: {a_day: 2, silent_days: 7}
rules:
  - id: cart
    site: shop
    when:
      page: [/cart, "/pay*"]
      not_page: /pay/done
      title: "*(1.5)*"
      seconds_on_page: 20
      visits: 2
      event: {name: cart, at_least: {value: 99.5}, at_most: {items: 3}, is: {kind: [add, "more*"]}}
    text: {en: "Questions?", ru: "Есть вопросы?"}
    suggestions: {en: ["Delivery?"]}
    once_per: 30 days
  - {id: away, when: {duty: off}, text: {en: "Leave us a message."}, once_per: visit}
"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        file = tmp_path / "proactive.yml"
        file.write_text(text)
        return read_first_words(file)

    return read


def conditions(rule):
    """Return fact → wish of a rule as the page has it."""
    return {fact: wish for fact, wish, *_ in rule["when"]}


def test_a_rule_is_told_to_the_page_as_conditions(read):
    plan = read(SHOP).for_page("shop", on_duty=True)

    [cart] = plan["rules"]
    told = conditions(cart)
    assert (cart["id"], cart["every"]) == ("cart", 30 * 86_400_000)
    assert (told["seconds"], told["visits"]) == (20, 2)
    assert (told["@cart.$"], told["@cart.value"], told["@cart.items"]) == (1, 99.5, 3)
    assert ["@cart.items", 3.0, 1] in cart["when"]
    assert plan["caps"] == [[86_400_000, 2], [7 * 86_400_000, 2]]
    assert plan["snooze"] == 7 * 86_400_000


@pytest.mark.parametrize(
    ("fact", "text", "fits"),
    [
        ("path", "/cart", True),
        ("path", "/cart/2", False),
        ("path", "/pay/card", True),
        ("path", "/pay/done", False),
        ("title", "Hub (1.5) | Shop", True),
        ("title", "Hub (1x5) | Shop", False),
        ("@cart.kind", "more-of-it", True),
        ("@cart.kind", "remove", False),
        ("locale", "ru", True),
        ("locale", "ko", False),
    ],
)
def test_paths_and_texts_are_compared_whole_but_for_stars(read, fact, text, fits):
    [rule] = read(SHOP).for_page("shop", on_duty=True)["rules"]

    assert (re.search(conditions(rule)[fact], text) is not None) is fits


def test_a_site_is_told_its_own_rules_and_those_of_all(read):
    words = read(SHOP)

    def told(site, *, on_duty):
        plan = words.for_page(site, on_duty=on_duty)
        return [rule["id"] for rule in plan["rules"]] if plan else None

    assert told("shop", on_duty=False) == ["cart", "away"]
    assert told("shop", on_duty=True) == ["cart"]
    assert told("other", on_duty=False) == ["away"]
    assert told("other", on_duty=True) is None
    assert words.find("other", "cart") is None


def test_the_words_are_those_of_the_locale_or_the_english_ones(read):
    rule = read(SHOP).find("shop", "cart")

    assert rule.said_in("ru") == ("Есть вопросы?", ())
    assert rule.said_in("ko") == ("Questions?", ("Delivery?",))


@pytest.mark.parametrize(
    ("word", "often", "again_ms"),
    [
        ("visit", Often.VISIT, 1_800_000),
        ("day", Often.DAY, 86_400_000),
        ("visitor", Often.VISITOR, None),
        ("1 day", 1, 86_400_000),
        ("90 days", 90, 90 * 86_400_000),
    ],
)
def test_how_often_a_rule_speaks_is_a_word_or_days(read, word, often, again_ms):
    [rule] = read(f"rules: [{{id: a, text: {{en: Hi}}, once_per: {word}}}]").rules

    assert (rule.often, rule.again_ms) == (often, again_ms)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{id: a}", "text: missing"),
        ("{id: A b, text: {en: Hi}}", "'A b': expected small letters"),
        ("{id: a, text: Hi}", "expected a text for each of"),
        ("{id: a, text: {de: Hallo}}", "'de' is not one of"),
        (f"{{id: a, text: {{en: {'x' * 201}}}}}", "201 characters; 200 at most"),
        ("{id: a, text: {en: Hi}, when: {seconds_on_page: soon}}", "'soon' is not a whole number"),
        ("{id: a, text: {en: Hi}, when: {event: {at_least: {x: 1}}}}", "name: missing"),
        ("{id: a, text: {en: Hi}, when: {event: {name: c, at_least: {x: much}}}}", "a number"),
        ("{id: a, text: {en: Hi}, when: {weather: wet}}", "'weather' is unknown"),
        ("{id: a, text: {en: Hi}, once_per: 0 days}", "'0 days': visit, day, visitor or"),
    ],
)
def test_a_mistake_is_told_with_its_line(read, line, problem):
    with pytest.raises(ProactiveError) as error:
        read(f"rules:\n  - {line}\n")

    assert ":2: " in str(error.value)
    assert problem in str(error.value)


def test_two_rules_of_one_id_are_a_mistake(read):
    with pytest.raises(ProactiveError, match="'a' is the id of two rules"):
        read("rules: [{id: a, text: {en: Hi}}, {id: a, text: {en: Ho}}]")


def test_the_projects_own_file_can_be_read_and_speaks_every_language():
    words = read_first_words(PROJECT_FILE)

    assert words.rules
    assert all(set(rule.texts) == {"en", "zh-Hans", "zh-Hant", "ru", "ko"} for rule in words.rules)
    assert json.dumps(words.for_page("havelo", on_duty=True))


def test_no_file_is_no_rule(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert find_first_words(None) == FirstWords()
