"""However a text is made, reading it takes no longer than its length allows."""

import pytest

from bot.components.languages import identify
from bot.components.parts import take_apart
from bot.components.patterns import Patterns
from bot.components.product_file import read_products

LENGTH = 8000
#: Each makes an expression that tries too much try for ever: then the time-out fails the test.
PIECES = (
    *(" ", "a", "1", ".", "- ", "+7 ", "order ", "a@", "a.", '"a ', "«a ", "error ", "的", "고 "),
    *("ить ", "? ", "A_", "hub ", "hub-", "\n", "xiang", " and", ", ", "@a"),
)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", PIECES)
def test_no_text_keeps_the_bot_busy(piece):
    text = "x" + (piece * LENGTH)[:LENGTH] + "q"

    assert identify(text, "ko") in {"ko", "en", "zh-Hans", "ru"}
    assert len(take_apart(text)) <= 3
    assert all(0 <= found.start < found.end for found in Patterns(read_products()).find(text))
