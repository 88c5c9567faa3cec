"""Takes lines out of training files and articles, and nothing else changes. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

import yaml

#: The line above the phrases of one intent and language.
_PHRASES = re.compile(r"\s*examples:\s*[|>][-+]?\s*")
_KEY_OF_LIST = re.compile(r"answers:\s*")
_FLOW_LIST = re.compile(r"answers:\s*(\[.*\])\s*")
_ENTRY = re.compile(r"(\s*)- intent:")


def without_items(text: str, gone: Collection[str]) -> tuple[str, int]:
    """Return a text without the list items that say one of these, and how many went.

    An entry of phrases, or a list of pinned questions, that is left without any goes, too: Rasa
    and the index take none that is empty.
    """
    lines = text.splitlines(keepends=True)
    kept = [line for line in lines if not _says(line, gone)]
    count = len(lines) - len(kept)
    if count:
        kept = _without_empty(kept)
    for number, line in enumerate(kept):
        if match := _FLOW_LIST.fullmatch(line):
            listed, lost = _without_listed(match[1], gone)
            count += lost
            if lost:
                kept[number] = f"answers: {listed}{line[len(line.rstrip()) :]}"
    return "".join(kept), count


def _says(line: str, gone: Collection[str]) -> bool:
    stripped = line.strip()
    if not stripped.startswith("- "):
        return False
    raw = stripped[2:].strip()
    if raw in gone:
        return True
    if raw[:1] not in "\"'":
        return False
    try:
        return yaml.safe_load(raw) in gone
    except yaml.YAMLError:
        return False


def _without_listed(flow: str, gone: Collection[str]) -> tuple[str, int]:
    try:
        items = yaml.safe_load(flow)
    except yaml.YAMLError:
        return flow, 0
    left = [item for item in items if item not in gone]
    written = yaml.safe_dump(left, default_flow_style=True, allow_unicode=True, width=10**9)
    return written.strip(), len(items) - len(left)


def _without_empty(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for number, line in enumerate(lines):
        following = next((each for each in lines[number + 1 :] if each.strip()), "")
        if _PHRASES.fullmatch(line.rstrip("\r\n")) and not _is_below(following, line):
            while kept and not _ENTRY.match(kept.pop()):
                pass
        elif _KEY_OF_LIST.fullmatch(line.rstrip("\r\n")) and not following.lstrip().startswith(
            "- "
        ):
            continue
        else:
            kept.append(line)
    return kept


def _is_below(following: str, key: str) -> bool:
    return len(following) - len(following.lstrip()) > len(key) - len(key.lstrip())


def split_provenance(
    text: str, conversation_ids: Collection[str]
) -> tuple[str, list[dict[str, Any]]]:
    """Part a side file: what stays, and the entries that came of these conversations.

    A line that is no JSON object stays.
    """
    kept: list[str] = []
    theirs: list[dict[str, Any]] = []
    for line in text.splitlines(keepends=True):
        entry = _entry(line)
        named = [entry.get("conversation_id"), *_listed(entry.get("conversation_ids"))]
        if any(name in conversation_ids for name in named if isinstance(name, str)):
            theirs.append(entry)
        else:
            kept.append(line)
    return "".join(kept), theirs


def _entry(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
