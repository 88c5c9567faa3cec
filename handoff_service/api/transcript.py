"""A customer's own copy of their conversation: to be saved, or sent to them by e-mail."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from aiohttp import web
from pydantic import StringConstraints

from handoff_service.api.bodies import answer, read_body, read_values
from handoff_service.api.visitor import Visitor, find_visitor
from handoff_service.archive.mails import MailKind, count_transcripts, queue_mail
from handoff_service.backlog import events_after
from handoff_service.contact import MOST_EMAIL_CHARS, is_email
from handoff_service.conversation import Conversation
from handoff_service.document import Document, Part
from handoff_service.edits import as_edited
from handoff_service.refusals import BadContact, MailOff, NotAllowed, RateLimited
from handoff_service.services import SERVICES, Services
from handoff_service.transcript import transcript_document

#: E-mails an hour of one conversation, to one address, and of everybody together: nobody shall
#: be able to fill a stranger's mailbox with what they typed here.
MOST_OF_ONE = 3
MOST_OF_ALL = 200
HOUR_MS = 3_600_000

MEDIA = {"html": "text/html", "txt": "text/plain", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class TranscriptQuery:
    """The form of the copy."""

    format: Literal["html", "txt", "json"] = "html"


@dataclass(frozen=True, slots=True)
class TranscriptMailRequest:
    """Where to; a customer whose address the site signed gets it there and nowhere else."""

    email: Annotated[str, StringConstraints(max_length=MOST_EMAIL_CHARS)]


@dataclass(frozen=True, slots=True)
class TranscriptMailAnswer:
    """It is on its way to this address."""

    email: str


async def save_transcript(request: web.Request) -> web.Response:
    """Send what the customer may see of the conversation as a file."""
    services = request.app[SERVICES]
    query = read_values(request.query, TranscriptQuery)
    visitor = await find_visitor(request)
    if query.format == "json":
        events = await events_after(services, visitor.talk.conversation_id, seq=0)
        shown = [event.for_customer() for event in as_edited(events)]
        text = json.dumps([asdict(event) for event in shown if event], ensure_ascii=False)
    else:
        document = await _document(services, visitor.talk)
        text = document.as_html() if query.format == "html" else document.as_text()
    return web.Response(
        text=text,
        content_type=MEDIA[query.format],
        charset="utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="conversation.{query.format}"',
        },
    )


async def mail_transcript(request: web.Request) -> web.Response:
    """Send the conversation to its customer by e-mail."""
    services = request.app[SERVICES]
    visitor = await find_visitor(request)
    wanted = await read_body(request, TranscriptMailRequest)
    if not services.settings.sends_mail:
        raise MailOff
    email = _address(visitor, wanted.email.strip())
    talk, now_ms = visitor.talk, services.clock.now_ms()
    if talk.last_seq <= 1:
        raise NotAllowed  # nothing was said yet
    counts = await count_transcripts(
        services.database, talk.conversation_id, recipient=email, since_ms=now_ms - HOUR_MS
    )
    if counts.conversation >= MOST_OF_ONE or counts.recipient >= MOST_OF_ONE:
        raise RateLimited(retry_after_s=HOUR_MS // 1000)
    if counts.all >= MOST_OF_ALL:
        raise RateLimited(retry_after_s=HOUR_MS // 1000)
    document = await _document(services, talk, for_mail=True)
    to = hashlib.sha256(email.lower().encode()).hexdigest()[:16]
    await queue_mail(
        services.database,
        document,
        kind=MailKind.TRANSCRIPT,
        cause=f"{MailKind.TRANSCRIPT}:{talk.conversation_id}:{talk.last_seq}:{to}",
        conversation_id=talk.conversation_id,
        recipient=email,
        now_ms=now_ms,
    )
    return answer(TranscriptMailAnswer(email), status=202)


def _address(visitor: Visitor, typed: str) -> str:
    signed = visitor.talk.identity.email if visitor.talk.identity else None
    email = typed or signed or ""
    if not is_email(email) or (signed and email.lower() != signed.lower()):
        raise BadContact
    return email


async def _document(services: Services, talk: Conversation, *, for_mail: bool = False) -> Document:
    events = await events_after(services, talk.conversation_id, seq=0)
    document = transcript_document(
        events,
        wording=services.wording,
        language=talk.language,
        utc_offset_min=talk.utc_offset_min,
    )
    if not for_mail:
        return document
    say = services.wording.sentence
    first = Part(say("mail.transcript", talk.language))
    last = Part(say("mail.not_you", talk.language))
    return Document(document.title, document.language, (first, *document.parts, last))
