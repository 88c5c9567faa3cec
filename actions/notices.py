"""Which published notice of a known problem a question is about, if any.

Four numbers say so: how like the question is to the titles and to the texts (means over
languages), to the one phrase that is most like it, and how much it sounds like a fault rather
than a question of use. A logistic regression weighs them, fitted on data/eval/notices.yml. With
each notice held out in turn, 3 of 4 who ask about one are told it, and 9 of 10 that are told are
right, though nearly half of those questions are near misses (`baton notice evaluate`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

#: Weights of the four numbers, and what is added; `baton notice evaluate` prints a new fit.
WEIGHTS = (4.8, 9.8, 10.35, 7.3)
BIAS = -11.0
#: Probability from which a notice is told.
SURE = 0.65
_PHRASES = Path(__file__).parent / "fault_phrases.yml"

FloatArray = npt.NDArray[np.float32]
#: Embeds questions: unit vectors less what all questions share, float32 (texts, dimension).
Embed = Callable[[Sequence[str]], FloatArray]


@dataclass(frozen=True, slots=True)
class Notice:
    """A known problem, in every way in which it is spoken of."""

    notice_id: str
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    questions: tuple[str, ...]  #: how customers ask about it, as its author wrote them

    @property
    def phrases(self) -> tuple[str, ...]:
        """What questions are compared with."""
        return (*self.titles, *self.texts, *self.questions)


#: Those of the call in hand, as the service knows them (bot/channels/notices.py checked them).
of_this_call: ContextVar[tuple[Notice, ...]] = ContextVar("notices", default=())


def notice_name(notice: Notice) -> str:
    """Return the name by which a notice stands among the articles that were shown."""
    return f"notice:{notice.notice_id}"


def read_notices(raw: Iterable[Mapping[str, Any]]) -> tuple[Notice, ...]:
    """Read what came with a call."""
    return tuple(
        Notice(str(one["id"]), tuple(one["titles"]), tuple(one["texts"]), tuple(one["questions"]))
        for one in raw
    )


@dataclass(slots=True)
class Notices:
    """Compares questions with notices; vectors of what notices say are kept while they stand."""

    embed: Embed
    _kept: dict[str, FloatArray] = field(default_factory=dict)
    _fault: FloatArray | None = None

    def find(self, question: str, notices: Sequence[Notice]) -> Notice | None:
        """Return the notice that a question is about, None where it is about none."""
        if not notices:
            return None
        sure = [probability(one) for one in self.likeness(question, notices)]
        best = int(np.argmax(sure))
        return notices[best] if sure[best] >= SURE else None

    def likeness(self, question: str, notices: Sequence[Notice]) -> list[tuple[float, ...]]:
        """Return for each notice the four numbers, in the order of WEIGHTS, each -1 to 1."""
        self._learn(notices)
        asked = self.embed([question])[0]
        fault = float(asked @ self._direction())
        return [(*self._compare(asked, one), fault) for one in notices]

    def _compare(self, asked: FloatArray, notice: Notice) -> tuple[float, float, float]:
        like = {phrase: float(asked @ self._kept[phrase]) for phrase in notice.phrases}
        titles = [like[title] for title in notice.titles]
        texts = [like[text] for text in notice.texts]
        return float(np.mean(titles)), float(np.mean(texts)), max(like.values())

    def _direction(self) -> FloatArray:
        """Return the unit vector that leads from questions of use to faults, (dimension,)."""
        if self._fault is None:
            phrases = yaml.safe_load(_PHRASES.read_text(encoding="utf-8"))
            away = self.embed(phrases["fault"]).mean(axis=0) - self.embed(phrases["use"]).mean(
                axis=0
            )
            self._fault = away / np.linalg.norm(away)
        return self._fault

    def _learn(self, notices: Sequence[Notice]) -> None:
        said = {phrase: None for one in notices for phrase in one.phrases}
        if missing := [phrase for phrase in said if phrase not in self._kept]:
            fresh = dict(zip(missing, self.embed(missing), strict=True))
            known = {phrase: self._kept[phrase] for phrase in said if phrase in self._kept}
            self._kept = known | fresh


def probability(likeness: Sequence[float]) -> float:
    """Return how surely a question with these numbers is about the notice, 0 to 1."""
    return float(1 / (1 + np.exp(-(np.dot(WEIGHTS, likeness) + BIAS))))
