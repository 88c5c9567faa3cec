"""A ledger is what it was after a round through its file."""

from baton.chaos.ledger import Ledger, keep
from tests.baton.chaos.world import World


def test_ledgers_are_written_and_read_again(tmp_path):
    world = World()

    keep([world.customer, world.ann], tmp_path / "kept")

    for ledger in (world.customer, world.ann):
        lines = (tmp_path / "kept" / f"{ledger.who}.jsonl").read_text().splitlines()
        assert Ledger.from_lines(lines) == ledger


def test_pings_are_not_worth_a_line():
    ledger = Ledger("ann", "agent")

    ledger.tap("got", {"type": "pong"})
    ledger.tap("sent", {"type": "ping"})
    ledger.tap("opened", {})

    assert [entry.what for entry in ledger.entries] == ["opened"]


def test_events_come_from_frames_and_with_offers():
    world = World()
    transcript = [entry.frame["event"] for entry in world.ann.entries if "event" in entry.frame]
    ledger = Ledger("bob", "agent")

    ledger.tap("opened", {})
    ledger.tap("got", {"type": "welcome", "offers": [{"transcript": transcript[:2]}]})
    ledger.tap("got", {"type": "offer", "offer": {"transcript": transcript[2:3]}})
    ledger.tap("got", {"type": "event", "event": transcript[3]})

    assert [(r.event.seq, r.live) for r in ledger.received()] == [
        (6, False),
        (7, False),
        (8, False),
        (9, True),
    ]
