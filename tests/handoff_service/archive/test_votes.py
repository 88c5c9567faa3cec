"""Votes in the history: the last on each answer, and what they say together."""

import asyncio
import json
import random
import time

import pytest
from sqlalchemy import delete, select

from handoff_service.archive.history import record
from handoff_service.archive.models import ConversationRow, VoteRow
from handoff_service.reports.helpfulness import measure_helpfulness
from handoff_service.reports.proportion import Proportion
from tests.handoff_service.archive.talks import T0, Talk
from tests.handoff_service.archive.test_export import baton


class VotedTalk(Talk):
    """A conversation in which the bot answers from articles."""

    def __init__(self, conversation_id="c_1", at_ms=T0, *, locale="en"):
        super().__init__(conversation_id, at_ms)
        self.add("conversation.started", customer_id="u", locale=locale)

    def answered(self, article_id, *, query="how?", confidence=0.9, version="v1", locale="en"):
        self.said("customer", query)
        source = {"article_id": article_id, "title": "T", "locale": locale, "quote": "q"}
        about = {"query": query, "confidence": confidence, "index_version": version}
        known = {name: value for name, value in about.items() if value is not None}
        return self.said("bot", "So.", kind="answer", sources=[source], **known)

    def voted(self, helpful, seq=None):
        said = [event for event in self.events if event.type == "message.posted"]
        answer = self.events[seq - 1] if seq else said[-1]
        kept = ("query", "confidence", "index_version")
        about = {name: answer.data[name] for name in kept if name in answer.data}
        sources = [{n: s[n] for n in ("article_id", "locale")} for s in answer.data["sources"]]
        return self.add("answer.voted", seq=answer.seq, helpful=helpful, sources=sources, **about)


async def votes(database):
    async with database.session() as session:
        return list(await session.scalars(select(VoteRow).order_by(VoteRow.answer_seq)))


async def test_a_vote_is_kept_with_what_the_answer_was(database):
    talk = VotedTalk().answered("reset", query="пароль?", confidence=0.75, locale="ru").voted(False)

    await record(database, talk.events)

    [vote] = await votes(database)
    assert (vote.conversation_id, vote.answer_seq, vote.seq) == ("c_1", 3, 4)
    assert (vote.article_id, vote.locale, vote.helpful) == ("reset", "ru", False)
    assert (vote.query, vote.confidence, vote.index_version) == ("пароль?", 0.75, "v1")
    assert vote.at_ms == talk.events[-1].at_ms


async def test_an_answer_that_says_little_can_be_voted_on(database):
    talk = VotedTalk().answered("reset", confidence=None, version=None)
    talk.add("answer.voted", seq=3, helpful=True, sources=[{"article_id": "reset", "locale": None}])

    await record(database, talk.events)

    [vote] = await votes(database)
    assert (vote.article_id, vote.locale) == ("reset", "")
    assert (vote.query, vote.confidence, vote.index_version) == (None, None, None)


@pytest.mark.parametrize("seed", range(6))
async def test_the_last_vote_counts_in_whatever_order_and_however_often_they_come(database, seed):
    talk, order = VotedTalk().answered("a").voted(True).voted(False), random.Random(seed)
    talk.answered("b").voted(False).voted(True, seq=7).voted(True, seq=3).voted(False, seq=3)
    batches = [[event] for event in talk.events] * 2
    order.shuffle(batches)

    for batch in batches:
        await record(database, batch)

    assert [(vote.answer_seq, vote.helpful) for vote in await votes(database)] == [
        (3, False),
        (7, True),
    ]


async def test_votes_go_with_their_conversation(database):
    for name in ("c_1", "c_2"):
        await record(database, VotedTalk(name).answered("a").voted(True).events)

    async with database.session() as session:
        await session.execute(delete(ConversationRow).where(ConversationRow.id == "c_1"))

    assert [vote.conversation_id for vote in await votes(database)] == ["c_2"]


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_the_interval_of_a_share_is_wilsons(hits, count, low, high):
    assert Proportion(hits, count).interval == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_there_is_no_share():
    assert (Proportion(0, 0).share, Proportion(0, 0).interval) == (None, None)


async def some_votes(database, at_ms=T0):
    """`bad` 1 of 4, `one` 0 of 1, `good` 3 of 3, `quiet` has no vote; Koreans say yes 1 of 3."""
    talks = []
    for n, (article, helpful, locale) in enumerate(
        [
            ("bad", True, "en"), ("bad", False, "ko"), ("bad", False, "ko"), ("bad", False, "en"),
            ("one", False, "en"), ("good", True, "en"), ("good", True, "en"), ("good", True, "ko"),
            ("good", None, "en"), ("quiet", None, "en"), ("quiet", None, "ko"),
        ]
    ):  # fmt: skip
        sure = {"bad": 0.55, "good": 0.95}.get(article)
        version = "v1" if n < 4 else "v2"
        talk = VotedTalk(f"c_{n}", at_ms + n * 60_000, locale=locale)
        talk.answered(article, query=f"q{n}", confidence=sure, version=version)
        talks.append(talk if helpful is None else talk.voted(helpful))
    other = VotedTalk("c_other", at_ms).said("bot", "Hello!", kind="smalltalk", sources=[])
    await record(database, [event for talk in (*talks, other) for event in talk.events])


async def test_the_report_counts_answers_and_votes_from_every_side(database):
    await some_votes(database)

    report = (await measure_helpfulness(database, since_ms=0)).to_json()

    def rows(part, *names):
        return [tuple(row[name] for name in names) for row in report[part]]

    assert [report[name] for name in ("answers", "votes", "helpful", "rate")] == [11, 8, 4, 0.5]
    counts = ("answers", "votes", "helpful")
    assert rows("by_article", "article_id", *counts) == [
        ("bad", 4, 4, 1),  # before `one`: four votes say more than one
        ("one", 1, 1, 0),
        ("good", 4, 3, 3),
        ("quiet", 2, 0, 0),
    ]
    assert report["by_article"][0]["unhelpful_questions"] == ["q3", "q2", "q1"]
    assert report["by_article"][3]["rate"] is None
    assert rows("by_language", "language", *counts) == [("ko", 4, 3, 1), ("en", 7, 5, 3)]
    assert rows("by_confidence", "from", "to", "mean_confidence", "votes", "helpful") == [
        (0.5, 0.6, 0.55, 4, 1),
        (0.9, 1.0, 0.95, 3, 3),
    ]
    assert rows("by_index_version", "index_version", *counts) == [("v1", 4, 4, 1), ("v2", 7, 4, 3)]


async def test_the_report_is_about_answers_given_since_a_time(database):
    await record(database, VotedTalk("c_old").answered("old").events)
    late_vote = VotedTalk("c_old").answered("old")
    late_vote.at_ms = T0 + 5_000_000
    await record(database, late_vote.voted(False).events)
    await record(database, VotedTalk("c_new", T0 + 4_000_000).answered("new").voted(True).events)

    report = (await measure_helpfulness(database, since_ms=T0 + 3_000_000)).to_json()

    assert [row["article_id"] for row in report["by_article"]] == ["new"]
    assert (report["answers"], report["votes"], report["helpful"]) == (1, 1, 1)


async def test_the_command_prints_each_rate_with_its_number(database, sql_url):
    await some_votes(database, at_ms=int(time.time() * 1000) - 86_400_000)

    code, out, err = await baton("kb", "report", "--sql-url", sql_url)

    assert code == 0, err
    assert "11 answers, 8 voted on" in out
    assert "25% (1 of 4 votes, 5% to 70%) of 4 answers  bad [en]" in out
    assert "without any vote: 1 more, with 2 answers" in out
    assert out.index("bad [en]") < out.index("one [en]") < out.index("good [en]")
    assert "did not help: q3" in out
    assert "50% to 60%, on average 55%" in out


async def test_the_command_knows_since_when_and_writes_json(database, sql_url):
    await some_votes(database, at_ms=int(time.time() * 1000) - 3 * 86_400_000)

    answers = {}
    for since in ("1d", "12h", "1w", "2020-01-01"):
        code, out, err = await baton(
            "kb", "report", "--since", since, "--json", "--sql-url", sql_url
        )
        assert code == 0, err
        answers[since] = json.loads(out)["answers"]

    assert answers == {"1d": 0, "12h": 0, "1w": 11, "2020-01-01": 11}


async def test_a_question_does_nothing_to_a_terminal(database, sql_url):
    now_ms = int(time.time() * 1000)
    talk = VotedTalk("c_1", now_ms).answered("a", query="\x1b[2Jgone\r\nLine " + "x" * 500)
    await record(database, talk.voted(False).events)

    _, out, _ = await baton("kb", "report", "--sql-url", sql_url)

    [line] = [line for line in out.splitlines() if "did not help" in line]
    assert "\x1b" not in out
    assert line.endswith("…")


async def test_nothing_to_report_is_said(database, sql_url):
    code, out, _ = await baton("kb", "report", "--sql-url", sql_url)

    assert (code, out.strip().endswith("0 answers, 0 voted on.")) == (0, True)


async def test_wrong_use_is_told_with_the_remedy(tmp_path):
    runs = await asyncio.gather(
        baton("kb", "report", "--data", str(tmp_path / "none")),
        baton("kb", "report", "--since", "yesterday", "--data", str(tmp_path)),
        baton("kb", "report", "--sql-url", "mysql://x/y"),
    )

    assert [code for code, _, _ in runs] == [2, 2, 1]
    for (_, _, err), told in zip(runs, ("--data", "30d", "sqlite+aiosqlite"), strict=True):
        assert told in err
        assert "Traceback" not in err
