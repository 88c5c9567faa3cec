"""Writes the e-mails that are due and hands them to the mail server, again and again if need be."""

import asyncio
import logging
from urllib.parse import urlencode

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.mails import (
    Mail,
    MailState,
    drop_mail,
    next_due_ms,
    note_failed,
    note_sent,
    take_due,
    unsent_answers,
    write_mail,
)
from handoff_service.archive.transcripts import find_record, was_identified
from handoff_service.clock import Clock
from handoff_service.document import Document
from handoff_service.errors import NoSuchConversation, StoreUnavailable
from handoff_service.mail.answers import Reader, answer_document
from handoff_service.mail.letter import letter
from handoff_service.mail.server import MailDelayed, MailRefused, MailServer
from handoff_service.metrics import Metrics
from handoff_service.settings import Settings
from handoff_service.store import Store
from handoff_service.tokens import CustomerToken, Purpose, TokenSigner
from handoff_service.wording import Wording

logger = logging.getLogger(__name__)

#: Pause between looks into the database when nothing is due, in milliseconds.
LOOK_MS = 1_000
#: E-mails that are taken up at a time, and for how long (ms): several times what the slowest mail
#: server may take for one. Who dies with one in hand leaves it to the others then.
BATCH = 5
LEASE_MS = 300_000
#: Waits between tries, in seconds; after the last the e-mail is given up: a day and a half.
PAUSES_S = (30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800, 43_200)
#: Life of the link in an e-mail: two weeks, as its words say.
LINK_S = 14 * 86_400


class MailSender:
    """Any number may run, in any number of processes: each e-mail is taken up by one of them."""

    def __init__(
        self,
        database: Database,
        server: MailServer,
        *,
        store: Store,
        signer: TokenSigner,
        wording: Wording,
        settings: Settings,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        """Send through `server` what `database` holds."""
        self._database = database
        self._server = server
        self._store = store
        self._signer = signer
        self._wording = wording
        self._settings = settings
        self._clock = clock
        self._metrics = metrics

    async def run(self) -> None:
        """Send what is due, for ever."""
        while True:
            try:
                busy = await self.step()
            except (ArchiveUnavailable, StoreUnavailable):
                busy = False  # the archiver says so in the log
            if not busy:
                await self._clock.sleep_until(self._clock.now_ms() + LOOK_MS)
            await asyncio.sleep(0)

    async def step(self) -> bool:
        """Do one batch; whether there was anything to do.

        Raises ArchiveUnavailable, StoreUnavailable: what was in hand comes again later.
        """
        now_ms = self._clock.now_ms()
        due_ms = await next_due_ms(self._database)
        if due_ms is None or due_ms > now_ms:
            return False
        mails = await take_due(self._database, now_ms=now_ms, lease_ms=LEASE_MS, count=BATCH)
        for mail in mails:
            if mail.state is MailState.SETTLING:
                await self._write(mail)
            else:
                await self._send(mail)
        return bool(mails)

    async def _write(self, mail: Mail) -> None:
        """Write an answer unless the customer has read all of it in the chat."""
        record = await find_record(self._database, mail.conversation_id)
        seen_seq, site = await self._live(mail.conversation_id)
        identified = await was_identified(self._database, mail.conversation_id)
        async with self._database.session() as session:
            messages = await unsent_answers(session, mail.conversation_id, seen_seq=seen_seq)
            if not messages or record is None:
                await drop_mail(session, mail)
                return
            reader = Reader(
                record.language,
                record.agent_name,
                None if identified else self._link(mail.conversation_id, record.customer_id, site),
            )
            document = answer_document(messages, reader, self._wording)
            await write_mail(
                session, mail, document, upto_seq=messages[-1].seq, now_ms=self._clock.now_ms()
            )

    async def _live(self, conversation_id: str) -> tuple[int, str]:
        """Return up to which event the customer has seen it, and the site it is on."""
        try:
            talk = await self._store.conversations.get(conversation_id)
        except NoSuchConversation:
            return 0, ""  # closed long ago: nobody has looked at it since
        return talk.seen_seq, talk.site

    def _link(self, conversation_id: str, customer_id: str, site: str) -> str:
        """Return the address that brings the customer back; the token never leaves the browser."""
        token = self._signer.sign(
            CustomerToken(customer_id, conversation_id),
            Purpose.RESUME,
            now_ms=self._clock.now_ms(),
            lifetime_s=LINK_S,
        )
        query = f"?{urlencode({'site': site})}" if site else ""
        return f"{self._settings.public_url}/widget/resume{query}#baton={token}"

    async def _send(self, mail: Mail) -> None:
        settings, now_ms = self._settings, self._clock.now_ms()
        try:
            message = letter(
                Document.from_json(mail.content),
                mail_id=mail.mail_id,
                sender=settings.mail_from or "",
                recipient=mail.recipient,
                reply_to=settings.mail_reply_to,
                now_ms=now_ms,
            )
            await self._server.send(message)
        except MailDelayed as error:
            await self._failed(mail, str(error), again=True)
        except (MailRefused, ValueError) as error:
            await self._failed(mail, str(error), again=False)
        else:
            self._metrics.mails.labels(result="sent").inc()
            await note_sent(self._database, mail, now_ms=now_ms)

    async def _failed(self, mail: Mail, problem: str, *, again: bool) -> None:
        again = again and mail.tries < len(PAUSES_S)
        pause_s = PAUSES_S[mail.tries] if again else 0
        logger.warning(
            "e-mail %s (%s) was not taken: %s; %s", mail.mail_id, mail.kind, problem,
            f"again in {pause_s} s" if again else "given up, see `baton mail show`",
        )  # fmt: skip
        self._metrics.mails.labels(result="delayed" if again else "dead").inc()
        again_ms = self._clock.now_ms() + pause_s * 1000 if again else None
        await note_failed(self._database, mail, problem=problem, again_ms=again_ms)
