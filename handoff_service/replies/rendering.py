"""Fills the placeholders of a canned reply; what is not known becomes a gap for the agent. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from handoff_service.domain import Json

#: What a text may name in double braces, and where its value comes from.
PLACEHOLDERS: Mapping[str, str] = {
    "customer.name": "as the site signed it",
    "customer.email": "as the site signed it, else the contact the customer left",
    "agent.name": "who writes",
    "order": "number of the order, as the customer said it",
    "product": "as the customer said it",
    "page.title": "of the page where the customer wrote",
    "page.url": "of the page where the customer wrote",
    "link": "address of the help pages in the language of the text",
    "reference": "the conversation's number",
}

Part: TypeAlias = Json
"""{"text": …} or {"gap": name of a placeholder without a value}."""

_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def unknown_placeholders(text: str) -> Iterator[str]:
    """Yield what a text names that is no placeholder, and braces that close nothing."""
    for found in _PLACEHOLDER.finditer(text):
        if found[1] not in PLACEHOLDERS:
            yield found[0]
    if "{{" in _PLACEHOLDER.sub("", text) or "}}" in _PLACEHOLDER.sub("", text):
        yield "{{ or }} alone"


def render(text: str, values: Mapping[str, str]) -> list[Part]:
    """Return the text in parts; never a brace: a name without a value is a gap."""
    parts: list[Part] = []
    at = 0
    for found in _PLACEHOLDER.finditer(text):
        _say(parts, text[at : found.start()])
        value = values.get(found[1], "")
        if value:
            _say(parts, value)
        else:
            parts.append({"gap": found[1]})
        at = found.end()
    _say(parts, text[at:])
    return parts


def values_of(summary: Json, *, agent_name: str, help_url: str) -> dict[str, str]:
    """Return the value of each placeholder that is known of a conversation.

    Args:
        summary: The conversation as `Summary.to_json` or the history writes it; {}: none.
        agent_name: Who writes.
        help_url: The help pages, in the language of the text.
    """
    customer: Json = summary.get("customer") or {}
    page: Json = customer.get("page") or summary.get("page") or {}
    told = {one.get("field"): one.get("answer") for one in summary.get("triage") or []}
    contact = summary.get("contact") or ""
    known = {
        "customer.name": customer.get("name"),
        "customer.email": customer.get("email") or (contact if "@" in contact else None),
        "agent.name": agent_name,
        "order": told.get("order_number"),
        "product": told.get("product"),
        "page.title": page.get("title"),
        "page.url": page.get("url"),
        "link": help_url,
        "reference": summary.get("conversation_id"),
    }
    # A value never brings a line break: it stands in the middle of a sentence.
    return {name: " ".join(str(value).split()) for name, value in known.items() if value}


def _say(parts: list[Part], text: str) -> None:
    """Add words, to those before if the part before is words."""
    if not text:
        return
    if parts and "text" in parts[-1]:
        parts[-1] = {"text": parts[-1]["text"] + text}
    else:
        parts.append({"text": text})
