"""What in a customer's words says how they can be reached, and what only looks like it."""

import pytest

from handoff_service.contact import asks_for_call, find_contact


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("write to Jane.Doe+x@example.co.uk, please", "Jane.Doe+x@example.co.uk"),
        ("我的信箱是mei@example.org。", "mei@example.org"),
        ("minji@example.org 로 메일 주세요", "minji@example.org"),
        ("позвоните +7 (912) 345-67-89 вечером", "+7 (912) 345-67-89"),
        ("+49 170 1234567", "+49 170 1234567"),
        ("010-1234-5678로 연락 주세요", "010-1234-5678"),
        ("我的电话 138 0013 8000", "138 0013 8000"),
        ("(415) 555-01234", "(415) 555-01234"),
        ("both: me@example.org or +49 170 1234567", "me@example.org"),
        ("my order is HV-123456", None),
        ("order #123456789012", None),
        ("№ 1234567890", None),
        ("error E-417 on 2026-11-22", None),
        ("v2.3.1 since 10:30", None),
        ("12345", None),
        ("serial 1234567890123456", None),
        ("@havelo", None),
        ("", None),
    ],
)
def test_a_contact_is_found_or_not(text, contact):
    assert find_contact(text) == contact


@pytest.mark.parametrize(
    ("contact", "calls"),
    [
        ("+49 170 1234567", True),
        ("555-1234 after six", True),
        ("me@example.org", False),
        ("me12345@example.org", False),
        ("room 12", False),
        ("", False),
    ],
)
def test_a_contact_that_is_a_number_asks_for_a_call(contact, calls):
    assert asks_for_call(contact) is calls
