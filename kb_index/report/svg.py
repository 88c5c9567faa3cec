"""Draws plots of shares as SVG text; their colours come from the page's style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup, escape

#: Size of a drawing and of the margins around the plot in it, in its own units.
WIDTH, HEIGHT = 420, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 22, 14, 48

Point = tuple[float, float]


@dataclass(slots=True)
class Plot:
    """A plot of two axes that begin at 0; what is added later lies on top.

    `title` and `about` are read to those who cannot see it. `x_end` and `y_end` are the axes'
    highest values; a value above stands at the edge.
    """

    title: str
    about: str
    x_label: str
    y_label: str
    x_end: float = 1.0
    y_end: float = 1.0
    percent: bool = True
    _parts: list[Markup] = field(default_factory=list)

    def line(self, points: Sequence[Point], style: str) -> None:
        """Join points, given in the units of the axes, by straight lines."""
        places = " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in points)
        self._add('<polyline class="{}" points="{}"/>', style, places)

    def dots(self, points: Sequence[Point], style: str, tips: Sequence[str]) -> None:
        """Draw a dot with a tip at each point."""
        for (x, y), tip in zip(points, tips, strict=True):
            self._add(
                '<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="4"><title>{}</title></circle>',
                style, self._x(x), self._y(y), tip,
            )  # fmt: skip

    def bar(self, start: float, end: float, height: float, style: str, *, base: float = 0) -> None:
        """Draw a bar between two places of the x axis, from `base` on."""
        x, width = self._x(start), self._x(end) - self._x(start)
        y, tall = self._y(base + height), self._y(base) - self._y(base + height)
        self._add(
            '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>',
            style, x, y, width, tall,
        )  # fmt: skip

    def upright(self, x: float, label: str) -> None:
        """Draw a dashed line at a place of the x axis and write beside it."""
        place = self._x(x)
        left = place > (LEFT + WIDTH - RIGHT) / 2
        anchor, shift = ("end", -5) if left else ("start", 5)
        self._add(
            '<path class="mark" d="M{} {}V{}"/><text class="note" text-anchor="{}" x="{}" y="{}">'
            "{}</text>",
            f"{place:.1f}", TOP, HEIGHT - BOTTOM, anchor, f"{place + shift:.1f}", TOP + 11, label,
        )  # fmt: skip

    def render(self) -> Markup:
        """Return the drawing."""
        head = Markup(
            '<svg viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title><desc>{}</desc>'
        ).format(WIDTH, HEIGHT, self.title, self.title, self.about)
        return Markup("").join([head, self._axes(), *self._parts, Markup("</svg>")])

    def _axes(self) -> Markup:
        parts = []
        for number in range(5):
            share = number / 4
            x, y = self._x(share * self.x_end), self._y(share * self.y_end)
            parts.append(
                Markup(
                    '<path class="grid" d="M{} {:.1f}H{}"/>'
                    '<text class="tick" text-anchor="end" x="{}" y="{:.1f}">{}</text>'
                    '<text class="tick" text-anchor="middle" x="{:.1f}" y="{}">{}</text>'
                ).format(
                    LEFT, y, WIDTH - RIGHT,
                    LEFT - 6, y + 4, self._tick(share * self.y_end),
                    x, HEIGHT - BOTTOM + 16, f"{share * self.x_end:.0%}",
                )
            )  # fmt: skip
        middle_x = (LEFT + WIDTH - RIGHT) / 2
        middle_y = (TOP + HEIGHT - BOTTOM) / 2
        parts.append(
            Markup(
                '<text class="axis" text-anchor="middle" x="{}" y="{}">{}</text>'
                '<text class="axis" text-anchor="middle" transform="translate(13 {}) rotate(-90)">'
                "{}</text>"
            ).format(middle_x, HEIGHT - 10, self.x_label, middle_y, self.y_label)
        )
        return Markup("").join(parts)

    def _tick(self, value: float) -> str:
        return f"{value:.0%}" if self.percent else f"{value:g}"

    def _add(self, template: str, *values: object) -> None:
        self._parts.append(Markup(template).format(*values))  # noqa: S704 - literals of this file

    def _x(self, value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(value / self.x_end, 1)

    def _y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(value / self.y_end, 1)


def legend(entries: Sequence[tuple[str, str]]) -> Markup:
    """Return what the styles mean, as (style, meaning), to stand under a plot."""
    items = (
        Markup('<li><i class="{}"></i>{}</li>').format(style, escape(text))
        for style, text in entries
    )
    return Markup('<ul class="legend">{}</ul>').format(Markup("").join(items))
