"""Sends the links by which people join or choose a new password."""

import asyncio
import secrets
from typing import Literal

from handoff_service.archive.invitations import INVITE, Link
from handoff_service.contact import is_email
from handoff_service.document import Document, Part
from handoff_service.mail.letter import letter
from handoff_service.mail.server import MailDelayed, MailRefused, MailServer
from handoff_service.services import Services

Problem = Literal["", "no_address", "mail_off", "mail_refused", "mail_delayed"]

#: The admin waits for the answer; after this long they pass the link on themselves. Seconds.
PATIENCE_S = 8.0


def address_of_link(services: Services, link: Link) -> str:
    """Return what a person opens; what follows the # reaches no server and no log of one."""
    return f"{services.settings.public_url}/console#/welcome/{link.token}"


async def send_link(services: Services, link: Link) -> Problem:
    """Send a link to its person; say why not, "" when it is on its way."""
    settings, account = services.settings, link.account
    recipient = account.email or (account.login if is_email(account.login) else "")
    if not recipient:
        return "no_address"
    if settings.smtp_url is None or settings.mail_from is None:
        return "mail_off"
    message = letter(
        _document(services, link),
        mail_id=secrets.token_urlsafe(16),
        sender=settings.mail_from,
        recipient=recipient,
        now_ms=services.clock.now_ms(),
        reply_to=settings.mail_reply_to,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            await MailServer.parse(settings.smtp_url).send(message)
    except MailRefused:
        return "mail_refused"
    except (MailDelayed, TimeoutError):
        return "mail_delayed"
    return ""


def _document(services: Services, link: Link) -> Document:
    """Write it in the first language of the person."""
    language, kind = link.account.languages[0], link.kind

    def say(name: str) -> str:
        return services.wording.sentence(name, language)

    title = say("label.invited" if kind == INVITE else "label.new_password")
    words = say("mail.invited" if kind == INVITE else "mail.new_password")
    return Document(
        title,
        language,
        (
            Part(words.replace("{login}", link.account.login)),
            Part(title, url=address_of_link(services, link)),
            Part(say("mail.link_once")),
        ),
    )
