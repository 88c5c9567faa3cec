"""Phrases in training files: in the right block, exactly as said, and no other byte changes."""

import difflib
import json
import subprocess
from pathlib import Path

import pytest
import yaml

from learning.writing.errors import NotWritten
from learning.writing.phrases import add_phrases, blocks_of, new_file
from learning.writing.texts import as_flow_scalar, as_phrase, as_scalar, fold
from learning.writing.yaml_places import Source

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted((ROOT / "data" / "nlu").glob("*.yml"))
#: Words of customers that mean something to YAML, Rasa or Python.
NASTY = (
    "- my hub is offline",
    "see [my order](HV-123456) please",
    'it says [E12]{"why": "?"} all day',
    "both [a][b] [c] (d)",
    "# not a comment: really",
    "'quoted' and \"quoted\" \\n back\\slash",
    "price: {{10}} ${HOME} %d & *alias",
    "line one\nline two\u2028three\x0bfour\x85five",
    "tabs\tand\x00nothing",
    "| > ! @ ` ---",
    "退款？？？🙂",
)


def added_lines(before, after):
    diff = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in diff if line[:2] != "  "]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_block_of_every_file_takes_a_phrase_and_nothing_else_changes(path):
    text = path.read_bytes().decode()
    blocks = blocks_of(Source(path.name, text))
    assert len(blocks) >= 1

    for block in blocks:
        after = add_phrases(
            path.name, text, intent=block.intent, language=block.language, phrases=["new – words"]
        )

        assert added_lines(text, after) == ["+       - new – words\n"]
        entry = next(
            e
            for e in yaml.safe_load(after)["nlu"]
            if (e["intent"], e["metadata"]["language"]) == (block.intent, block.language)
        )
        assert entry["examples"].splitlines()[-1] == "- new – words"


HAND_MADE = """\
# Head.
version: "3.1"   # kept
nlu:
-   intent: ask_refund  # money
    metadata: {language: en}
    examples: |

        - old one
        -   odd one

# About orders.
-   intent: ask_order
    examples: |
        - where is it
    metadata:
        language: en

responses: {}
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comments_blank_lines_and_line_ends_stay(newline):
    text = "\ufeff" + HAND_MADE.replace("\n", newline)

    refund = add_phrases("f.yml", text, intent="ask_refund", language="en", phrases=["a", "b"])
    order = add_phrases("f.yml", text, intent="ask_order", language="en", phrases=["c"])

    lines = refund.split(newline)
    assert lines[7:12] == [
        "        - old one",
        "        -   odd one",
        "        - a",
        "        - b",
        "",
    ]
    assert refund.replace(f"        - a{newline}        - b{newline}", "") == text
    assert order.replace(f"        - c{newline}", "") == text
    assert order.count("\n") == order.count(newline)


def test_a_language_that_is_new_to_an_intent_gets_a_block_behind_the_others():
    after = add_phrases("f.yml", HAND_MADE, intent="ask_refund", language="ko", phrases=["환불요"])

    block = (
        "-   intent: ask_refund\n    metadata: {language: ko}\n    examples: |\n      - 환불요\n"
    )
    assert after.replace(block, "") == HAND_MADE
    assert after.index(block) < after.index("# About orders.")


def test_a_file_without_a_last_line_end_stays_without():
    text = "nlu:\n  - intent: a\n    metadata: {language: en}\n    examples: |\n      - b"

    assert add_phrases("f", text, intent="a", language="en", phrases=["c"]) == text + "\n      - c"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nlu:\n - intent: a\n  x: 1\n", r"f\.yml:\d: not YAML"),
        ("nlu: []\n", "no phrases of a"),
        ('nlu: [{intent: a, examples: "- x"}]\n', "in braces"),
    ],
)
def test_what_cannot_be_edited_is_named(text, why):
    with pytest.raises(NotWritten, match=why):
        add_phrases("f.yml", text, intent="a", language="en", phrases=["b"])


def test_rasa_reads_exactly_what_was_said(tmp_path):
    said = [as_phrase(text) for text in NASTY]
    said = [text for text in said if text]
    file = tmp_path / "nlu.yml"
    file.write_text(new_file("ask_x", [("en", said[:2]), ("ko", said[2:4])]), "utf-8")
    for text in said[4:]:
        edited = add_phrases(
            "x", file.read_text("utf-8"), intent="ask_x", language="ko", phrases=[text]
        )
        file.write_text(edited, "utf-8")
    program = (
        "import json, sys; from rasa.shared.nlu.training_data.loading import load_data as l;"
        "print(json.dumps([[m.get('text'), m.get('intent'), m.get('entities') or []]"
        " for m in l(sys.argv[1]).training_examples]))"
    )

    read = subprocess.run(
        [ROOT / ".venv-rasa/bin/python", "-c", program, file],
        capture_output=True, check=True, text=True,
    )  # fmt: skip

    assert json.loads(read.stdout.splitlines()[-1]) == [[text, "ask_x", []] for text in said]
    assert "see [my order] (HV-123456) please" in said
    assert "line one line two three four five" in said


def test_masked_words_become_something_of_their_kind_or_go():
    assert as_phrase("my mail is ‹email›, change it") == "my mail is name@mail.example, change it"
    assert (
        as_phrase("I am ‹name› from ‹address› and want a refund") == "I am from and want a refund"
    )
    assert as_phrase("‹name› ‹phone› hi") is None
    assert as_phrase("‹card›") is None
    assert as_phrase("?!") is None
    assert as_phrase("好的") == "好的"


def test_the_same_words_are_the_same_however_they_are_typed():
    assert fold("  Can I  get a REFUND? ") == fold("can i get a refund")
    assert fold("可以退款吗？") == fold("可以退款吗")
    assert fold("refund now") != fold("refund")


@pytest.mark.parametrize("text", [*NASTY, "yes", "12", "a: b", "x # y", "", "[a", "null", "- "])
def test_a_scalar_is_read_as_it_was(text):
    scalar = as_scalar(text)

    assert "\n" not in scalar
    wanted = " ".join(text.replace("\x00", " ").split())
    assert yaml.safe_load(f"a:\n  - {scalar}\n") == {"a": [wanted]}
    assert yaml.safe_load(f"a: [{as_flow_scalar(text)}, b]\n") == {"a": [wanted, "b"]}
