"""Lists of the inbox: views, filters, pages that neither repeat nor leave out, who may read."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete, func, select, update

from handoff_service.archive.accounts import Account, Role
from handoff_service.archive.history import record
from handoff_service.archive.inbox import (
    CursorInvalid,
    Sort,
    View,
    Wanted,
    count_inbox,
    list_inbox,
)
from handoff_service.archive.indexing import count_unprepared, index_history
from handoff_service.archive.models import ConversationRow
from handoff_service.archive.reading import is_known_to
from handoff_service.archive.tables.inbox import PersonRow, SearchRow, TagRow
from handoff_service.search.query import parse_query
from tests.handoff_service.archive.talks import T0, Talk, whole

ANN = Account("a_1", "ann", "Ann", Role.AGENT, ("en",), 4, teams=("returns",))
BOB = Account("a_2", "bob", "Bob", Role.AGENT, ("en",), 4)
SOFIA = Account("a_9", "sofia", "Sofia", Role.SUPERVISOR, ("en",), 4)


def begun(name, at_ms=T0, locale="en"):
    return Talk(name, at_ms).add("conversation.started", customer_id=f"u_{name}", locale=locale)


def asked(name, at_ms=T0, **more):
    needs = {"level": 1, "priority": 5, "weight": 1} | more.pop("needs", {})
    return (
        begun(name, at_ms)
        .said("customer", f"help with {name}")
        .add("handoff.requested", owner_changes=True, reason="asked", topic="orders",
             language="en", triage=[], tried=[], summary="", place=1, on_duty=True, text="…",
             needs=needs, **more)
    )  # fmt: skip


def held(name, agent_id="a_1", agent_name="Ann", at_ms=T0, **more):
    return asked(name, at_ms, **more).add(
        "handoff.assigned", owner_changes=True, agent_id=agent_id, agent_name=agent_name, text="…"
    )


async def write(database, *talks):
    for talk in talks:
        await record(database, talk.events)


async def ids(database, account, *, after=None, limit=200, **wanted):
    page = await list_inbox(database, account, Wanted(**wanted), after=after, limit=limit)
    return [row.conversation_id for row in page.rows]


async def test_each_view_has_what_it_is_for(database):
    parked = held("parked").add("conversation.parked", agent_id="a_1", until_ms=T0, text="…")
    left = asked("left").add("message.left", contact="ann@example.com")
    named = held("named", "a_2", "Bob").add(
        "note.posted",
        agent_id="a_2",
        author_name="Bob",
        message_id="n1",
        text="ask @ann",
        mentions=["a_1"],
    )
    closed = held("closed").add("conversation.closed", by="agent")
    teams = held("teams", "a_2", "Bob", needs={"team": "returns"})
    await write(database, asked("waits"), held("mine"), parked, left, named, closed, teams,
                held("bobs", "a_2", "Bob"), begun("bots"))  # fmt: skip

    views = {view: set(await ids(database, ANN, view=view)) for view in View}
    counts = await count_inbox(database, ANN)
    everything = set(await ids(database, SOFIA, view=View.ALL))

    assert views == {
        View.MINE: {"mine"},
        View.WAITING: {"waits"},
        View.TEAMS: {"teams"},
        View.PARKED: {"parked"},
        View.CLOSED: {"closed"},
        View.LEFT: {"left"},
        View.MENTIONS: {"named"},
        View.ALL: {"waits", "mine", "parked", "left", "named", "closed", "teams"},
    }
    assert counts == {view: len(found) for view, found in views.items()}
    assert everything == views[View.ALL] | {"bobs", "bots"}


async def test_who_held_it_once_may_read_it_for_good(database):
    passed = held("passed").add(
        "handoff.transferred", owner_changes=True, agent_id="a_1", place=1, text="…",
        to={"kind": "agent", "id": "a_2", "name": "Bob"},
    )  # fmt: skip
    passed.add("handoff.assigned", owner_changes=True, agent_id="a_2", agent_name="Bob", text="…")
    await write(database, passed)

    assert await ids(database, ANN) == ["passed"]
    assert await is_known_to(database, "passed", "a_1")
    assert not await is_known_to(database, "passed", "a_9")


async def test_a_row_says_what_people_made_of_it(database):
    talk = held("c", needs={"team": "berlin", "priority": 7, "sla_ms": 60_000})
    talk.add("conversation.tagged", add=["vip", "refund"], remove=[])
    talk.add("conversation.tagged", add=["late"], remove=["refund"])
    talk.add("conversation.prioritized", priority=9)
    talk.add("customer.identified", customer_id="u_9", name="Kim Minji", email="kim@example.com")
    talk.said("customer", "Where\nis it?")
    await write(database, talk)

    [row] = (await list_inbox(database, ANN, Wanted(), after=None, limit=9)).rows

    assert (row.tags, row.priority, row.team) == (("vip", "late"), 9, "berlin")
    assert (row.customer_name, row.last_line, row.last_author) == (
        "Kim Minji", "Where is it?", "customer",
    )  # fmt: skip
    assert (row.agent_id, row.waiting_since_ms, row.sla_due_ms) == ("a_1", None, None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"tag": "vip"}, {"b"}),
        ({"priority": 7}, {"b"}),
        ({"team": "berlin"}, {"b"}),
        ({"topic": "hub"}, {"c_1"}),
        ({"reason": "technical_issue"}, {"c_1"}),
        ({"language": "ko"}, {"c_1"}),
        ({"agent": "me"}, {"b", "c_1"}),
        ({"agent": "an"}, {"b", "c_1"}),
        ({"disposition": "solved"}, {"c_1"}),
        ({"stars": 4}, {"c_1"}),
        ({"stars": 5}, set()),
        ({"state": "open"}, {"a", "b"}),
        ({"state": "closed"}, {"c_1"}),
        ({"from_ms": T0 + 50_000}, {"b"}),
        ({"to_ms": T0 + 4_500}, {"a"}),
    ],
)
async def test_filters_leave_what_fits(database, wanted, found):
    tagged = held("b", at_ms=T0 + 60_000, needs={"team": "berlin", "priority": 7})
    await write(database, asked("a"), tagged.add("conversation.tagged", add=["vip"]), whole())

    assert set(await ids(database, ANN, **wanted)) == found


async def test_the_queue_is_shown_in_its_order(database):
    await write(database, asked("second"), asked("third", T0 + 5000),
                asked("first", T0 + 9000, needs={"priority": 9}))  # fmt: skip

    assert await ids(database, BOB, view=View.WAITING) == ["first", "second", "third"]
    assert await ids(database, BOB, sort=Sort.LATEST) == ["first", "third", "second"]


@pytest.mark.parametrize("cursor", ["", "x", "!!", "WyJvbGRlc3QiLDEsImEiXQ", "W10", "bnVsbA"])
async def test_a_cursor_of_another_order_is_refused(database, cursor):
    with pytest.raises(CursorInvalid):
        await list_inbox(database, ANN, Wanted(sort=Sort.LATEST), after=cursor, limit=5)


@given(
    moves=st.lists(st.lists(st.integers(0, 19), max_size=4), min_size=7, max_size=7),
    limit=st.integers(1, 6),
)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_pages_repeat_none_and_leave_out_none_that_stays(database, moves, limit):
    """Rows move to the top between two pages: only they may be missing, and none comes twice."""
    run = test_pages_repeat_none_and_leave_out_none_that_stays
    run.count = getattr(run, "count", 0) + 1
    tag = f"run{run.count}"
    talks = [asked(f"{tag}_{n:02}", T0 + n % 7 * 1000) for n in range(20)]
    for talk in talks:
        talk.add("conversation.tagged", add=[tag])
    await write(database, *talks)
    seen, moved, after = [], set(), None
    clock = T0 + 1_000_000

    for step in range(30):
        wanted = Wanted(tag=tag, sort=Sort.LATEST)
        page = await list_inbox(database, SOFIA, wanted, after=after, limit=limit)
        seen += [row.conversation_id for row in page.rows]
        after = page.after
        if after is None:
            break
        for number in moves[step % len(moves)]:
            clock += 1000
            talks[number].at_ms = clock
            talks[number].said("customer", "more")
            await record(database, talks[number].events[-1:])
            moved.add(talks[number].id)

    assert len(seen) == len(set(seen))
    assert {talk.id for talk in talks} - moved <= set(seen)


async def test_old_rows_are_found_by_words_and_show_where(database):
    await write(database, asked("a").said("agent", "Your refund is on its way."), asked("b"))

    wanted = Wanted(query=parse_query("refunds"))
    [row] = (await list_inbox(database, BOB, wanted, after=None, limit=9)).rows

    assert row.conversation_id == "a"
    assert [(piece.text, piece.hit) for piece in row.snippet] == [
        ("Your ", False), ("refund", True), (" is on its way.", False),
    ]  # fmt: skip


async def test_conversations_of_before_are_made_searchable_once(database):
    talk = held("old", needs={"team": "berlin"}).said("customer", "環境設定在哪裡")
    talk.add("conversation.tagged", add=["vip"])
    await write(database, talk, whole())
    async with database.session() as session:  # as the migration leaves what was there before
        for table in (SearchRow, PersonRow, TagRow):
            await session.execute(delete(table))
        await session.execute(update(ConversationRow).values(prepared=-1, tags=[], last_line=""))
    wanted = Wanted(query=parse_query("设定 tag:vip"), tag="vip")
    before = (await count_unprepared(database), await ids(database, SOFIA, query=wanted.query))

    batches = []
    done = await index_history(database, on_batch=batches.append)

    assert before == (2, [])
    assert (done, sum(batches), await count_unprepared(database)) == (2, 2, 0)
    [row] = (await list_inbox(database, ANN, wanted, after=None, limit=9)).rows
    assert (row.conversation_id, row.tags, row.last_line) == ("old", ("vip",), "環境設定在哪裡")
    assert await index_history(database, on_batch=batches.append) == 0


async def test_what_is_deleted_is_found_no_more(database):
    await write(database, asked("a"))
    found = await ids(database, SOFIA, query=parse_query("help"))

    async with database.session() as session:
        await session.execute(delete(ConversationRow).where(ConversationRow.id == "a"))
        left = await session.scalar(select(func.count()).select_from(SearchRow))
    await write(database, asked("b"))

    assert (found, left) == (["a"], 0)
    assert await ids(database, SOFIA, query=parse_query("help")) == ["b"]
