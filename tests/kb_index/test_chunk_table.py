import dataclasses

import numpy as np
import pytest

from kb_index.chunk_table import ChunkTable, write_chunks
from kb_index.chunking import Chunk
from kb_index.errors import IndexBroken
from kb_index.markdown import Block, BlockKind


def make_chunk(locale, article_id, number):
    block = Block(BlockKind.LIST, f"ход {number} — 第一步\u2028ok", whole=number % 2 == 0)
    required = {field.name for field in dataclasses.fields(Chunk)}
    values = {
        "id": f"{locale}-{article_id}-{number}",
        "article_id": article_id,
        "locale": locale,
        "title": "Title",
        "heading": "",
        "anchor": "",
        "updated": "2026-01-01",
        "blocks": (block,),
    }
    return Chunk(**{name: values.get(name, "") for name in required})


CHUNKS = [
    *(make_chunk("en", "a", number) for number in range(3)),
    make_chunk("en", "b", 0),
    *(make_chunk("zh-Hans", "a", number) for number in range(2)),
    make_chunk("zh-Hant", "a", 0),
]


@pytest.fixture
def folder(tmp_path):
    write_chunks(tmp_path, iter(CHUNKS))
    return tmp_path


def test_chunks_come_back_as_they_were(folder):
    table = ChunkTable.open(folder)

    assert len(table) == len(CHUNKS)
    assert list(table) == CHUNKS
    assert table[-1] == CHUNKS[-1]
    assert table[1:3] == CHUNKS[1:3]
    with pytest.raises(IndexError):
        table[len(CHUNKS)]


def test_articles_and_locales_are_ranges(folder):
    table = ChunkTable.open(folder)

    assert list(table.articles) == ["en/a", "en/b", "zh-Hans/a", "zh-Hant/a"]
    assert table.article_of.dtype == np.int32
    assert table.article_of.tolist() == [0, 0, 0, 1, 2, 2, 3]
    assert table.locales == ["en", "zh-Hans", "zh-Hant"]
    assert table.article_number("zh-Hans/a") == 2
    assert table.article_number("zh-Hans/b") is None
    assert table.article_number("zzz/z") is None
    assert table.article_rows(0) == range(3)
    assert table.article_rows(2) == range(4, 6)
    assert table.locale_rows("zh-Hans") == range(4, 6)
    assert table.locale_articles("en") == range(2)
    assert list(table.locale_rows("ko")) == []
    assert table.locale_of(3) == "zh-Hant"


@pytest.mark.parametrize("order", [[3, 0], [0, 3, 1], [4, 0]])
def test_chunks_out_of_order_are_refused(tmp_path, order):
    with pytest.raises(ValueError, match="comes after"):
        write_chunks(tmp_path, [CHUNKS[number] for number in order])


@pytest.mark.parametrize("name", ["chunks.jsonl", "chunks.npz"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbage"])
def test_a_damaged_file_is_named(folder, name, damage):
    path = folder / name
    whole = path.read_bytes()
    path.unlink()
    if damage != "missing":
        kept = {"empty": b"", "cut": whole[: len(whole) // 2], "garbage": b"not what it was"}
        path.write_bytes(kept[damage])

    with pytest.raises(IndexBroken, match="run `baton kb build`"):
        ChunkTable.open(folder)
