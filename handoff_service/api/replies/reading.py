"""Reads replies that come over HTTP with the reader of the file, so that both take the same."""

import re
from collections.abc import Mapping, Sequence

from handoff_service.domain import Json
from handoff_service.live_settings.documents import nodes_of
from handoff_service.refusals import SettingsInvalid
from handoff_service.replies.catalogue import Reply
from handoff_service.replies.file import reply_of
from handoff_service.yaml_nodes import Problem, Unreadable, Unusable

#: What replies and macros are called by.
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def reply_document(
    *, title: str, texts: Mapping[str, str], shortcut: str = "", teams: Sequence[str] = ()
) -> Json:
    """Return a reply as the document of settings has it; empty texts are left out."""
    document: Json = {
        "title": title.strip(),
        "texts": {locale: text.strip() for locale, text in texts.items() if text.strip()},
    }
    if shortcut.strip():
        document["shortcut"] = shortcut.strip().removeprefix("/")
    if teams:
        document["teams"] = [team.strip() for team in teams]
    return document


def check_id(name: str) -> str:
    """Return an id. Raises SettingsInvalid when it is none."""
    if not ID.fullmatch(name):
        problem = f"{name!r} is no id; expected one such as refund or refund-2"
        raise SettingsInvalid((Problem(1, "id", problem),))
    return name


def read_reply(reply_id: str, document: Json) -> Reply:
    """Read a reply. Raises SettingsInvalid with every problem."""
    try:
        return reply_of(nodes_of(document), check_id(reply_id))
    except Unusable as error:
        raise SettingsInvalid(error.problems) from error
    except Unreadable as error:
        raise SettingsInvalid((Problem(1, "", str(error)),)) from error
