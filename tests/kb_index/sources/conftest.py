"""Reading sources without an index: what comes out is articles."""

from pathlib import Path

import pytest

from kb_index.sources.reading import read_all
from kb_index.sources.settings import source_of

FILES = Path(__file__).parents[2] / "fixtures" / "sources"


@pytest.fixture
def read(tmp_path):
    """Read paths, URLs or sources; returns the reading."""

    def run(*wanted, published=(), locale="", now_ms=1_000, **wishes):
        sources = [
            source_of(str(one), locale=locale) if isinstance(one, (str, Path)) else one
            for one in wanted
        ]
        return read_all(
            sources, published=published, cache_dir=tmp_path / "cache", now_ms=now_ms, **wishes
        )

    return run


@pytest.fixture
def folder(tmp_path):
    """An empty folder, and a function to put a file into it."""

    def write(path, text, *, encoding="utf-8"):
        file = tmp_path / "folder" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return file

    write.path = tmp_path / "folder"
    write.path.mkdir()
    return write


@pytest.fixture
def read_page(read, folder):
    """Read one HTML page; returns its article."""

    def run(html, *, name="page.html", encoding="utf-8"):
        folder(name, html, encoding=encoding)
        return read(folder.path).articles[0]

    return run


@pytest.fixture
def refusal(read, folder):
    """Read one file beside a good page; returns why the file is left out, "" if it is not."""

    def run(data, *, name):
        folder("good.html", "<h1>Good</h1><p>Some words.</p>")
        file = folder(name, data)
        reading = read(folder.path)
        assert "good" in [article.id for article in reading.articles]
        refused = [one for one in reading.sources[0].refused if one.origin == str(file)]
        return refused[0].reason if refused else ""

    return run
