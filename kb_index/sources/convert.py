"""Converts files and pages of every kind; what was converted before is not converted again."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kb_index.sources.html_page import read_html
from kb_index.sources.markdown_page import read_markdown
from kb_index.sources.page import HtmlWishes, Page, Raw, Unusable

#: Raise it when a reader changes, so that nothing converted by the old one is used.
_READERS = 1


def convert(raw: Raw, *, wishes: HtmlWishes) -> Page:
    """Read a file or page by its format.

    Raises:
        Unusable: it cannot be used; the text says why.
    """
    try:
        if raw.form == "html":
            return read_html(raw, wishes=wishes)
        if raw.form == "md":
            return read_markdown(raw)
        if raw.form == "docx":
            from kb_index.sources.docx_page import read_docx  # here and below: only where needed

            return read_docx(raw)
        from kb_index.sources.pdf_page import read_pdf

        return read_pdf(raw)
    except RecursionError as error:
        raise Unusable("its elements are nested too deep") from error


@dataclass(frozen=True, slots=True)
class Converter:
    """Keeps the pages of large files by the hash of their bytes; `folder` None keeps nothing."""

    folder: Path | None

    def convert(self, raw: Raw, *, wishes: HtmlWishes) -> Page:
        """Do as `convert` does, or return what it returned for the same bytes."""
        if self.folder is None or raw.form not in ("pdf", "docx"):
            return convert(raw, wishes=wishes)  # a page of HTML takes no longer than its lookup
        name = hashlib.sha256(f"{_READERS} {raw.form} {raw.address}\n".encode() + raw.data)
        path = self.folder / f"{name.hexdigest()[:40]}.json"
        try:
            page = _page(json.loads(path.read_text(encoding="utf-8")))
            os.utime(path)
            return page
        except (OSError, ValueError, TypeError):
            pass  # not kept, or damaged: convert it
        page = convert(raw, wishes=wishes)
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps(asdict(page), ensure_ascii=False), encoding="utf-8")
        beside.replace(path)
        return page


def _page(fields: dict[str, Any]) -> Page:
    return Page(**{**fields, "tags": tuple(fields["tags"]), "answers": tuple(fields["answers"])})
