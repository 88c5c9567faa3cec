"""Makes the tables of a page fit for Markdown: plain rows of equally many one-line cells."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

#: A cell claims at most so many columns or rows; more is a mistake or an attack.
_WIDEST = 50
#: What no cell of a Markdown table can hold.
_BLOCKS = ("table", "h1", "h2", "h3", "h4", "h5", "h6")


def square_tables(root: Tag) -> None:
    """Fill in cells that span several rows or columns; open tables that only lay out a page."""
    for table in root.find_all("table"):
        if _is_layout(table):
            for part in table.find_all(["tr", "td", "th"]):
                part.name = "div"
            for part in [*table.find_all(["thead", "tbody", "tfoot", "colgroup"]), table]:
                part.unwrap()
        else:
            _square(table)


def _is_layout(table: Tag) -> bool:
    rows = [row.find_all(["td", "th"], recursive=False) for row in table.find_all("tr")]
    return (
        table.get("role") in ("presentation", "none")
        or table.find(_BLOCKS) is not None
        or max(map(len, rows), default=0) < 2
    )


def _square(table: Tag) -> None:
    """Write the table anew: the first row of it is the header, as Markdown wants one."""
    grid = _read_grid(table)
    width = max(map(len, grid))
    marked = table.find("th") is not None
    caption = table.find("caption")
    made = BeautifulSoup("<table></table>", "lxml").table
    assert isinstance(made, Tag)  # noqa: S101 - as parsed above
    empty: list[Tag | None] = [None] * width
    rows = grid if marked else [empty, *grid]
    for number, cells in enumerate(rows):
        row = Tag(name="tr")
        for cell in [*cells, *empty[len(cells) :]]:
            copied = Tag(name="td" if number else "th")
            if cell is not None:
                copied.extend(cell.__copy__().contents)
            row.append(copied)
        made.append(row)
    if isinstance(caption, Tag):
        caption.name = "p"
        table.insert_before(caption.extract())
    table.replace_with(made)


def _read_grid(table: Tag) -> list[list[Tag | None]]:
    """Return the cells by row and column; a cell over several rows stands in each of them."""
    grid: list[list[Tag | None]] = []
    hanging: dict[int, tuple[Tag, int]] = {}  # column: cell, rows still to fill
    for row in table.find_all("tr"):
        cells: list[Tag | None] = []
        for cell in row.find_all(["td", "th"], recursive=False):
            _fill_hanging(cells, hanging)
            span = _span(cell, "rowspan")
            if span > 1:
                hanging[len(cells)] = (cell, span - 1)
            cells.append(cell)
            cells.extend([None] * (_span(cell, "colspan") - 1))
        _fill_hanging(cells, hanging)
        if cells:
            grid.append(cells)
    return grid


def _fill_hanging(cells: list[Tag | None], hanging: dict[int, tuple[Tag, int]]) -> None:
    while len(cells) in hanging:
        cell, left = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (cell, left - 1)
        cells.append(cell)


def _span(cell: Tag, name: str) -> int:
    stated = str(cell.get(name) or "")
    return min(_WIDEST, max(1, int(stated))) if stated.isdecimal() else 1
