"""Quantities of five languages, in units that can be compared."""

import pytest

from learning.suggesting.quantities import quantities, without_numbers

DAY = 86400


@pytest.mark.parametrize(
    ("language", "text", "kind", "low", "high"),
    [
        ("en", "within 14 days", "time", 14 * DAY, 14 * DAY),
        ("en", "two weeks", "time", 14 * DAY, 14 * DAY),
        ("en", "a 30-day window", "time", 30 * DAY, 30 * DAY),
        ("en", "5 to 7 working days", "working_days", 5, 7),
        ("en", "costs €4.99 a month", "euro", 4.99, 4.99),
        ("en", "$1,299", "dollar", 1299, 1299),
        ("en", "on 2.4 GHz only", "hertz", 2.4e9, 2.4e9),
        ("en", "up to 10 devices", "devices", 10, 10),
        ("ru", "в течение 30 дней", "time", 30 * DAY, 30 * DAY),
        ("ru", "от 5 до 7 рабочих дней", "working_days", 5, 7),
        ("ru", "две недели", "time", 14 * DAY, 14 * DAY),
        ("ru", "1 299,50 руб.", "ruble", 1299.5, 1299.5),
        ("zh-Hans", "收货后三十天内", "time", 30 * DAY, 30 * DAY),
        ("zh-Hans", "5 到 7 个工作日", "working_days", 5, 7),
        ("zh-Hans", "百分之20的折扣", "percent", 20, 20),
        ("zh-Hant", "１４ 天內", "time", 14 * DAY, 14 * DAY),
        ("zh-Hant", "最多 6 個成員", "people", 6, 6),
        ("ko", "14일 이내", "time", 14 * DAY, 14 * DAY),
        ("ko", "5~7영업일", "working_days", 5, 7),
        ("ko", "두 시간 동안", "time", 7200, 7200),
        ("ko", "9,900원입니다", "won", 9900, 9900),
    ],
)
def test_a_quantity_is_read(language, text, kind, low, high):
    [found] = quantities(text, language=language)

    assert (found.kind, found.low, found.high) == (kind, pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "order HV-123456, firmware 2.4.1, error E12"),
        ("ko", "11월 23일에 도착했습니다"),
        ("zh-Hans", "2026年11月23日"),
        ("en", "step 3 of the guide"),
        ("en", "one moment please"),
    ],
)
def test_what_is_no_quantity(language, text):
    assert quantities(text, language=language) == []


def test_the_same_in_other_units_agrees_and_ranges_meet():
    def one(text, language):
        [found] = quantities(text, language=language)
        return found

    assert one("14 days", "en").agrees(one("две недели", "ru"))
    assert one("1 month", "en").agrees(one("30일", "ko"))
    assert one("5 to 7 working days", "en").agrees(one("6 个工作日", "zh-Hans"))
    assert not one("14 days", "en").agrees(one("30 дней", "ru"))
    assert without_numbers("within 14 days of it") == without_numbers("within two weeks of it")
