"""A real SMTP server on loopback, and a service that sends through it."""

import asyncio
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from tests.handoff_service.gateway.harness import (  # noqa: F401
    DEADLINE_S,
    bot,
    free_port,
    redis_program,
    start_service,
)


class Mailbox:
    """Keeps what it is handed; refuses an address with the answer that `refusals` has for it."""

    def __init__(self, loop):
        self.mails, self.refusals, self.loop = asyncio.Queue(), {}, loop

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        mail.rcpt_tos = envelope.rcpt_tos
        self.loop.call_soon_threadsafe(self.mails.put_nowait, mail)
        return "250 OK"

    async def next(self):
        """Wait for the next e-mail."""
        async with asyncio.timeout(DEADLINE_S):
            return await self.mails.get()


@pytest.fixture
async def mailbox():
    """An SMTP server on a free port, in a thread of its own, as a neighbour would be."""
    box = Mailbox(asyncio.get_running_loop())
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    await asyncio.to_thread(controller.start)
    box.url = f"smtp://127.0.0.1:{controller.port}"
    box.port = controller.port
    yield box
    await asyncio.to_thread(controller.stop)


@pytest.fixture
async def mailing(start_service, mailbox):  # noqa: F811
    """A service that sends e-mail, answers as soon as they are in the history."""
    return await start_service(
        smtp_url=mailbox.url, mail_from="Shop <help@shop.example>", mail_settle_s=0
    )


def said_in(mail, kind="plain"):
    """Return one body of an e-mail, with plain line ends."""
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")
