"""What reviewers and maintainers accepted and no file holds yet. Values only."""

from __future__ import annotations

from dataclasses import dataclass

#: One phrase in so many is never trained on; candidates are judged by these.
HELD_OUT_ONE_IN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words of customers, and where they were said first."""

    key: str  #: hexadecimal hash of language and words
    text: str  #: masked
    language: str
    conversation_id: str
    seq: int

    @property
    def is_held_out(self) -> bool:
        """Whether these words are kept to judge by; the same in every process and for ever."""
        return int(self.key[:8], 16) % HELD_OUT_ONE_IN == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Who decided it and when; `ids` of all decisions that say the same."""

    ids: tuple[str, ...]
    reviewers: tuple[str, ...]  #: their names
    at: str  #: YYYY-MM-DD, the day of the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Words that mean an intent."""

    said: Said
    intent: str  #: as the reviewer wrote it
    is_new: bool  #: the reviewer asked for a new intent
    decided: Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Words that an article answers."""

    said: Said
    article_id: str
    locale: str  #: of the article that the reviewer saw; "" where they did not say
    decided: Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article that is missing, as far as agents' answers tell."""

    suggestion_id: str
    language: str
    title: str
    body: str
    questions: tuple[str, ...]  #: as customers asked, masked
    answers: tuple[str, ...]  #: as agents answered, masked
    conversation_ids: tuple[str, ...] = ()  #: in which they did
    people: tuple[str, ...] = ()  #: names of who accepted it


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """All of it, in the order of the decisions."""

    examples: tuple[Example, ...] = ()
    pins: tuple[Pin, ...] = ()
    drafts: tuple[Draft, ...] = ()
