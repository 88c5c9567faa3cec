"""Placeholders are filled or shown as gaps; no brace ever goes out."""

import json

from hypothesis import given, strategies as st

from handoff_service.replies.rendering import (
    PLACEHOLDERS,
    render,
    unknown_placeholders,
    values_of,
)

SUMMARY = {
    "conversation_id": "c_1",
    "contact": "kim@example.com",
    "customer": {"name": "Kim", "page": {"title": "Hub\n2", "url": "https://shop.example/hub"}},
    "triage": [
        {"field": "order_number", "answer": "HV-1"}, {"field": "product", "answer": None},
    ],
}  # fmt: skip


def test_what_is_known_is_filled_in_and_what_is_not_is_a_gap():
    values = values_of(SUMMARY, agent_name="Ann", help_url="https://help.example/help/en")

    parts = render(
        "{{customer.name}}, {{ order }} for {{product}}: {{page.title}} {{link}}/x", values
    )

    assert parts == [
        {"text": "Kim, HV-1 for "}, {"gap": "product"},
        {"text": ": Hub 2 https://help.example/help/en/x"},
    ]  # fmt: skip


def test_an_address_that_the_customer_left_serves_where_none_was_signed():
    signed = SUMMARY | {"customer": {"email": "signed@example.com"}}

    assert values_of(SUMMARY, agent_name="", help_url="")["customer.email"] == "kim@example.com"
    assert values_of(signed, agent_name="", help_url="")["customer.email"] == "signed@example.com"
    phone = values_of({"contact": "+82 10 1234 5678"}, agent_name="", help_url="")
    assert "customer.email" not in phone


def test_without_a_conversation_every_placeholder_of_it_is_a_gap():
    for name in PLACEHOLDERS:
        assert render(f"{{{{{name}}}}}", {}) == [{"gap": name}]


@given(st.lists(st.sampled_from(["{{order}}", "{{ link }}", "a", " ", "{x}", "}", "{", "한"])))
def test_no_accepted_text_ever_goes_out_with_double_braces(pieces):
    text = "".join(pieces)
    if [*unknown_placeholders(text)]:
        return

    said = "".join(part.get("text", "") for part in render(text, {"link": "https://x"}))

    assert "{{" not in said
    assert "order" not in json.dumps([part.get("text") for part in render(text, {})])


def test_a_value_with_braces_is_no_placeholder():
    assert render("Hi {{customer.name}}", {"customer.name": "{{order}}"}) == [
        {"text": "Hi {{order}}"}
    ]
