"""Which questions an agent would ask first, by what the conversation is about."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

#: More questions than this and people give up.
MOST_QUESTIONS = 3
_PRODUCTS = Path(__file__).resolve().parent.parent / "data" / "products.yml"

_FAULT = ("product", "error_text", "history", "version")
_PURCHASE = ("order_number", "email")
_ACCOUNT = ("email",)
_WARRANTY = ("product", "order_number", "history")

#: Topic (intent that the conversation is about) → what to ask, most wanted first; others: nothing.
BY_TOPIC: Mapping[str, tuple[str, ...]] = {
    "technical_issue": _FAULT,
    "ask_setup": _FAULT,
    "ask_network": _FAULT,
    "ask_device": _FAULT,
    "ask_firmware": _FAULT,
    "ask_camera": _FAULT,
    "ask_automation": _FAULT,
    "ask_warranty": _WARRANTY,
    "ask_order": _PURCHASE,
    "ask_billing": _PURCHASE,
    "ask_refund": _PURCHASE,
    "ask_return": _PURCHASE,
    "ask_subscription": _ACCOUNT,
    "ask_account": _ACCOUNT,
    "ask_password": _ACCOUNT,
}
#: One question for two facts, asked while both are open; with one known only the other is asked.
COMBINED: Mapping[str, tuple[str, ...]] = {"history": ("since_when", "tried_steps")}
#: Asked whatever the topic when nobody is on duty: without it nobody could answer.
CONTACT = "contact"
#: Everything that may be asked: slots and form carry the same names.
FIELDS = (
    "product", "error_text", "history", "since_when", "tried_steps", "version",
    "order_number", "email", CONTACT,
)  # fmt: skip


def next_question(
    answers: Mapping[str, str | None], asked: list[str], *, topic: str, on_duty: bool
) -> str | None:
    """Return the field to ask for next; None when all is known or enough was asked.

    Args:
        answers: What is known, by field.
        asked: Fields asked for so far.
        topic: What the conversation is about.
        on_duty: Whether an agent is online. If not, the last question is kept for the contact.
    """
    if len(asked) >= MOST_QUESTIONS:
        return None
    wants_contact = not on_duty and CONTACT not in asked and is_open(answers, CONTACT)
    if wants_contact and len(asked) == MOST_QUESTIONS - 1:
        return CONTACT
    for wanted in BY_TOPIC.get(topic, ()):
        if wanted == "email" and not on_duty:
            continue  # the contact says as much
        field = _still_open(wanted, answers, asked)
        if field:
            return field
    return CONTACT if wants_contact else None


def is_open(answers: Mapping[str, str | None], field: str) -> bool:
    """Tell whether an agent would still have to ask."""
    answer = answers.get(field)
    if field == CONTACT and answers.get("email"):
        return False
    return not answer or (field == "product" and answer in unspecific_products())


@cache
def unspecific_products() -> frozenset[str]:
    """Return the products whose names say too little: kept only if the customer says no more."""
    if not _PRODUCTS.exists():
        return frozenset()
    products = yaml.safe_load(_PRODUCTS.read_text("utf-8"))["products"]
    return frozenset(product["name"] for product in products if product.get("unspecific"))


def _still_open(wanted: str, answers: Mapping[str, str | None], asked: list[str]) -> str | None:
    """Return the question to put for what is wanted: of a combined one, perhaps only a part."""
    if wanted in asked or not is_open(answers, wanted):
        return None
    parts = COMBINED.get(wanted, (wanted,))
    missing = [part for part in parts if is_open(answers, part)]
    if len(parts) > 1 and len(missing) == len(parts):
        return wanted
    return next((part for part in missing if part not in asked), None)
