"""The one frozen settings object, read once from the environment."""

# ruff: noqa: RUF009 - setting only wraps dataclasses.field

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from typing import Any, Self

from handoff_service.attachments.address import FORM as STORAGE_FORM, check_url
from handoff_service.attachments.kinds import DEFAULT_KINDS, FORM as KINDS_FORM, read_kinds
from handoff_service.durability import Durability
from handoff_service.errors import SettingsError
from handoff_service.mail.server import FORM as SMTP_FORM
from handoff_service.settings_field import SECRETS, Row, count, setting
from handoff_service.settings_forms import (
    read_keys,
    read_level,
    read_mailbox,
    read_name,
    read_origins,
    read_redis_url,
    read_secret,
    read_settings_from,
    read_smtp_url,
    read_sql_url,
    read_switch,
    read_text,
    read_url,
)
from handoff_service.settings_sign_in import SignInSettings, sign_in_problems
from handoff_service.tone import FORM, read_casual_locales
from live_redis.address import FORM as REDIS_FORM

PREFIX = "BATON_"


def _masked(raw: str) -> str:
    return repr(re.sub(r"://[^/@]*@", "://…@", raw))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(SignInSettings):
    """Everything a service process can be told. Each field is BATON_<NAME> in the environment."""

    internal_secret: str = setting(
        read_secret, "16 characters or more", "Opens the operator routes under /internal."
    )
    signing_key: str = setting(
        read_secret, "16 characters or more", "Signs the customers' visitor and session tokens."
    )
    rasa_token: str = setting(
        read_secret, "16 characters or more", "Bearer token that the Rasa channel expects."
    )
    identity_secret: str | None = setting(
        read_keys,
        "32 characters or more, or several as kid:secret kid:secret",
        "Shared with the site's own server, which signs with it who a customer is.",
        default=None,
        shown="(none: customers are anonymous)",
    )
    data_dir: Path = setting(Path, "a folder", "Models, indexes, database.", default=Path("var"))
    kb_dir: Path | None = setting(
        Path, "a folder", "The knowledge base.", default=None, shown="DATA_DIR/kb"
    )
    hours_file: Path | None = setting(
        Path,
        "a file",
        "When people are on duty; without the file: always.",
        default=None,
        shown="data/business_hours.yml",
    )
    routing_file: Path | None = setting(
        Path,
        "a file",
        "Who gets which conversation; without the file: whoever speaks the language.",
        default=None,
        shown="data/routing.yml",
    )
    widget_file: Path | None = setting(
        Path,
        "a file",
        "The websites that show the widget: look, words, identity, questions; without it: one.",
        default=None,
        shown="data/widget.yml",
    )
    proactive_file: Path | None = setting(
        Path,
        "a file",
        "When sites speak to a visitor first, and with which words; without it: never.",
        default=None,
        shown="data/proactive.yml",
    )
    replies_file: Path | None = setting(
        Path,
        "a file",
        "Canned replies and macros; without it: none.",
        default=None,
        shown="data/replies.yml",
    )
    retention_file: Path | None = setting(
        Path,
        "a file",
        "How long each kind of data is kept; without it: for ever.",
        default=None,
        shown="data/retention.yml",
    )
    settings_from: str = setting(
        read_settings_from,
        "console or files",
        "Where hours, routing, sites, first words, replies and the desk's times are kept: what is "
        "saved in the console goes before the files; or the files alone, which the console then "
        "only shows.",
        default="console",
    )
    demo: bool = setting(
        read_switch,
        "on or off",
        "Whether /demo is there: a shop to try, whose customers anybody may play, and the page "
        "that configures the widget.",
        default=False,
        shown="off (`baton up`: on)",
    )
    host: str = setting(read_text, "an address", "Address to listen on.", default="127.0.0.1")
    port: int = count(8080, 0, 65535, "Port to listen on; 0 takes a free one.")
    public_url: str = setting(
        read_url,
        "an http(s) URL",
        "Where browsers reach the service; its origin is the only one that may open sockets.",
        default="http://127.0.0.1:8080",
    )
    allowed_origins: tuple[str, ...] = setting(
        read_origins,
        "origins, separated by spaces",
        "Sites that may show the widget (CSP frame-ancestors).",
        default=(),
    )
    redis_url: str = setting(
        read_redis_url,
        REDIS_FORM,
        "The live store: Redis 7 or Valkey 8 and later, with an append-only file.",
        default="redis://127.0.0.1:6379/0",
    )
    sql_url: str = setting(
        read_sql_url,
        "sqlite+aiosqlite:///FILE or postgresql+asyncpg://…",
        "The history.",
        default="sqlite+aiosqlite:///var/baton.db",
    )
    rasa_url: str = setting(
        read_url, "an http(s) URL", "The dialogue engine.", default="http://127.0.0.1:5005"
    )
    actions_url: str = setting(
        read_url,
        "an http(s) URL",
        "The action server, which is asked for passages to suggest to agents.",
        default="http://127.0.0.1:5055/webhook",
    )
    desk: str = setting(
        read_name, "letters, digits, - and _", "Name of the desk: one queue.", default="main"
    )
    log_level: str = setting(
        read_level, "DEBUG, INFO, WARNING or ERROR", "How much is logged.", default="INFO"
    )
    # Handoff
    offer_timeout_s: int = count(30, 3, 600, "Seconds an agent has to accept an offer.")
    agent_grace_s: int = count(
        20,
        2,
        600,
        "Seconds an agent may be out of touch before conversations go back to the queue.",
    )
    wrap_up_s: int = count(30, 0, 3600, "Seconds between wrap-up and close.")
    idle_close_s: int = count(
        3600, 60, 604800, "Seconds without a word after which a conversation with the bot closes."
    )
    max_wait_s: int = count(
        0,
        0,
        86400,
        "Seconds of waiting above which a customer is offered to leave a message; 0: no limit.",
    )
    abandon_s: int = count(
        120, 10, 86400, "Seconds after which a waiting customer whose tab is closed has left."
    )
    # Bot
    bot_concurrency: int = count(8, 1, 256, "Turns a process sends to Rasa at the same time.")
    bot_claims: int = count(500, 1, 10000, "Conversations a process takes on at most at a time.")
    bot_timeout_s: int = count(15, 1, 120, "Seconds to wait for one answer of Rasa.")
    bot_delay_note_s: int = count(
        5, 1, 60, "Seconds after which a customer is told that the answer is late."
    )
    bot_takeover_s: int = count(
        6, 2, 120, "Seconds of silence after which another process takes over a bot turn."
    )
    # Customers, agents
    max_message_chars: int = count(1000, 100, 4000, "Longest message, in characters.")
    max_frame_bytes: int = count(16384, 4096, 65536, "Longest socket frame, in bytes.")
    messages_per_minute: int = count(60, 1, 6000, "Frames a customer may send a minute.")
    messages_burst: int = count(20, 1, 1000, "Frames a customer may send at once.")
    ip_messages_per_minute: int = count(600, 1, 60000, "Frames one address may send a minute.")
    sessions_per_minute: int = count(60, 1, 6000, "Chat sessions one address may open a minute.")
    logins_per_minute: int = count(10, 1, 600, "Sign-in attempts per address and login a minute.")
    send_buffer: int = count(256, 16, 4096, "Frames kept for a slow socket before it is closed.")
    heartbeat_s: int = count(25, 5, 55, "Seconds between pings on each socket.")
    session_token_s: int = count(3600, 60, 86400, "Life of a customer's session token, seconds.")
    visitor_token_days: int = count(30, 1, 365, "Life of a customer's visitor token, days.")
    agent_session_hours: int = count(12, 1, 168, "Life of an agent's sign-in, hours.")
    tone: frozenset[str] = setting(
        read_casual_locales,
        FORM,
        "How bot and service address customers: «вы» or «ты», 您 or 你, 합니다 or 해요.",
        default=frozenset(),
        shown="formal",
    )
    small_pages: bool = setting(
        read_switch,
        "on or off",
        "Serve pages minified, the widget as one script, what leads to the desk as one module; "
        "off: as written, for debugging.",
        default=True,
        shown="on",
    )
    # Attachments
    attachments_url: str | None = setting(
        check_url,
        STORAGE_FORM,
        "Where files that people attach are kept.",
        default=None,
        shown="DATA_DIR/attachments",
    )
    attachments_key_id: str | None = setting(
        read_text, "a text", "Id of the key that opens the bucket.", default=None, shown="(none)"
    )
    attachments_secret: str | None = setting(
        read_secret,
        "16 characters or more",
        "Secret of that key.",
        default=None,
        shown="(none)",
    )
    attachment_max_mb: int = count(
        10, 0, 100, "Largest file that can be attached, in MB; 0: no files at all."
    )
    attachment_conversation_mb: int = count(
        100, 1, 10000, "What the files of one conversation may have together, in MB."
    )
    attachment_kinds: tuple[str, ...] = setting(
        read_kinds, KINDS_FORM, "Kinds of files that can be attached.", default=DEFAULT_KINDS
    )
    # E-mail
    smtp_url: str | None = setting(
        read_smtp_url,
        SMTP_FORM,
        "The mail server that takes e-mails to customers.",
        default=None,
        shown="(none: no e-mail is sent)",
    )
    mail_from: str | None = setting(
        read_mailbox,
        "an e-mail address, with a name if you like: Shop <help@shop.example>",
        "From whom e-mails come; needed with BATON_SMTP_URL.",
        default=None,
        shown="(none)",
    )
    mail_reply_to: str | None = setting(
        read_mailbox,
        "an e-mail address",
        "Where replies to e-mails go, if not to BATON_MAIL_FROM.",
        default=None,
        shown="(none)",
    )
    mail_settle_s: int = count(
        60,
        0,
        3600,
        "Seconds an answer may wait to be read in the chat before it goes out by e-mail.",
    )
    # Stores
    audit_s: int = count(
        60, 0, 86400, "Seconds between two audits of the desk, which mend what they can; 0: never."
    )
    redis_pool_size: int = count(64, 16, 1000, "Connections to Redis a process may hold.")
    redis_timeout_s: int = count(5, 1, 60, "Seconds to wait for Redis.")
    redis_wait_replicas: int = count(
        0, 0, 10, "Replicas of Redis that must have a write before anybody is told it is safe."
    )
    redis_wait_ms: int = count(
        1000, 1, 30000, "Milliseconds those replicas have; then the sender is told to try again."
    )
    redis_durability: Durability = setting(
        Durability,
        "always, everysec or none",
        "When Redis must have a write on disk; what falls short of it is refused at the start.",
        default=Durability.ALWAYS,
    )
    archive_batch: int = count(200, 1, 5000, "Events written to SQL in one transaction.")
    log_keep_s: int = count(
        600, 10, 86400, "Seconds an archived event stays in the desk's log for slow readers."
    )
    closed_keep_s: int = count(
        3600,
        10,
        604800,
        "Seconds a closed conversation stays in Redis once it is in the history.",
    )
    events_kept: int = count(
        200, 50, 10000, "Latest events of a conversation that stay in Redis, about."
    )

    @property
    def sends_mail(self) -> bool:
        """Whether e-mails can be sent."""
        return self.smtp_url is not None and self.mail_from is not None

    @property
    def kb_path(self) -> Path:
        """Return the folder that holds `current` and `versions` of the knowledge base."""
        return self.kb_dir or self.data_dir / "kb"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read BATON_* names; raise SettingsError that lists every bad or missing one."""
        values: dict[str, Any] = {}
        problems: list[str] = []
        for item in _fields(cls):
            name = PREFIX + item.name.upper()
            raw = environ.get(name, "")
            if not raw:
                if item.default is MISSING:
                    problems.append(f"{name}: missing; expected {item.metadata['form']}")
                continue
            try:
                values[item.name] = item.metadata["parse"](raw)
            except ValueError:
                given = "its value" if item.metadata["parse"] in SECRETS else _masked(raw)
                problems.append(f"{name}: {given} is not {item.metadata['form']}")
        if "smtp_url" in values and "mail_from" not in values:
            problems.append(f"{PREFIX}MAIL_FROM: missing; {PREFIX}SMTP_URL is of no use without it")
        problems += sign_in_problems(values, prefix=PREFIX)
        if problems:
            raise SettingsError(problems)
        return cls(**values)

    @classmethod
    def table(cls) -> list[Row]:
        """Return one row a setting, in order, for the documentation."""
        return [_row(item) for item in _fields(cls)]


def _fields(cls: type[Settings]) -> list[Field[Any]]:
    """Return the settings of the service itself, then those about signing in."""
    inherited = {item.name for item in fields(SignInSettings)}
    return sorted(fields(cls), key=lambda item: item.name in inherited)


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
        secret=item.metadata["parse"] in SECRETS,
    )
