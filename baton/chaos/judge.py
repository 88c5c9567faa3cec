"""Compares ledgers, Redis and SQL: what was found, all kinds together. Pure."""

from collections.abc import Sequence

from baton.chaos.delivery import check_delivery
from baton.chaos.ledger import Ledger
from baton.chaos.ownership import check_ownership
from baton.chaos.service import check_stuck, find_unserved
from baton.chaos.stored import Stored
from baton.chaos.verdict import Verdict


def judge(ledgers: Sequence[Ledger], stored: Stored, *, grace_s: float, with_bot: bool) -> Verdict:
    """Return everything that is wrong.

    Args:
        ledgers: of all clients; customers have come back before the end and heard everything.
        stored: the picture taken when all was quiet.
        grace_s: how long an agent may be out of touch.
        with_bot: Rasa ran, so that the bot owes answers.
    """
    grace_ms = int(grace_s * 1000)
    findings = [
        *check_delivery(ledgers, stored),
        *check_ownership(ledgers, stored),
        *check_stuck(stored, grace_ms=grace_ms, with_bot=with_bot),
    ]
    return Verdict(
        acked=sum(1 for ledger in ledgers for _ in ledger.acks()),
        conversations=len(stored.conversation_ids),
        findings=findings,
        unserved=find_unserved(ledgers, stored),
    )
