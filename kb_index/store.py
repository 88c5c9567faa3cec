"""Writes and reads the files of one index version.

Beside manifest.json: the chunks (`ChunkTable`), tables.npz (`Tables`), pinned.json, the vectors of
chunks/, labels/ and names/, the words of chunks-words/ and articles-words/, and the pages
articles/<locale>/<id>.json.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kb_index.articles import Article, link_target
from kb_index.embedding import FloatMatrix, FloatVector
from kb_index.errors import IndexBroken
from kb_index.lexical import Lexical
from kb_index.markdown import read_sections, render_html
from kb_index.vectors import Vectors

#: The tables of vectors.
TABLES = ("chunks", "labels", "names")
_KEYS_FILE = "keys.npy"
_PINNED_FILE = "pinned.json"


def write_vectors(folder: Path, table: str, vectors: FloatMatrix, *, keys: Iterable[int]) -> None:
    """Write a table of vectors, float32 (n, dimension), and the keys of their texts."""
    Vectors.build(vectors).save(folder / table)
    np.save(folder / table / _KEYS_FILE, np.fromiter(keys, np.uint64, len(vectors)))


def passage_key(text: str) -> int:
    """Return the key under which later builds know the vector of a passage: a 64-bit hash."""
    return _hash(f"passage\0{text}")


def name_key(text: str) -> int:
    """Return the key under which later builds know the vector of a name."""
    return _hash(f"name\0{text}")


def write_lexical(folder: Path, table: str, lexical: Lexical) -> None:
    """Write a table of words."""
    lexical.save(folder / f"{table}-words")


def write_pinned(folder: Path, pinned: Sequence[tuple[int, str]]) -> None:
    """Write the pinned questions, each with the number of its article."""
    (folder / _PINNED_FILE).write_text(json.dumps(pinned, ensure_ascii=False), encoding="utf-8")


def write_articles(
    folder: Path, articles: Sequence[Article], *, published: set[str] | None = None
) -> None:
    """Write each article as the JSON that help pages are made from.

    `published` are the keys of all articles that may be linked to; these, if it is None.
    """
    published = {article.key for article in articles} if published is None else published
    for article in articles:
        path = page_file(folder, article.key)
        path.parent.mkdir(parents=True, exist_ok=True)
        page = describe_article(article, published=published)
        path.write_text(json.dumps(page, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def page_file(folder: Path, key: str) -> Path:
    """Return the file of an article's page, by its key locale/id."""
    return folder / page_name(key)


def page_name(key: str) -> str:
    """Return the name of an article's page within a version folder."""
    return f"articles/{key}.json"


def describe_article(article: Article, *, published: set[str]) -> dict[str, Any]:
    """Return id, locale, title, updated, tags, safe HTML and section anchors of an article.

    A link to another article becomes the address of its page, or mere words when it is not
    published.
    """

    def resolve(link: str) -> str | None:
        target = link_target(link)
        if target is None:
            return link
        if f"{article.locale}/{target}" not in published:
            return None
        _, hash_mark, anchor = link.partition("#")
        return f"/help/{article.locale}/{target}{hash_mark}{anchor}"

    return {
        "id": article.id,
        "locale": article.locale,
        "title": article.title,
        "updated": article.updated,
        "tags": list(article.tags),
        "url": article.url,
        "html": render_html(article.body, resolve=resolve),
        "sections": [
            {"anchor": section.anchor, "heading": section.heading}
            for section in read_sections(article.body)
            if section.heading
        ],
    }


def read_vectors(folder: Path, table: str) -> Vectors:
    """Read a table of vectors; its file is mapped, so processes share its memory.

    Raises:
        IndexBroken: a file is missing or damaged.
    """
    return Vectors.open(folder / table)


def read_keys(folder: Path, table: str) -> npt.NDArray[np.uint64]:
    """Read the keys of the texts whose vectors are in a table.

    Raises:
        IndexBroken: the file is missing or damaged.
    """
    try:
        keys: npt.NDArray[np.uint64] = np.load(folder / table / _KEYS_FILE)
    except (OSError, ValueError, EOFError) as error:
        raise IndexBroken(str(folder), f"{_KEYS_FILE}: {error}") from error
    return keys


def read_known(folder: Path) -> dict[int, FloatVector]:
    """Read all vectors of a version by the keys of their texts.

    Raises:
        IndexBroken: a file is missing or damaged.
    """
    known: dict[int, FloatVector] = {}
    for table in TABLES:
        keys, vectors = read_keys(folder, table), read_vectors(folder, table).matrix()
        if len(keys) != len(vectors):
            raise IndexBroken(str(folder), f"{len(keys)} keys for {len(vectors)} {table}")
        known |= zip(keys.tolist(), vectors, strict=True)
    known.pop(passage_key(""), None)
    known.pop(name_key(""), None)
    return known


def read_lexical(folder: Path, table: str) -> Lexical:
    """Read a table of words.

    Raises:
        IndexBroken: a file of it is missing or damaged.
    """
    try:
        return Lexical.load(folder / f"{table}-words")
    except (OSError, ValueError, KeyError) as error:
        raise IndexBroken(str(folder), f"{table}-words/: {error}") from error


def read_pinned(folder: Path) -> list[tuple[int, str]]:
    """Read the pinned questions, each with the number of its article.

    Raises:
        IndexBroken: the file is missing or damaged.
    """
    try:
        raw = json.loads((folder / _PINNED_FILE).read_text(encoding="utf-8"))
        return [(int(article), str(question)) for article, question in raw]
    except (OSError, ValueError, TypeError) as error:
        raise IndexBroken(str(folder), f"{_PINNED_FILE}: {error}") from error


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:8])
