"""Pinned questions and new intents: lines where they belong, and no other byte changes."""

from pathlib import Path

import pytest
import yaml

from kb_index.articles import load_articles
from learning.writing.errors import NotWritten
from learning.writing.front_matter import pin_questions, pinned_questions
from learning.writing.new_intents import add_to_domain, add_to_rule, intent_name, known_intents

ROOT = Path(__file__).resolve().parents[3]
ARTICLES = sorted((ROOT / "data" / "kb").rglob("*.md"))


def test_every_article_takes_a_pinned_question(tmp_path):
    for path in ARTICLES:
        text = path.read_bytes().decode()
        after = pin_questions(path.name, text, ["- what: is [this] #really?"])

        assert pinned_questions(path.name, after)[-1] == "- what: is [this] #really?"
        assert [line for line in after.splitlines() if line not in text.splitlines()] in (
            ['  - "- what: is [this] #really?"'],
            ["  - '- what: is [this] #really?'"],
            ["answers:", "  - '- what: is [this] #really?'"],
        )
        file = tmp_path / path.parent.name / path.name
        file.parent.mkdir(exist_ok=True)
        file.write_text(after, "utf-8")
    loaded = load_articles(tmp_path)
    assert len(loaded.articles) == len(ARTICLES)
    assert not loaded.problems


HEAD = "---\r\nid: a # x\r\ntags: [b]  # c\r\n{}---\r\nBody\r\n---\r\n"


@pytest.mark.parametrize(
    ("had", "has"),
    [
        ("", "answers:\r\n  - two?\r\n"),
        ("answers:\r\n", "answers:\r\n  - two?\r\n"),
        ("answers: []\r\n", 'answers: ["two?"]\r\n'),
        ("answers: [one, 'three'] # y\r\n", "answers: [one, 'three', \"two?\"] # y\r\n"),
        ("answers:\r\n- one # y\r\n", "answers:\r\n- one # y\r\n- two?\r\n"),
        ("answers:\r\n    - one\r\n\r\n", "answers:\r\n    - one\r\n    - two?\r\n\r\n"),
    ],
)
def test_a_question_is_pinned_in_the_style_of_the_list(had, has):
    after = pin_questions("a.md", HEAD.format(had), ["two?", "Two"])

    assert after == HEAD.format(has)


def test_a_question_that_is_pinned_already_changes_nothing():
    text = HEAD.format("answers:\r\n  - How do I get a refund?\r\n")

    assert pin_questions("a.md", text, ["how do I get a  refund"]) == text


@pytest.mark.parametrize("text", ["no front", "---\nanswers: word\n---\n", "---\na: [\n---\n"])
def test_an_article_that_cannot_be_edited_is_named(text):
    with pytest.raises(NotWritten, match=r"a\.md"):
        pin_questions("a.md", text, ["x"])


def test_a_new_intent_is_known_and_looked_up():
    domain = {"domain.yml": (ROOT / "bot/domain/domain.yml").read_text("utf-8")}
    rules = {p.name: p.read_text("utf-8") for p in sorted((ROOT / "data/rules").glob("*.yml"))}

    name, text = add_to_domain(domain, "ask_gift_card")
    rule_name, rule = add_to_rule(rules, "ask_gift_card")

    line = "  - ask_gift_card: {use_entities: []}\n"
    assert text.replace(line, "") == domain[name]
    assert {"ask_gift_card": {"use_entities": []}} in yaml.safe_load(text)["intents"]
    assert known_intents({name: text}) == [
        *(n for n in known_intents(domain) if n != "follow_up"), "ask_gift_card", "follow_up",
    ]  # fmt: skip
    assert rule.replace("          - intent: ask_gift_card\n", "") == rules[rule_name]
    steps = yaml.safe_load(rule)["rules"][0]["steps"]
    assert {"intent": "ask_gift_card"} in steps[0]["or"]


def test_without_a_place_for_a_new_intent_the_remedy_is_told():
    with pytest.raises(NotWritten, match="by hand"):
        add_to_domain({"d.yml": "intents: [a]\n"}, "ask_b")
    with pytest.raises(NotWritten, match="add one that holds ask_b"):
        add_to_rule({"r.yml": "rules:\n- rule: x\n  steps:\n  - intent: a\n"}, "ask_b")


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("Gift cards!", "ask_gift_cards"), ("ask_gift", "ask_gift"), ("礼品卡", ""), ("ask_", "")],
)
def test_names_of_new_intents(wanted, name):
    assert intent_name(wanted) == name
