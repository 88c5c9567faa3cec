"""Draws weeks of several quarters as an SVG: one line each order, mean of its seeds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from statistics import fmean

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 300, 46, 34, 30
COLOURS = {"baton": "#1d6fb8", "random": "#9a6a00", "uncertainty": "#6b7280"}


def draw(title: str, lines: Mapping[str, Sequence[Sequence[float]]]) -> str:
    """Return an SVG of shares 0..1 by week.

    Args:
        title: Above it.
        lines: Order → for each seed the value of each week.
    """
    weeks = max(len(seed) for seeds in lines.values() for seed in seeds)
    low = min(value for seeds in lines.values() for seed in seeds for value in seed)
    floor = max(0.0, int(low * 10) / 10)

    def x(week: int) -> float:
        return LEFT + (WIDTH - LEFT - 110) * week / max(1, weeks - 1)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value - floor) / (1 - floor)

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
            f' font-family="system-ui, sans-serif" font-size="12">'
        ),
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18" font-size="14" fill="#111">{escape(title)}</text>',
    ]
    for tenth in range(round(floor * 10), 11, 1):
        at = y(tenth / 10)
        parts += [
            f'<path d="M{LEFT} {at:.1f}H{WIDTH - 110}" stroke="#e5e7eb"/>',
            (
                f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end" fill="#444">'
                f"{tenth * 10} %</text>"
            ),
        ]
    parts += [
        f'<text x="{x(week):.1f}" y="{HEIGHT - 12}" text-anchor="middle" fill="#444">'
        f"{week + 1}</text>"
        for week in range(weeks)
    ]
    for order, seeds in lines.items():
        mean = [fmean(values) for values in zip(*seeds, strict=True)]
        path = " ".join(f"{x(week):.1f},{y(value):.1f}" for week, value in enumerate(mean))
        colour = COLOURS.get(order, "#111")
        parts += [
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>',
            (
                f'<text x="{x(weeks - 1) + 8:.1f}" y="{y(mean[-1]) + 4:.1f}" fill="{colour}">'
                f"{escape(order)} {mean[-1]:.0%}</text>"
            ),
        ]
    return "\n".join([*parts, "</svg>\n"])
