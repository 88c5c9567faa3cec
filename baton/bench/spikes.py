"""Plays hours of customers' questions, quiet ones and some in which one matter breaks out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

from handoff_service.archive.questions import Question
from handoff_service.floor import spikes
from handoff_service.floor.spikes import Matrix, Spike, find_spikes

#: Hours like this one that the history holds.
HISTORY_HOURS = 10
#: Hours that share a history.
PER_HISTORY = 10
#: A minute of the study, in ms; and how many minutes lie between two looks.
MINUTE_MS, LOOK_MIN = 60_000, 4
#: How topics differ in how often they are asked: the exponent of a Zipf law.
ZIPF = 0.8


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the study."""

    minute: float  #: since the outbreak could begin; before it: below 0
    row: int  #: which of the texts
    topic: str


class Stream:
    """Questions of a set, topics in bursts, as many an hour as is said."""

    def __init__(self, rows: Sequence[dict[str, Any]], vectors: Matrix, *, seed: int) -> None:
        """`rows`: id, question, gold, locale; `vectors`: of the questions."""
        self._rows, self._vectors = rows, vectors
        self._topics: dict[str, list[int]] = {}
        for number, row in enumerate(rows):
            self._topics.setdefault(row["gold"][0], []).append(number)
        self.random = np.random.default_rng(seed)
        shares = 1 / np.arange(1, len(self._topics) + 1) ** ZIPF
        self.random.shuffle(shares)
        self._shares = dict(zip(self._topics, shares / shares.sum(), strict=True))
        self._count = 0

    def topic(self) -> str:
        """Return one of the topics."""
        return str(self.random.choice(list(self._topics)))

    def quiet(self, rate: float, *, begin: float = 0.0) -> list[Asked]:
        """Return an hour of about `rate` questions."""
        found: list[Asked] = []
        for topic, share in self._shares.items():
            burst = self.random.gamma(spikes.STEADY, 1 / spikes.STEADY)
            found += self.about(topic, rate * share * burst, begin=begin)
        return found

    def about(self, topic: str, rate: float, *, begin: float = 0.0) -> list[Asked]:
        """Return an hour in which about `rate` customers ask about a topic."""
        return [
            Asked(
                begin + self.random.uniform(0, 60),
                int(self.random.choice(self._topics[topic])),
                topic,
            )
            for _ in range(self.random.poisson(rate))
        ]

    def questions(self, asked: Sequence[Asked]) -> list[Question]:
        """Return them as different customers ask them."""
        found = []
        for one in asked:
            self._count += 1
            row = self._rows[one.row]
            at_ms = round(one.minute * MINUTE_MS)
            found.append(Question(f"c{self._count}", at_ms, row["question"], row["locale"]))
        return found

    def look(
        self, questions: Sequence[Question], asked: Sequence[Asked], past: "Past"
    ) -> list[Spike]:
        """Look for what is unusual."""
        vectors = self._vectors[[one.row for one in asked]]
        return find_spikes(questions, vectors, past=past.questions, past_vectors=past.vectors)

    def past(self, rate: float) -> "Past":
        """Return a history of hours like these."""
        asked = [one for _ in range(HISTORY_HOURS) for one in self.quiet(rate)]
        return Past(self.questions(asked), self._vectors[[one.row for one in asked]])


@dataclass(frozen=True, slots=True)
class Past:
    """A history and its vectors."""

    questions: list[Question]
    vectors: Matrix


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """Read the questions of data/eval that an article answers."""
    lines = [line for file in sorted(folder.glob("*.jsonl")) for line in file.open()]
    return [row for row in map(json.loads, lines) if row.get("gold")]


def false_share(stream: Stream, *, rate: float, hours: int) -> float:
    """Return the share of quiet hours that raise a hint."""
    alarms, past = 0, stream.past(rate)
    for number in range(hours):
        if number % PER_HISTORY == 0:
            past = stream.past(rate)
        asked = stream.quiet(rate)
        alarms += bool(stream.look(stream.questions(asked), asked, past))
    return alarms / hours


def outbreaks(stream: Stream, *, rate: float, spike: float, count: int) -> dict[str, float | None]:
    """Return how many of `count` outbreaks are found within the hour, how soon, how cleanly.

    A hint finds an outbreak when most of its customers are those of the outbreak's topic.
    `minutes`: median from its beginning on; `precision`: mean share of such customers.
    """
    delays: list[float] = []
    shares: list[float] = []
    past = stream.past(rate)
    for number in range(count):
        if number % PER_HISTORY == 0:
            past = stream.past(rate)
        topic = stream.topic()
        asked = [*stream.quiet(rate, begin=-60), *stream.quiet(rate), *stream.about(topic, spike)]
        found = _first_hint(stream, asked, topic, past)
        if found is not None:
            delays.append(found[0])
            shares.append(found[1])
    return {
        "found": len(delays) / count,
        "minutes": median(delays) if delays else None,
        "precision": fmean(shares) if shares else None,
    }


def _first_hint(
    stream: Stream, asked: Sequence[Asked], topic: str, past: Past
) -> tuple[float, float] | None:
    questions = stream.questions(asked)
    for minute in range(LOOK_MIN, 61, LOOK_MIN):
        seen = [n for n, one in enumerate(asked) if minute - 60 <= one.minute < minute]
        topics = {questions[n].conversation_id: asked[n].topic for n in seen}
        for spike in stream.look([questions[n] for n in seen], [asked[n] for n in seen], past):
            about = [topics[name] for name in spike.conversation_ids]
            if (share := about.count(topic) / len(about)) >= 0.5:
                return minute, share
    return None
