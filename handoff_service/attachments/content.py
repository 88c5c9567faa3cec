"""Says what a file is by its content; names are only asked which of the text kinds it is."""

import re
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Container
from pathlib import Path

import puremagic

from handoff_service.attachments.kinds import KINDS, Kind
from handoff_service.refusals import AttachmentKind

#: Bytes by which a signature is known.
HEAD_BYTES = 4096
#: What an archive may hold: entries, and bytes unpacked; an office document: dozens, a few MB.
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
#: Packed bytes become so many at most; text packs ten to twenty times, a bomb a thousand.
MAX_RATIO = 200

#: The beginning of markup that a browser would run, or of a script that a shell would.
_RUNS = re.compile(r"\s*(<[a-z!?]|#!)", re.IGNORECASE)
#: Control characters that text has: tab, line ends, form feed, escape (colours of a log).
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
#: puremagic's names for what we know under one.
_SIGNATURES = {
    ".png": "png",
    ".jpg": "jpg",
    ".jpeg": "jpg",
    ".jfif": "jpg",
    ".webp": "webp",
    ".gif": "gif",
    ".pdf": "pdf",
    ".zip": "zip",
    ".docx": "zip",
}
#: The part that makes an archive an office document.
_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}


def find_kind(path: Path, name: str, *, allowed: Container[str]) -> Kind:
    """Return what a file is. Blocking: reads it, a text as a whole.

    Raises:
        AttachmentKind: of no kind in `allowed`, or none that is known, or two at a time.
    """
    found = _kind_of(path, name.rpartition(".")[2].lower())
    if found not in allowed:
        raise AttachmentKind
    return KINDS[found]


def _kind_of(path: Path, extension: str) -> str:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    signature = _signature(head)
    if signature == "zip":
        return _archive(path)
    if zipfile.is_zipfile(path):
        raise AttachmentKind  # an archive behind something else: two files in one
    if signature == "pdf" and not head.startswith(b"%PDF-"):
        raise AttachmentKind
    return signature or _text(path, extension)


def _signature(head: bytes) -> str | None:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # ValueError: nothing in it
        return None
    names = (_SIGNATURES.get(match.extension) for match in matches)
    return next((name for name in names if name), None)


def _archive(path: Path) -> str:
    """Tell an office document from another archive, without unpacking.

    Raises:
        AttachmentKind: it is broken, encrypted, a bomb, or carries macros.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise AttachmentKind from error
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    too_much = len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES
    if too_much or unpacked > MAX_RATIO * max(packed, 1024):
        raise AttachmentKind
    # What is told of the sizes must fit into the file: entries that share bytes are a bomb too.
    if packed > path.stat().st_size or any(entry.flag_bits & 0x1 for entry in entries):
        raise AttachmentKind
    names = {entry.filename for entry in entries}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise AttachmentKind
    if "[Content_Types].xml" not in names:
        return "zip"
    return next((kind for part, kind in _MAIN_PARTS.items() if part in names), "zip")


def _text(path: Path, extension: str) -> str:
    """Return which text kind it is; raise AttachmentKind when it is no text, or text that runs."""
    raw = path.read_bytes()
    encoding = "utf-16" if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8"
    try:
        text = raw.removeprefix(BOM_UTF8).decode(encoding)
    except UnicodeDecodeError as error:
        raise AttachmentKind from error
    if not text.strip() or _CONTROL.search(text) or _RUNS.match(text):
        raise AttachmentKind
    kind = KINDS.get(extension)
    return kind.name if kind is not None and kind.text else "txt"
