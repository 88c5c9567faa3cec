"""Hands e-mails to the mail server that the setting names, one connection for each."""

import logging
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import Enum
from typing import Self
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    send,
)

from handoff_service.errors import BatonError

logger = logging.getLogger(__name__)

#: What BATON_SMTP_URL may be.
FORM = "smtp://, smtp+starttls:// or smtps://, then [USER:PASSWORD@]HOST[:PORT]"
#: Longest time for one e-mail, in seconds: servers that look for spam take their time.
TIMEOUT_S = 30.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Tls(Enum):
    """How the connection is encrypted; the value is the port where the URL names none."""

    OFFERED = 25  #: STARTTLS where the server offers it
    REQUIRED = 587  #: STARTTLS or nothing
    FROM_THE_START = 465


_TLS = {"smtp": Tls.OFFERED, "smtp+starttls": Tls.REQUIRED, "smtps": Tls.FROM_THE_START}


class MailRefused(BatonError):
    """The server will never take this e-mail for this address."""

    code = "mail_refused"


class MailDelayed(BatonError):
    """The server cannot be reached, or does not take the e-mail now; it may later."""

    code = "mail_delayed"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mails are handed in."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read the URL of the setting; raise ValueError unless it is of the form FORM.

        Who gives a password over `smtp://` to another machine gets STARTTLS required: it never
        travels in the clear.
        """
        parts = urlsplit(url)
        if parts.scheme not in _TLS or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError
        tls = _TLS[parts.scheme]
        port = parts.port or tls.value
        if parts.username and tls is Tls.OFFERED and parts.hostname not in LOOPBACK:
            tls = Tls.REQUIRED
        user, password = (
            unquote(word) if word else None for word in (parts.username, parts.password)
        )
        return cls(parts.hostname, port, tls, user, password)

    async def send(self, message: EmailMessage) -> None:
        """Hand in one e-mail.

        Raises:
            MailRefused: the server refuses sender, address or content for good (SMTP 5xx).
            MailDelayed: everything else, a wrong password included: the setting may be mended.
        """
        try:
            await send(
                message,
                hostname=self.host,
                port=self.port,
                username=self.user,
                password=self.password,
                use_tls=self.tls is Tls.FROM_THE_START,
                start_tls=True if self.tls is Tls.REQUIRED else None,
                timeout=TIMEOUT_S,
            )
        except SMTPRecipientsRefused as error:
            codes = [refused.code for refused in error.recipients]
            if all(code >= 500 for code in codes):
                raise MailRefused(f"the address is refused ({codes[0]})") from error
            raise MailDelayed(f"the address is not taken now ({codes[0]})") from error
        except SMTPSenderRefused as error:
            raise MailDelayed(f"the sender is refused ({error.code}): BATON_MAIL_FROM") from error
        except SMTPResponseException as error:
            kind = MailRefused if error.code in {550, 551, 552, 553, 554} else MailDelayed
            raise kind(f"the server answers {error.code}") from error
        except (SMTPException, OSError, ValueError) as error:
            raise MailDelayed(f"{self.host}:{self.port}: {type(error).__name__}") from error
