"""Turns a document into an e-mail. Pure."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from handoff_service.document import Document


def letter(
    document: Document,
    *,
    mail_id: str,
    sender: str,
    recipient: str,
    now_ms: int,
    reply_to: str | None = None,
) -> EmailMessage:
    """Return the e-mail: plain text with an HTML alternative.

    The Message-ID is made from `mail_id`, so that one sent twice is recognised by mailboxes. The
    headers cannot be broken by what is put into them: EmailMessage refuses line ends.

    Raises:
        ValueError: an address or the title holds what a header cannot hold.
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = " ".join(document.title.split())
    message["Date"] = format_datetime(datetime.fromtimestamp(now_ms / 1000, UTC))
    message["Message-ID"] = f"<{mail_id}@{sender.rpartition('@')[2].strip('> ')}>"
    if reply_to:
        message["Reply-To"] = reply_to
    # RFC 3834: nobody's holiday answer shall come back.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = document.language
    message.set_content(document.as_text())
    message.add_alternative(document.as_html(), subtype="html")
    return message
