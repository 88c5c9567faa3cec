"""Faults of a rules file are named with file, line and remedy, all at once."""

from pathlib import Path

import pytest

from handoff_rules.reading import BadRules, faults_of_rules, read_rules
from handoff_service.metrics import REASONS

ROOT = Path(__file__).resolve().parents[2]


def rule(reason="r", do="offer", when="{disliked: true}"):
    return f"rules:\n  - reason: {reason}\n    do: {do}\n    when: {when}\n"


@pytest.fixture
def write(tmp_path):
    def write(text):
        file = tmp_path / "handoff_rules.yml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


def problems(file):
    with pytest.raises(BadRules) as refused:
        read_rules(file)
    return [problem.removeprefix(f"{file}:") for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1: expected a list under `rules:`"),
        ("rules: []", "1: expected a list under `rules:`"),
        ("rules: [", "1: not YAML"),
        (b"rules: \xff", "1: not UTF-8"),
        ("rules:\n  - do: offer\n    when: {disliked: true}\n", "2: a rule without `reason:`"),
        (rule(do="call"), "3: unknown `do: call`. Remedy: one of connect, triage, offer"),
        (rule(when="{}"), "4: an empty `when:`"),
        (rule(when="{word: {}}"), "4: unknown key 'word'"),
        (rule(when="{disliked: maybe}"), "4: 'maybe' is neither true nor false"),
        (rule(when="{same_question: 0}"), "4: '0' is no number of times"),
        (rule(when="{intents: complaint}"), "4: expected a list such as"),
        (rule(when="{intents: [complaint], sure: 7}"), "4: '7' is no probability"),
        (rule(when="{words: {de: [Anwalt]}}"), "4: unknown key 'de'"),
        (rule(when="{words: {en: lawyer}}"), "4: expected a list of words under `en:`"),
        (rule(when="{words: {en: [a*]}}"), "4: 'a*' lacks a word, or has one letter"),
        (rule(when='{words: {en: ["a & "]}}'), "4: 'a & ' lacks a word"),
        (rule(when="{words: {en: [sue]}, unless: {en: [a & b]}}"), "4: a phrase under `unless`"),
        (rule(when="{words: {en: [sue]}, disliked: true}"), "4: `words` beside `disliked`"),
        (rule(when="{unless: {en: [sue]}}"), "4: `unless` without `words`"),
    ],
)
def test_a_fault_is_named_with_its_line(write, text, expected):
    [problem] = problems(write(text))

    assert problem.startswith(expected)


def test_all_faults_are_named_together(write):
    text = rule(do="call") + rule(when="{}").removeprefix("rules:\n")

    assert [problem.split(":")[0] for problem in problems(write(text))] == ["3", "7"]


def test_two_lists_of_words_for_one_reason_are_refused(write):
    words = rule(when="{words: {en: [sue]}}")

    [problem] = problems(write(words + words.removeprefix("rules:\n")))

    assert problem.startswith("5: a second list of words for 'r'")


def test_a_missing_file_is_named(tmp_path):
    assert problems(tmp_path / "none.yml") == ["1: no such file. Remedy: take it from the project"]


def test_names_that_there_are_not_are_found(write):
    file = write(rule(when="{intents: [fly]}") + "    say: utter_wings\n")

    found = faults_of_rules(file, intents={"greet"}, responses={"utter_greet"})

    assert [fault.split(". Remedy")[0] for fault in found] == [
        f"{file}:2: the rule 'r' names an unknown intent 'fly'",
        f"{file}:2: the rule 'r' says an unknown response 'utter_wings'",
    ]


def test_every_reason_is_counted_by_name():
    assert read_rules().reasons | {"bot_failed"} == REASONS
