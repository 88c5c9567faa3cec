"""What an e-mail says to a customer whom an agent answered while they were away. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from handoff_service.document import Document, Part
from handoff_service.domain import Event, Json
from handoff_service.wording import Wording


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom an e-mail is written to."""

    language: str
    agent_name: str | None
    #: Where the conversation goes on; None: only after signing in at the site.
    link: str | None


def answer_document(messages: Sequence[Event], reader: Reader, wording: Wording) -> Document:
    """Return the e-mail with an agent's messages, at least one, and the way back to the talk."""

    def say(name: str) -> str:
        return wording.sentence(name, reader.language)

    who = reader.agent_name or say("label.agent")
    said = [Part(event.data["text"], who=who, files=file_names(event.data)) for event in messages]
    back = (
        [Part(say("label.go_on"), url=reader.link), Part(say("mail.link"))]
        if reader.link
        else [Part(say("mail.sign_in"))]
    )
    parts = (Part(say("mail.answered")), *said, *back)
    return Document(say("label.mail_answer"), reader.language, parts)


def file_names(data: Json) -> tuple[str, ...]:
    """Return the names of the files that were sent with a message."""
    return tuple(str(sent.get("name") or "") for sent in data.get("attachments") or ())
