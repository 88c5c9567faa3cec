"""Which shades of a brand colour can be read on the widget: pure arithmetic.

Formulas: relative luminance and contrast ratio as WCAG 2.2 defines them
(https://www.w3.org/TR/WCAG22/#dfn-relative-luminance, #dfn-contrast-ratio).
"""

import re
from collections.abc import Iterator
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass

#: What text needs against its ground: WCAG 2.2, success criterion 1.4.3 (AA).
ENOUGH = 4.5

BLACK, WHITE = (0, 0, 0), (255, 255, 255)

Rgb = tuple[int, int, int]

_COLOUR = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
#: What `--ground` and `--raised` of the widget's style sheet are, light and dark.
LIGHT: tuple[Rgb, ...] = (WHITE, (0xF3, 0xF6, 0xF5))
DARK: tuple[Rgb, ...] = ((0x14, 0x19, 0x1B), (0x1F, 0x26, 0x28))
#: How much of the text's shade tints the ground behind it: `--accent-soft`.
_TINT = 0.12
#: Steps from a colour's lightness to black or white.
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Shades:
    """A brand on one ground, each `#rrggbb`."""

    #: The colour itself: buttons, the head, the customer's own messages.
    brand: str
    #: Text and icons on `brand`: black or white.
    on: str
    #: The colour as text, icon or border on the grounds, and the ground's colour as text on it.
    text: str


@dataclass(frozen=True, slots=True)
class Palette:
    """A brand on the light and on the dark widget."""

    light: Shades
    dark: Shades

    def as_css(self) -> dict[str, str]:
        """Return the custom properties that the widget's style sheet is written with."""
        light, dark = self.light, self.dark
        return {
            "--brand": f"light-dark({light.brand},{dark.brand})",
            "--on-brand": f"light-dark({light.on},{dark.on})",
            "--brand-text": f"light-dark({light.text},{dark.text})",
        }


def palette(colour: str, colour_dark: str | None = None) -> Palette:
    """Return the shades in which a colour (`#rgb` or `#rrggbb`) has at least `ENOUGH` contrast.

    Raises:
        ValueError: one of the two is no such colour.
    """
    light, dark = read_colour(colour), read_colour(colour_dark or colour)
    return Palette(_shades(light, LIGHT, limit=0.0), _shades(dark, DARK, limit=1.0))


def read_colour(text: str) -> Rgb:
    """Return red, green and blue, 0 to 255, of `#rgb` or `#rrggbb`.

    Raises:
        ValueError: it is neither.
    """
    found = _COLOUR.fullmatch(text)
    if found is None:
        raise ValueError(text)
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def ratio(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, 1 (none) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _shades(brand: Rgb, grounds: tuple[Rgb, ...], *, limit: float) -> Shades:
    on = max(BLACK, WHITE, key=lambda text: ratio(brand, text))
    text = next(shade for shade in _towards(brand, limit) if _readable(shade, grounds))
    return Shades(_written(brand), _written(on), _written(text))


def _towards(colour: Rgb, limit: float) -> Iterator[Rgb]:
    """Yield a colour ever darker (limit 0: black) or lighter (1: white), of the same hue."""
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in colour))
    yield colour
    for step in range(1, _STEPS + 1):
        nearer = lightness + (limit - lightness) * step / _STEPS
        red, green, blue = (round(part * 255) for part in hls_to_rgb(hue, nearer, saturation))
        yield red, green, blue


def _readable(text: Rgb, grounds: tuple[Rgb, ...]) -> bool:
    """Tell whether text can be read on the grounds and on its own tint of the first of them."""
    tinted = _mix(grounds[0], text, _TINT)
    return all(ratio(text, ground) >= ENOUGH for ground in (*grounds, tinted))


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _written(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
