"""Lines are taken out of training files and articles, and nothing else changes."""

import pytest

from learning.forgetting.lines import split_provenance, without_items

GONE = {"my cat ate it", 'say "no": now', "- dash"}


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ("      - hi\n      - my cat ate it\n", "      - hi\n", 1),
        ("      - hi\r\n      - my cat ate it\r\n", "      - hi\r\n", 1),
        ("  - 'my cat ate it'\n  - x\n", "  - x\n", 1),
        ('  - "say \\"no\\": now"\n  - x\n', "  - x\n", 1),
        ("      - - dash\n      - my cat ate it all\n", "      - my cat ate it all\n", 1),
        ("answers:\n  - my cat ate it\ntags: []\n", "tags: []\n", 1),
        ("answers: [hi, my cat ate it]\n", "answers: [hi]\n", 1),
        ("answers: [my cat ate it]\n---\n", "answers: []\n---\n", 1),
        ("# my cat ate it\nmy cat ate it\n", "# my cat ate it\nmy cat ate it\n", 0),
        ("answers:\n---\n", "answers:\n---\n", 0),
        (
            "- intent: a\n examples: |\n  - my cat ate it\n- intent: b\n  examples: |\n    - x\n",
            "- intent: b\n  examples: |\n    - x\n",
            1,
        ),
    ],
)
def test_a_line_goes_and_what_is_empty_then(before, after, count):
    assert without_items(before, GONE) == (after, count)


def test_a_side_file_tells_whose_lines_are_whose():
    mine = '{"conversation_id": "c_1", "text": "a"}\n'
    several = '{"conversation_ids": ["c_2", "c_1"], "text": "b"}\n'
    other = '{"conversation_id": "c_11", "note": "c_1"}\nno JSON c_1\n[]\n'

    kept, theirs = split_provenance(mine + other + several, {"c_1"})

    assert kept == other
    assert [entry["text"] for entry in theirs] == ["a", "b"]
