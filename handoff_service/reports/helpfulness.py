"""How often answers helped: by article, language, confidence and version of the index."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

from handoff_service.archive.database import Database
from handoff_service.archive.votes import Answers, Vote, count_answers, votes_on_answers
from handoff_service.reports.proportion import Proportion

#: Confidence is looked at in these steps, narrow where most answers are given.
STEPS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
#: How many questions that an article did not answer are told, the latest ones.
QUESTIONS_TOLD = 5

#: An article in one language: (article_id, locale).
Article: TypeAlias = tuple[str, str]
#: Confidence from, and up to but without.
Bucket: TypeAlias = tuple[float, float]


@dataclass(slots=True)
class Tally:
    """Answers that have something in common, and the votes on them."""

    answers: int = 0
    votes: int = 0
    helpful: int = 0
    first_ms: int = 0  #: when the first of the answers was given
    sum_confidence: float = 0.0
    #: What was asked where the answer did not help, the latest first, each once.
    unhelpful_questions: list[str] = field(default_factory=list)

    def add_answers(self, answers: Answers) -> None:
        """Add what can be voted on."""
        self.answers += answers.count
        self.first_ms = min(self.first_ms or answers.first_ms, answers.first_ms)

    def add_vote(self, vote: Vote) -> None:
        """Add a vote; votes come the latest first."""
        self.votes += 1
        self.helpful += vote.helpful
        self.sum_confidence += vote.confidence or 0.0
        told, query = self.unhelpful_questions, vote.query
        if not vote.helpful and query and query not in told and len(told) < QUESTIONS_TOLD:
            told.append(query)

    @property
    def rate(self) -> Proportion:
        """How many of the votes say that the answer helped."""
        return Proportion(self.helpful, self.votes)

    @property
    def mean_confidence(self) -> float:
        """Of the answers that were voted on."""
        return self.sum_confidence / self.votes

    def to_json(self) -> dict[str, Any]:
        """Return answers, votes, helpful, rate and the rate's 95 % interval (low, high)."""
        return {"answers": self.answers} | _rate_json(self)


@dataclass(frozen=True, slots=True)
class Helpfulness:
    """The report; each part holds the same votes, cut in another way."""

    since_ms: int
    whole: Tally
    #: The surely bad ones first (see `_worst_first`), those without a vote last.
    by_article: Mapping[Article, Tally]
    by_language: Mapping[str, Tally]
    #: Without the answers that customers chose from several titles: nothing was guessed there.
    by_confidence: Mapping[Bucket, Tally]
    #: In the order in which the versions answered first.
    by_index_version: Mapping[str, Tally]

    @property
    def unvoted(self) -> list[Article]:
        """Articles that answered and that nobody voted on."""
        return [article for article, tally in self.by_article.items() if not tally.votes]

    def to_json(self) -> dict[str, Any]:
        """Return the whole report; a rate without votes is null."""
        return {
            "since_ms": self.since_ms,
            **self.whole.to_json(),
            "by_article": [
                {"article_id": article_id, "locale": locale}
                | tally.to_json()
                | {"unhelpful_questions": tally.unhelpful_questions}
                for (article_id, locale), tally in self.by_article.items()
            ],
            "by_language": [
                {"language": language} | tally.to_json()
                for language, tally in self.by_language.items()
            ],
            "by_confidence": [
                {"from": low, "to": high, "mean_confidence": round(tally.mean_confidence, 4)}
                | _rate_json(tally)
                for (low, high), tally in self.by_confidence.items()
            ],
            "by_index_version": [
                {"index_version": version, "first_ms": tally.first_ms} | tally.to_json()
                for version, tally in self.by_index_version.items()
            ],
        }


async def measure_helpfulness(database: Database, *, since_ms: int) -> Helpfulness:
    """Count answers given at `since_ms` or later, and the last vote on each of them.

    Raises:
        ArchiveUnavailable: try again.
    """
    whole = Tally()
    articles: dict[Article, Tally] = defaultdict(Tally)
    languages: dict[str, Tally] = defaultdict(Tally)
    versions: dict[str, Tally] = defaultdict(Tally)
    buckets: dict[Bucket, Tally] = defaultdict(Tally)

    def tallies(one: Answers | Vote) -> tuple[Tally, ...]:
        article = articles[one.article_id, one.locale]
        return whole, article, languages[one.language], versions[one.index_version]

    for answers in await count_answers(database, since_ms=since_ms):
        for tally in tallies(answers):
            tally.add_answers(answers)
    async for vote in votes_on_answers(database, since_ms=since_ms):
        for tally in tallies(vote):
            tally.add_vote(vote)
        if vote.confidence is not None:
            buckets[_bucket(vote.confidence)].add_vote(vote)
    return Helpfulness(
        since_ms=since_ms,
        whole=whole,
        by_article=dict(sorted(articles.items(), key=_worst_first)),
        by_language=dict(sorted(languages.items(), key=_worst_first)),
        by_confidence=dict(sorted(buckets.items())),
        by_index_version=dict(sorted(versions.items(), key=lambda item: item[1].first_ms)),
    )


def _worst_first(item: tuple[Any, Tally]) -> tuple[float, int, Any]:
    """Order by the upper end of the interval: ten of fifty is worse news than none of one."""
    key, tally = item
    interval = tally.rate.interval
    return interval[1] if interval else 2.0, -tally.answers, key


def _bucket(confidence: float) -> Bucket:
    """Return the step that holds it; certainty belongs to the last one."""
    steps = list(pairwise(STEPS))
    return next((step for step in steps if confidence < step[1]), steps[-1])


def _rate_json(tally: Tally) -> dict[str, Any]:
    rate = tally.rate
    low, high = rate.interval or (None, None)
    return {
        "votes": rate.count,
        "helpful": rate.hits,
        "rate": _rounded(rate.share),
        "low": _rounded(low),
        "high": _rounded(high),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
