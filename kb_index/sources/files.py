"""Finds the files of a source that is a folder, a single file, or JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urljoin

from kb_index.errors import SourceUnreadable
from kb_index.locales import LOCALES
from kb_index.sources.addresses import is_wanted
from kb_index.sources.dates import day_of_timestamp
from kb_index.sources.page import Raw, Refused
from kb_index.sources.settings import Source

#: The largest file that is read, in bytes: documents hold pictures, text takes memory to parse.
_MOST_BYTES = {"pdf": 100_000_000, "docx": 100_000_000, "jsonl": 200_000_000}
_MOST_TEXT = 20_000_000
FORMAT_OF_SUFFIX = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".doc": "docx",  # refused by its reader, which names the remedy
    ".md": "md",
    ".markdown": "md",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


def find_files(source: Source) -> Iterator[Raw | Refused]:
    """Read the files of a source, sorted by path; hidden ones are not looked at.

    Raises:
        SourceUnreadable: there is no such file or folder, or nothing in it that fits.
    """
    root = Path(source.at)
    if not root.exists():
        raise SourceUnreadable(source.name, f"there is no file or folder {root}")
    paths = [root] if root.is_file() else sorted(path for path in root.rglob("*") if path.is_file())
    folder = root.parent if root.is_file() else root
    found = 0
    for path in paths:
        address = path.relative_to(folder).as_posix()
        form = FORMAT_OF_SUFFIX.get(path.suffix.lower(), "")
        hidden = any(part.startswith(".") for part in address.split("/"))
        wanted = is_wanted(address, include=source.include, exclude=source.exclude)
        if hidden or not wanted or (form not in source.formats and path != root):
            continue
        found += 1
        yield _read(path, address, form=form, source=source)
    if not found:
        raise SourceUnreadable(source.name, f"no file of {', '.join(source.formats)} in {root}")


def _read(path: Path, address: str, *, form: str, source: Source) -> Raw | Refused:
    if not form:
        return Refused(str(path), "no format that is known; convert it to HTML, PDF, DOCX or MD")
    try:
        state = path.stat()
        most = _MOST_BYTES.get(form, _MOST_TEXT)
        if state.st_size > most:
            return Refused(str(path), f"larger than {most:,} bytes; split it")
        data = path.read_bytes()
    except OSError as error:
        return Refused(str(path), f"cannot be opened ({error.strerror})")
    url = urljoin(source.base_url, quote(address)) if source.base_url else ""
    first = address.partition("/")[0]
    return Raw(
        origin=str(path),
        address=address,
        data=data,
        form=form,
        base=url or address,
        url=url,
        modified=day_of_timestamp(state.st_mtime),
        folder_locale=first if first in LOCALES else "",
    )
