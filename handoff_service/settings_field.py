"""How a setting is declared: its reader, its form, its words."""

from collections.abc import Callable
from dataclasses import MISSING, field
from typing import Any, NamedTuple

from handoff_service.settings_forms import (
    number_between,
    read_keys,
    read_redis_url,
    read_secret,
    read_smtp_url,
    read_sql_url,
)


class Row(NamedTuple):
    """One line of the table of settings."""

    name: str
    default: str
    form: str
    help: str
    secret: bool


#: Values of these are never shown.
SECRETS = (read_secret, read_keys)


def setting(
    parse: Callable[[str], Any], form: str, help: str, *, default: Any = MISSING, shown: str = ""
) -> Any:
    """Return the field of a dataclass that is read by `parse`, which raises ValueError."""
    meta = {"parse": parse, "form": form, "help": help, "shown": shown}
    hidden = parse in {
        *SECRETS,
        read_redis_url,
        read_sql_url,
        read_smtp_url,
    }  # such a URL may hold a password
    return field(default=default, repr=not hidden, metadata=meta)


def count(default: int, low: int, high: int, help: str) -> Any:
    """Return the field of a whole number in a range."""
    return setting(number_between(low, high), f"a whole number {low}…{high}", help, default=default)
