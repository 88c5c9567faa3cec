"""Reads the lines and tables of a PDF in reading order, with the looks that tell headings."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any
from unicodedata import normalize

import pdfplumber
from pdfminer.layout import LAParams, LTChar, LTTextBox, LTTextLine
from pdfminer.pdfdocument import PDFPasswordIncorrect

from kb_index.invisible import strip_invisible
from kb_index.sources.page import Unusable

#: Longer documents are books, which are better published in parts.
MOST_PAGES = 500
#: Share of a page, above and below, in which running titles and page numbers stand.
_MARGIN = 0.08
#: Kangxi radicals and ligatures, which Unicode itself maps to the plain characters.
_LOOKALIKES = re.compile("[\u2f00-\u2fdf\ufb00-\ufb06]")
#: The other radicals, by the same shape (Unicode's EquivalentUnifiedIdeograph), as far as they are
#: characters of daily use.
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; lengths are in points, measured from the top left of its page."""

    text: str
    page: int
    size: float
    bold: bool
    left: float
    right: float
    top: float
    bottom: float
    in_margin: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table drawn with lines; a cell without text is ""."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PdfText:
    """All that a PDF says: what it states of itself, and its lines and tables in order."""

    title: str
    modified: str
    content: tuple[Line | Grid, ...]


def read_pdf_text(data: bytes) -> PdfText:
    """Read a PDF.

    Raises:
        Unusable: it is encrypted, damaged or too long.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each unusual font
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise Unusable(f"it has more than {MOST_PAGES} pages; publish it in parts")
            stated = {str(name): _text(value) for name, value in pdf.metadata.items()}
            content = list(_read_pages(pdf.pages))
    except Unusable:
        raise
    except Exception as error:
        causes = (error, *error.args)  # the parser wraps what happened
        if any(isinstance(one, PDFPasswordIncorrect) for one in causes):
            raise Unusable("it is encrypted; save it without a password") from error
        if any(isinstance(one, MemoryError) for one in causes):
            raise Unusable("it unpacks to far more than a document holds; print it anew") from error
        raise Unusable(f"it is damaged ({type(error).__name__}); print it anew to PDF") from error
    return PdfText(
        title=stated.get("Title", ""),
        modified=stated.get("ModDate", "") or stated.get("CreationDate", ""),
        content=tuple(_without_running_titles(content)),
    )


def _read_pages(pages: list[Any]) -> Iterator[Line | Grid]:
    for number, page in enumerate(pages):
        yield from _read_page(page, number=number)
        page.close()  # frees what the parser keeps of it


def _read_page(page: Any, *, number: int) -> Iterator[Line | Grid]:
    """Yield the lines of a page, and each table in the place of its first line.

    They come in the order in which the page was written, which is the order to read it in: column
    after column, whatever the looks.
    """
    tables = [(table.bbox, Grid(_rows(table))) for table in page.find_tables()]
    waiting = {bbox: grid for bbox, grid in tables if _is_table(grid)}
    framed = tuple(waiting)
    order = {id(letter): place for place, letter in enumerate(page.layout)}
    page.layout.analyze(LAParams(boxes_flow=None))
    lines = [line for box in page.layout if isinstance(box, LTTextBox) for line in list(box)]
    for line in sorted(lines, key=lambda line: min(order.get(id(one), len(order)) for one in line)):
        if not line.get_text().strip():
            continue
        read = _read_line(line, page=number, height=page.height)
        bbox = next((one for one in framed if _holds(one, read)), None)
        if bbox is None:
            yield read
        elif bbox in waiting:
            yield waiting.pop(bbox)


def _read_line(line: LTTextLine, *, page: int, height: float) -> Line:
    letters = [one for one in line if isinstance(one, LTChar) and one.get_text().strip()]
    sizes = Counter(round(one.size * 2) / 2 for one in letters)
    bold = sum(
        1 for one in letters if re.search("bold|black|heavy|semib", one.fontname, re.IGNORECASE)
    )
    top = height - line.y1
    return Line(
        text=_text(re.sub("\u00ad\\s*$", "-", line.get_text())),
        page=page,
        size=sizes.most_common(1)[0][0] if sizes else 0.0,
        bold=bool(letters) and bold >= 0.9 * len(letters),
        left=line.x0,
        right=line.x1,
        top=top,
        bottom=height - line.y0,
        in_margin=not height * _MARGIN < top < height * (1 - _MARGIN),
    )


def _rows(table: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_text(cell or "") for cell in row) for row in table.extract())


def _is_table(grid: Grid) -> bool:
    """Tell a table from a frame drawn around text."""
    return len(grid.rows) > 1 and max(map(len, grid.rows)) > 1


def _holds(bbox: tuple[float, float, float, float], line: Line) -> bool:
    x, y = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    return bbox[0] <= x <= bbox[2] and bbox[1] <= y <= bbox[3]


def _without_running_titles(content: list[Line | Grid]) -> Iterator[Line | Grid]:
    """Leave out page numbers, and lines in the margins that come again page after page."""
    pages = {one.page for one in content if isinstance(one, Line)}
    margin = [one for one in content if isinstance(one, Line) and one.in_margin]
    sizes = [one.size for one in content if isinstance(one, Line)]
    small = 0.85 * median(sizes) if sizes else 0
    repeated = Counter(
        text for text, _ in {(_without_digits(one.text), one.page) for one in margin}
    )
    for one in content:
        if isinstance(one, Line) and one.in_margin:
            times = repeated[_without_digits(one.text)]
            number = re.fullmatch(r"\W*\d{1,4}\W*", one.text)
            if times > max(1, len(pages) / 3) or number or one.size < small:
                continue
        yield one


def _without_digits(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _text(value: object) -> str:
    """Return one line of text, in the characters that people type.

    Some programs write a Chinese character as the radical that looks like it, and f and i as one
    ligature; neither would ever be found.
    """
    seen = strip_invisible(str(value)).translate(_RADICALS)
    return " ".join(_LOOKALIKES.sub(lambda one: normalize("NFKC", one[0]), seen).split())
