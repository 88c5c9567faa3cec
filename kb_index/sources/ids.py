"""Makes an article's id from where it was found: the same address gives the same id each time."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

from kb_index.sources.languages import locale_of_tag
from kb_index.sources.page import Draft

_LONGEST = 80
_SUFFIX = re.compile(r"\.(html?|xhtml|php|aspx?|pdf|docx|md|markdown)$", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[a-z]{2}([-_][a-z]{2,4})?", re.IGNORECASE)


def make_id(address: str, *, locale: str) -> str:
    """Return lower-case words joined by hyphens, made of a path or of the path of a URL.

    Folders are part of it, but for one that only names the article's own locale. What Latin letters
    cannot write is told apart by a hash.
    """
    parts = [part for part in unquote(address).split("/") if part not in ("", ".")]
    kept = [part for part in parts if not _names_locale(part, locale=locale)] or parts
    bare = _SUFFIX.sub("", "/".join(kept))
    words = unicodedata.normalize("NFKD", bare)
    latin = "".join(one for one in words if not unicodedata.combining(one)).lower()
    slug = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")
    lost = any(one.isalnum() and not one.isascii() for one in latin)
    if len(slug) > _LONGEST:
        slug, lost = slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST], True
    if slug and not lost:
        return slug
    return "-".join(filter(None, (slug, _short_hash(address)))) if parts else "start"


def assign_ids(drafts: Sequence[Draft], *, taken: set[str]) -> list[str]:
    """Return one id a draft; `taken` holds the locale/id of articles that were there first.

    Two addresses with the same words: the one that sorts first keeps them, the other gets a hash.
    """
    used = set(taken)
    ids = [""] * len(drafts)
    for position in sorted(range(len(drafts)), key=lambda one: drafts[one].address):
        draft = drafts[position]
        made = make_id(draft.address, locale=draft.locale)
        if f"{draft.locale}/{made}" in used:
            made = f"{made}-{_short_hash(f'{draft.source} {draft.address}')}"
        used.add(f"{draft.locale}/{made}")
        ids[position] = made
    return ids


def _names_locale(part: str, *, locale: str) -> bool:
    return _LANGUAGE_TAG.fullmatch(part) is not None and locale_of_tag(part) == locale


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
