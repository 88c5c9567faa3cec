"""Queries, bodies and answers of the review queue."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from handoff_service.archive.learning.review_codes import Reason

Limit = Annotated[int, Field(ge=1, le=200)]
Name = Annotated[str, Field(max_length=200)]
Language = Annotated[str, Field(max_length=16)]


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """Which groups, and from where."""

    limit: Limit = 50
    after: Annotated[str, Field(max_length=100)] = ""
    language: Language | None = None
    reason: Reason | None = None
    #: Instead of the queue, what one other reviewer decided, without saying what: a second opinion.
    blind: bool = False


@dataclass(frozen=True, slots=True)
class GroupQuery:
    """From where the phrases of a group are listed, and whether others' decisions are shown."""

    after: Annotated[int, Field(ge=0)] = 0
    limit: Limit = 100
    blind: bool = False


@dataclass(frozen=True, slots=True)
class ChoicesQuery:
    """For which group; without one nothing is suggested."""

    near: Annotated[int, Field(ge=1)] | None = None


@dataclass(frozen=True, slots=True)
class PhraseView:
    """One wording, masked."""

    phrase_id: int
    text: str
    language: str
    turns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleView:
    """The turn that shows what a group is about; what the fields mean: `LearnTurnRow`."""

    conversation_id: str
    seq: int
    at_ms: int
    text: str
    language: str
    intent: str | None
    intent_confidence: float | None
    scope_confidence: float | None
    runner_up: str | None
    did: str
    reply_seq: int | None
    answer_confidence: float | None
    article_id: str | None
    article_locale: str | None
    article_title: str | None  #: null: it is not published any more
    vote: int | None
    mark: str | None
    handoff_reason: str | None
    agent_answer: str | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What a reviewer said."""

    decision_id: str
    reviewer: str
    verdict: str
    intent: str | None
    article_id: str | None
    locale: str | None
    note: str
    at_ms: int
    mine: bool
    applied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGroupView:
    """Phrases that are decided together."""

    group_id: int
    #: How many turns a decision is expected to put right.
    score: float
    reasons: list[Reason]
    phrases: int
    turns: int
    conversations: int
    languages: list[str]
    last_ms: int
    #: open, decided, disputed, ignored or spam.
    state: str
    example: ExampleView | None
    #: At most 8, what is said most first.
    others: list[PhraseView]
    decisions: list[DecisionView]


@dataclass(frozen=True, slots=True)
class AgreementView:
    """How far reviewers agree who did not know of each other's word."""

    pairs: int
    agreed: int
    #: Cohen's; null: nothing to count it from.
    kappa: float | None


@dataclass(frozen=True, slots=True)
class QueueAnswer:
    """A page of the queue; `after` begins the next one, null: there is none."""

    groups: list[ReviewGroupView]
    open: int
    agreement: AgreementView
    after: str | None


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """One group with a page of its phrases."""

    group: ReviewGroupView
    phrases: list[PhraseView]
    after: int | None


@dataclass(frozen=True, slots=True)
class DecisionBody:
    """What a reviewer says of a group; `intent` with `intent`, `article_id` with `article`."""

    verdict: Literal["right", "intent", "article", "new_intent", "ignore", "spam"]
    intent: Name | None = None
    article_id: Name | None = None
    locale: Language | None = None
    #: Phrases that it does not hold for.
    without: Annotated[list[int], Field(max_length=1000)] = field(default_factory=list)
    note: Annotated[str, Field(max_length=1000)] = ""


@dataclass(frozen=True, slots=True)
class DecisionAnswer:
    """What was kept, and where the group stands now."""

    decision_id: str
    group_id: int
    state: str


@dataclass(frozen=True, slots=True)
class IntentChoice:
    """An intent that the bot knows."""

    name: str
    phrases: int
    #: By language.
    samples: dict[str, list[str]]
    suggested: bool


@dataclass(frozen=True, slots=True)
class ArticleChoice:
    """A published article."""

    article_id: str
    title: str
    locale: str
    suggested: bool


@dataclass(frozen=True, slots=True)
class ChoicesAnswer:
    """What a group may be decided to mean: the suggested ones first, the likeliest before."""

    intents: list[IntentChoice]
    articles: list[ArticleChoice]
