"""The file of votes: read, or refused by line."""

import pytest

from kb_index.errors import TuningInputBroken
from kb_index.tuning.votes import Vote, read_votes


def test_votes_are_read(tmp_path):
    file = tmp_path / "votes.jsonl"
    file.write_text(
        '{"query": " where is my money ", "article_id": "refunds", "locale": "en"}\n\n'
        '{"query": "환불", "article_id": "refunds", "locale": "ko", "helpful": false}\n',
        encoding="utf-8",
    )

    assert read_votes(file) == [
        Vote("where is my money", "refunds", "en", True),
        Vote("환불", "refunds", "ko", False),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "line 1: not JSON"),
        (b"[]", "line 1: expected"),
        (b'\n{"query": "x", "article_id": 7, "locale": "en"}', "line 2: expected"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_a_broken_line_is_named(tmp_path, content, reason):
    file = tmp_path / "votes.jsonl"
    file.write_bytes(content)

    with pytest.raises(TuningInputBroken, match=reason):
        read_votes(file)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(TuningInputBroken, match=r"none\.jsonl: no such file"):
        read_votes(tmp_path / "none.jsonl")
