"""A brand colour, whatever it is, can be read on the widget."""

import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from handoff_service.contrast import BLACK, ENOUGH, WHITE, palette, ratio, read_colour
from handoff_service.sites import BUILT_IN

WEB = Path(__file__).parents[2] / "handoff_service" / "web"

#: The style sheet of the pages, which the arithmetic must be about.
CSS = (WEB / "shared" / "theme.css").read_text("utf-8")
TINT = int(re.search(r"--accent-soft: color-mix\(in srgb, var\(--accent\) (\d+)%", CSS)[1]) / 100
#: Light and dark, each the ground and the raised ground.
GROUNDS = list(
    zip(
        *(
            [
                read_colour(c)
                for c in re.search(rf"--{name}: light-dark\((.+), (.+)\);", CSS).groups()
            ]
            for name in ("ground", "raised")
        ),
        strict=True,
    )
)

colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb))


def test_the_formula_is_that_of_wcag():
    grey = read_colour("#767676")  # the lightest grey that passes on white, as is well known

    assert ratio(BLACK, WHITE) == pytest.approx(21)
    assert ratio(WHITE, WHITE) == 1
    assert ratio(grey, WHITE) == pytest.approx(4.54, abs=0.005)
    assert ratio(read_colour("#777"), WHITE) < ENOUGH


@given(colour=colours, colour_dark=st.none() | colours)
def test_no_colour_breaks_the_promise(colour, colour_dark):
    found = palette(colour, colour_dark)

    for shades, (ground, raised) in zip((found.light, found.dark), GROUNDS, strict=True):
        text = read_colour(shades.text)
        soft = tuple(round(g + (t - g) * TINT) for g, t in zip(ground, text, strict=True))
        assert ratio(read_colour(shades.on), read_colour(shades.brand)) >= ENOUGH
        assert all(ratio(text, under) >= ENOUGH for under in (ground, raised, soft))


def test_the_built_in_colours_are_those_of_the_style_sheet_and_keep_the_promise():
    written = dict(re.findall(r"--(brand|brand-text): light-dark\((#\w+, #\w+)\)", CSS))

    light, dark = BUILT_IN.light, BUILT_IN.dark
    assert written == {
        "brand": f"{light.brand}, {dark.brand}",
        "brand-text": f"{light.text}, {dark.text}",
    }
    for shades, (ground, raised) in zip((light, dark), GROUNDS, strict=True):
        assert ratio(read_colour(shades.on), read_colour(shades.brand)) >= ENOUGH
        assert all(ratio(read_colour(shades.text), under) >= ENOUGH for under in (ground, raised))


@pytest.mark.parametrize("colour", ["#0b6e5f", "#085a4e"])
def test_a_colour_that_is_readable_as_it_is_stays_as_it_is(colour):
    assert palette(colour).light.text == palette(colour).light.brand == colour


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345", "0b6e5f", "#0b6e5g", "#0b6e5f "])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        palette(text)
