"""Measures in which order 50 decisions a week teach a bot fastest, and how pure groups are.

A bot that knows a third of the intents (vectors of the embedding model, logistic regression) is
asked 600 turns a week; customers vote and go to people as they do, some by mistake. Each week 50
groups are decided by the labels of their examples, and the bot learns every phrase of them.

    python scripts/measure_review_order.py TRAIN.csv TEST.csv --model var/models/current

The CSV files have the columns text (or utterance) and intent. Prints, per order, the accuracy
on TEST week by week, every intent weighing as much as customers ask for it.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable

import numpy as np
from sklearn.linear_model import LogisticRegression

from kb_index.embedding import Embedder
from learning.reviewing.grouping import SAME, Leaders, lead
from learning.reviewing.order import ordered_scores
from learning.reviewing.score import Seen, tally

WEEKS, A_WEEK, DECISIONS, START, MOST = 8, 600, 50, 12, 7000
WEEK_MS, NOW_MS = 7 * 86_400_000, 1_780_000_000_000
#: Of wrong and of right answers: how often they are voted down, voted up, followed by a handoff.
DOWN, UP, PERSON = (0.12, 0.02), (0.0, 0.10), (0.25, 0.03)


def read(name: str, embedder: Embedder) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors and intents of at most MOST rows."""
    with open(name, encoding="utf-8", newline="") as file:
        rows = [
            (row.get("text") or row["utterance"], row["intent"]) for row in csv.DictReader(file)
        ]
    chosen = np.random.default_rng(5).permutation(len(rows))[:MOST]
    texts, intents = zip(*(rows[place] for place in chosen), strict=True)
    return embedder.embed_queries(list(texts), workers=2), np.array(intents)


def purity(vectors: np.ndarray, intents: np.ndarray) -> tuple[float, float]:
    """Return how many phrases mean what their example means, and how many need no look."""
    leads = lead(vectors[:4000])
    same = intents[:4000] == intents[:4000][leads]
    return float(same.mean()), 1 - len(set(leads.tolist())) / len(leads)


class Quarter:
    """One bot, its customers and its reviewer."""

    def __init__(self, train: tuple[np.ndarray, np.ndarray], seed: int) -> None:
        """Let a random third of the intents be known."""
        self.chance = np.random.default_rng(seed)
        self.vectors, self.intents = train
        names = self.chance.permutation(np.unique(self.intents))
        asked = 1 / np.arange(1, len(names) + 1) ** 0.9
        self.popular = dict(zip(names, asked / asked.sum(), strict=True))
        known = self.chance.choice(names, len(names) // 3, replace=False)
        self.taught = [
            int(row)
            for name in known
            for row in self.chance.permutation(np.flatnonzero(self.intents == name))[:START]
        ]
        self.labels = [self.intents[row] for row in self.taught]
        self.rest = np.setdiff1d(np.arange(len(self.intents)), self.taught)
        often = self.chance.pareto(1.2, len(self.rest)) + 0.2
        rare = {name: (self.intents[self.rest] == name).sum() for name in names}
        weights = np.array([self.popular[n] / rare[n] for n in self.intents[self.rest]]) * often
        self.weights = weights / weights.sum()
        self.leaders = Leaders(np.zeros((0, 0), np.float32), ())
        self.members: dict[int, list[int]] = defaultdict(list)
        self.turns: dict[int, list[Seen]] = defaultdict(list)
        self.group: dict[int, int] = {}
        self.learn()

    def learn(self) -> None:
        """Train on everything that is known."""
        self.mean = self.vectors.mean(axis=0)
        self.bot = LogisticRegression(C=3, max_iter=150, tol=1e-3)
        self.bot.fit((self.vectors[self.taught] - self.mean) * 12, self.labels)

    def sure(self, vectors: np.ndarray) -> np.ndarray:
        """Return the probabilities of the bot's intents."""
        return self.bot.predict_proba((vectors - self.mean) * 12)

    def talk(self, week: int) -> None:
        """Let customers ask for a week."""
        rows = self.chance.choice(self.rest, A_WEEK, p=self.weights)
        chances = self.sure(self.vectors[rows])
        for row, chance in zip(rows.tolist(), chances, strict=True):
            wrong = int(self.bot.classes_[chance.argmax()] != self.intents[row])
            self.turns[row].append(self._turn(row, float(chance.max()), 1 - wrong, week))
        new = np.array([row for row in dict.fromkeys(rows.tolist()) if row not in self.group])
        groups, cosines = self.leaders.nearest(self.vectors[new])
        for row, group, cosine in zip(new.tolist(), groups, cosines, strict=True):
            if cosine >= SAME:
                self.group[row] = group
        rest = new[cosines < SAME]
        leads = rest[lead(self.vectors[rest])]
        self.group.update(zip(rest.tolist(), leads.tolist(), strict=True))
        made = sorted(set(leads.tolist()))
        self.leaders.extend(self.vectors[made], made)
        for row in new.tolist():
            self.members[self.group[row]].append(row)

    def _turn(self, row: int, sure: float, right: int, week: int) -> Seen:
        answered = sure >= 0.5
        down, up, person = (self.chance.random() < rate[right] for rate in (DOWN, UP, PERSON))
        return Seen(
            phrase_id=row, at_ms=NOW_MS + week * WEEK_MS, conversation_id="", seq=0, language="en",
            intent="", intent_confidence=sure, scope_confidence=None,
            did="answer" if answered else "clarify", answer_confidence=sure if answered else None,
            article_id=None, article_locale=None,
            vote=(-1 if down else 1 if up else None) if answered else None, mark=None,
            handoff_reason="asked" if answered and person else None, helped=None,
        )  # fmt: skip

    def decide(self, order: Callable[[Quarter, list[int]], np.ndarray]) -> None:
        """Decide the groups that stand first, and learn them."""
        waiting = [group for group in self.members if group >= 0]
        for place in np.argsort(-order(self, waiting), kind="stable")[:DECISIONS]:
            rows = self.members.pop(waiting[place])
            self.taught += rows
            self.labels += [self.intents[waiting[place]]] * len(rows)
        self.learn()

    def accuracy(self, test: tuple[np.ndarray, np.ndarray]) -> float:
        """Return the share of customers who are understood."""
        vectors, intents = test
        names, counts = np.unique(intents, return_counts=True)
        weigh = {n: self.popular.get(n, 0) / c for n, c in zip(names, counts, strict=True)}
        weights = np.array([weigh[name] for name in intents])
        right = self.bot.classes_[self.sure(vectors).argmax(axis=1)] == intents
        return float((weights * right).sum() / weights.sum())


def masses(quarter: Quarter, groups: list[int]) -> np.ndarray:
    """Return probably wrong turns of each group, by everything that is known."""
    said = quarter.turns
    return np.array([tally(t for r in quarter.members[g] for t in said[r]).mass for g in groups])


def turns(quarter: Quarter, groups: list[int]) -> np.ndarray:
    """Return the turns of each group."""
    return np.array([sum(len(quarter.turns[row]) for row in quarter.members[g]) for g in groups])


def doubt(quarter: Quarter, groups: list[int]) -> np.ndarray:
    """Return how little sure the bot is of each group's example."""
    return 1 - quarter.sure(quarter.vectors[groups]).max(axis=1)


ORDERS: dict[str, Callable[[Quarter, list[int]], np.ndarray]] = {
    # A turn drawn at random: Efraimidis and Spirakis, 2006.
    "random turns": lambda q, groups: np.log(q.chance.random(len(groups))) / turns(q, groups),
    "least confidence": doubt,
    "doubt times turns": lambda q, groups: doubt(q, groups) * turns(q, groups),
    "probably wrong turns": masses,
    "Baton": lambda q, groups: ordered_scores(masses(q, groups), q.vectors[groups]),
}


def main() -> None:
    """Print the figures of every order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--model", default="var/models/current")
    parser.add_argument("--seeds", type=int, default=5)
    args = parser.parse_args()
    embedder = Embedder.load(args.model)
    train, test = read(args.train, embedder), read(args.test, embedder)
    pure, covered = purity(*train)
    print(
        f"groups: {pure:.4f} of phrases mean what their example means, {covered:.3f} need no look"
    )
    for name, order in ORDERS.items():
        runs = []
        for seed in range(args.seeds):
            quarter = Quarter(train, seed)
            weeks = [quarter.accuracy(test)]
            for week in range(WEEKS):
                quarter.talk(week)
                quarter.decide(order)
                weeks.append(quarter.accuracy(test))
            runs.append(weeks)
        by_week = np.mean(runs, axis=0)
        print(
            f"{name:22}",
            " ".join(f"{each:.3f}" for each in by_week),
            f"mean {by_week[1:].mean():.4f}",
        )


if __name__ == "__main__":
    main()
