"""The one frozen settings object, read once from the environment."""

# ruff: noqa: RUF009 - _setting only wraps dataclasses.field

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from handoff_service.durability import Durability
from handoff_service.errors import SettingsError
from handoff_service.tone import FORM, read_casual_locales
from live_redis.address import FORM as REDIS_FORM, read_address

PREFIX = "BATON_"
#: A shorter secret can be guessed or was typed by hand; the launcher makes 32 random bytes.
SECRET_MIN_CHARS = 16
#: What RFC 7518 (3.2) asks of a key for HS256: as many bytes as the hash has.
KEY_MIN_CHARS = 32


class Row(NamedTuple):
    """One line of the table of settings."""

    name: str
    default: str
    form: str
    help: str
    secret: bool


def _text(raw: str) -> str:
    if not raw.strip():
        raise ValueError
    return raw.strip()


def _name(raw: str) -> str:
    if not raw or not raw.replace("-", "").replace("_", "").isalnum() or len(raw) > 40:
        raise ValueError
    return raw


def _url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError
    return raw.rstrip("/")


def _redis_url(raw: str) -> str:
    read_address(raw)
    return raw


def _sql_url(raw: str) -> str:
    if not raw.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
        raise ValueError
    return raw


def _origins(raw: str) -> tuple[str, ...]:
    return tuple(_url(item) for item in raw.replace(",", " ").split())


def _level(raw: str) -> str:
    if raw.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError
    return raw.upper()


def _secret(raw: str) -> str:
    if len(raw) < SECRET_MIN_CHARS:
        raise ValueError
    return raw


def _key(raw: str) -> str:
    if len(raw) < KEY_MIN_CHARS:
        raise ValueError
    return raw


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        if not low <= (value := int(raw)) <= high:
            raise ValueError
        return value

    return parse


#: Values of these are never shown.
_SECRETS = (_secret, _key)


def _setting(
    parse: Callable[[str], Any], form: str, help: str, *, default: Any = MISSING, shown: str = ""
) -> Any:
    meta = {"parse": parse, "form": form, "help": help, "shown": shown}
    hidden = parse in {*_SECRETS, _redis_url, _sql_url}  # such a URL may hold a password
    return field(default=default, repr=not hidden, metadata=meta)


def _masked(raw: str) -> str:
    return repr(re.sub(r"://[^/@]*@", "://…@", raw))


def _count(default: int, low: int, high: int, help: str) -> Any:
    return _setting(_number(low, high), f"a whole number {low}…{high}", help, default=default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a service process can be told. Each field is BATON_<NAME> in the environment."""

    internal_secret: str = _setting(
        _secret, "16 characters or more", "Opens the operator routes under /internal."
    )
    signing_key: str = _setting(
        _secret, "16 characters or more", "Signs the customers' visitor and session tokens."
    )
    rasa_token: str = _setting(
        _secret, "16 characters or more", "Bearer token that the Rasa channel expects."
    )
    identity_secret: str | None = _setting(
        _key,
        "32 characters or more",
        "Shared with the site's own server, which signs with it who a customer is.",
        default=None,
        shown="(none: customers are anonymous)",
    )
    data_dir: Path = _setting(Path, "a folder", "Models, indexes, database.", default=Path("var"))
    kb_dir: Path | None = _setting(
        Path, "a folder", "The knowledge base.", default=None, shown="DATA_DIR/kb"
    )
    hours_file: Path | None = _setting(
        Path,
        "a file",
        "When people are on duty; without the file: always.",
        default=None,
        shown="data/business_hours.yml",
    )
    routing_file: Path | None = _setting(
        Path,
        "a file",
        "Who gets which conversation; without the file: whoever speaks the language.",
        default=None,
        shown="data/routing.yml",
    )
    host: str = _setting(_text, "an address", "Address to listen on.", default="127.0.0.1")
    port: int = _count(8080, 0, 65535, "Port to listen on; 0 takes a free one.")
    public_url: str = _setting(
        _url,
        "an http(s) URL",
        "Where browsers reach the service; its origin is the only one that may open sockets.",
        default="http://127.0.0.1:8080",
    )
    allowed_origins: tuple[str, ...] = _setting(
        _origins,
        "origins, separated by spaces",
        "Sites that may show the widget (CSP frame-ancestors).",
        default=(),
    )
    redis_url: str = _setting(
        _redis_url,
        REDIS_FORM,
        "The live store: Redis 7 or Valkey 8 and later, with an append-only file.",
        default="redis://127.0.0.1:6379/0",
    )
    sql_url: str = _setting(
        _sql_url,
        "sqlite+aiosqlite:///FILE or postgresql+asyncpg://…",
        "The history.",
        default="sqlite+aiosqlite:///var/baton.db",
    )
    rasa_url: str = _setting(
        _url, "an http(s) URL", "The dialogue engine.", default="http://127.0.0.1:5005"
    )
    desk: str = _setting(
        _name, "letters, digits, - and _", "Name of the desk: one queue.", default="main"
    )
    log_level: str = _setting(
        _level, "DEBUG, INFO, WARNING or ERROR", "How much is logged.", default="INFO"
    )
    # Handoff
    offer_timeout_s: int = _count(30, 3, 600, "Seconds an agent has to accept an offer.")
    agent_grace_s: int = _count(
        20,
        2,
        600,
        "Seconds an agent may be out of touch before conversations go back to the queue.",
    )
    wrap_up_s: int = _count(30, 0, 3600, "Seconds between wrap-up and close.")
    idle_close_s: int = _count(
        3600, 60, 604800, "Seconds without a word after which a conversation with the bot closes."
    )
    max_wait_s: int = _count(
        0,
        0,
        86400,
        "Seconds of waiting above which a customer is offered to leave a message; 0: no limit.",
    )
    abandon_s: int = _count(
        120, 10, 86400, "Seconds after which a waiting customer whose tab is closed has left."
    )
    # Bot
    bot_concurrency: int = _count(8, 1, 256, "Turns a process sends to Rasa at the same time.")
    bot_claims: int = _count(500, 1, 10000, "Conversations a process takes on at most at a time.")
    bot_timeout_s: int = _count(15, 1, 120, "Seconds to wait for one answer of Rasa.")
    bot_delay_note_s: int = _count(
        5, 1, 60, "Seconds after which a customer is told that the answer is late."
    )
    bot_takeover_s: int = _count(
        6, 2, 120, "Seconds of silence after which another process takes over a bot turn."
    )
    # Customers, agents
    max_message_chars: int = _count(1000, 100, 4000, "Longest message, in characters.")
    max_frame_bytes: int = _count(16384, 4096, 65536, "Longest socket frame, in bytes.")
    messages_per_minute: int = _count(60, 1, 6000, "Frames a customer may send a minute.")
    messages_burst: int = _count(20, 1, 1000, "Frames a customer may send at once.")
    ip_messages_per_minute: int = _count(600, 1, 60000, "Frames one address may send a minute.")
    sessions_per_minute: int = _count(60, 1, 6000, "Chat sessions one address may open a minute.")
    logins_per_minute: int = _count(10, 1, 600, "Sign-in attempts per address and login a minute.")
    send_buffer: int = _count(256, 16, 4096, "Frames kept for a slow socket before it is closed.")
    heartbeat_s: int = _count(25, 5, 55, "Seconds between pings on each socket.")
    session_token_s: int = _count(3600, 60, 86400, "Life of a customer's session token, seconds.")
    visitor_token_days: int = _count(30, 1, 365, "Life of a customer's visitor token, days.")
    agent_session_hours: int = _count(12, 1, 168, "Life of an agent's sign-in, hours.")
    tone: frozenset[str] = _setting(
        read_casual_locales,
        FORM,
        "How bot and service address customers: «вы» or «ты», 您 or 你, 합니다 or 해요.",
        default=frozenset(),
        shown="formal",
    )
    # Stores
    audit_s: int = _count(
        60, 0, 86400, "Seconds between two audits of the desk, which mend what they can; 0: never."
    )
    redis_pool_size: int = _count(64, 16, 1000, "Connections to Redis a process may hold.")
    redis_timeout_s: int = _count(5, 1, 60, "Seconds to wait for Redis.")
    redis_wait_replicas: int = _count(
        0, 0, 10, "Replicas of Redis that must have a write before anybody is told it is safe."
    )
    redis_wait_ms: int = _count(
        1000, 1, 30000, "Milliseconds those replicas have; then the sender is told to try again."
    )
    redis_durability: Durability = _setting(
        Durability,
        "always, everysec or none",
        "When Redis must have a write on disk; what falls short of it is refused at the start.",
        default=Durability.ALWAYS,
    )
    archive_batch: int = _count(200, 1, 5000, "Events written to SQL in one transaction.")
    log_keep_s: int = _count(
        600, 10, 86400, "Seconds an archived event stays in the desk's log for slow readers."
    )
    closed_keep_s: int = _count(
        3600,
        10,
        604800,
        "Seconds a closed conversation stays in Redis once it is in the history.",
    )
    events_kept: int = _count(
        200, 50, 10000, "Latest events of a conversation that stay in Redis, about."
    )

    @property
    def kb_path(self) -> Path:
        """Return the folder that holds `current` and `versions` of the knowledge base."""
        return self.kb_dir or self.data_dir / "kb"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read BATON_* names; raise SettingsError that lists every bad or missing one."""
        values: dict[str, Any] = {}
        problems: list[str] = []
        for item in fields(cls):
            name = PREFIX + item.name.upper()
            raw = environ.get(name, "")
            if not raw:
                if item.default is MISSING:
                    problems.append(f"{name}: missing; expected {item.metadata['form']}")
                continue
            try:
                values[item.name] = item.metadata["parse"](raw)
            except ValueError:
                given = "its value" if item.metadata["parse"] in _SECRETS else _masked(raw)
                problems.append(f"{name}: {given} is not {item.metadata['form']}")
        if problems:
            raise SettingsError(problems)
        return cls(**values)

    @classmethod
    def table(cls) -> list[Row]:
        """Return one row a setting, in order, for the documentation."""
        return [_row(item) for item in fields(cls)]


def _row(item: Field[Any]) -> Row:
    if item.default is MISSING:
        default = "(required)"
    elif item.metadata["shown"]:
        default = item.metadata["shown"]
    else:
        default = " ".join(item.default) if isinstance(item.default, tuple) else str(item.default)
    return Row(
        PREFIX + item.name.upper(),
        default,
        item.metadata["form"],
        item.metadata["help"],
        secret=item.metadata["parse"] in _SECRETS,
    )
