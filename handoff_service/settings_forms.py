"""How each kind of setting is written: readers that raise ValueError for what has another form."""

from collections.abc import Callable
from email.utils import parseaddr
from urllib.parse import urlsplit

from handoff_service.contact import is_email
from handoff_service.identity_keys import IdentityKeys
from handoff_service.mail.server import MailServer
from live_redis.address import read_address

#: A shorter secret can be guessed or was typed by hand; the launcher makes 32 random bytes.
SECRET_MIN_CHARS = 16


def read_text(raw: str) -> str:
    """Return text without the space around it."""
    if not raw.strip():
        raise ValueError
    return raw.strip()


def read_name(raw: str) -> str:
    """Return a short name of letters, digits, - and _."""
    if not raw or not raw.replace("-", "").replace("_", "").isalnum() or len(raw) > 40:
        raise ValueError
    return raw


def read_url(raw: str) -> str:
    """Return an http(s) address without its last slash."""
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError
    return raw.rstrip("/")


def read_redis_url(raw: str) -> str:
    """Return the address of a Redis that can be read."""
    read_address(raw)
    return raw


def read_sql_url(raw: str) -> str:
    """Return the address of a database of a kind that is supported."""
    if not raw.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError
    return raw


def read_smtp_url(raw: str) -> str:
    """Return the address of a mail server that can be read."""
    MailServer.parse(raw)
    return raw


def read_mailbox(raw: str) -> str:
    """Return who sends e-mails: an address, perhaps with a name."""
    address = parseaddr(raw)[1]
    if not is_email(address) or not raw.isprintable():
        raise ValueError
    return raw.strip()


def read_origins(raw: str) -> tuple[str, ...]:
    """Return the origins in a list of them."""
    return tuple(read_url(item) for item in raw.replace(",", " ").split())


def read_level(raw: str) -> str:
    """Return the name of a level of logging."""
    if raw.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError
    return raw.upper()


def read_secret(raw: str) -> str:
    """Return a secret that is long enough."""
    if len(raw) < SECRET_MIN_CHARS:
        raise ValueError
    return raw


def read_keys(raw: str) -> str:
    """Return secrets for identities that can be read."""
    IdentityKeys.parse(raw)
    return raw


def read_settings_from(text: str) -> str:
    """Return where settings are kept. Raises ValueError."""
    if text not in {"console", "files"}:
        raise ValueError
    return text


def read_switch(raw: str) -> bool:
    """Return whether something is on."""
    if raw not in {"on", "off"}:
        raise ValueError
    return raw == "on"


def number_between(low: int, high: int) -> Callable[[str], int]:
    """Make the reader of whole numbers of this range."""

    def parse(raw: str) -> int:
        if not low <= (value := int(raw)) <= high:
            raise ValueError
        return value

    return parse
