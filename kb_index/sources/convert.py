"""Converts files and pages of every kind; what was converted before is not converted again."""

from __future__ import annotations

from dataclasses import asdict

from kb_index.sources.html_page import read_html
from kb_index.sources.jsonl_page import read_line
from kb_index.sources.kept import Kept
from kb_index.sources.markdown_page import read_markdown
from kb_index.sources.page import HtmlWishes, Page, Raw, Unusable
from kb_index.sources.pdf_apart import read_pdf_apart

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
        if raw.form == "json":
            return read_line(raw)
        if raw.form == "docx":
            from kb_index.sources.docx_page import read_docx  # only where needed

            return read_docx(raw)
        return read_pdf_apart(raw)
    except RecursionError as error:
        raise Unusable("its elements are nested too deep") from error


def convert_once(raw: Raw, *, wishes: HtmlWishes, kept: Kept) -> Page:
    """Do as `convert` does, or return what it returned for the same bytes."""
    how = repr((_READERS, raw.form, raw.base, raw.charset, asdict(wishes)))
    fields = kept.find_or_make(raw.data, how=how, make=lambda: asdict(convert(raw, wishes=wishes)))
    return Page(**{**fields, "tags": tuple(fields["tags"]), "answers": tuple(fields["answers"])})
