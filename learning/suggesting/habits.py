"""Finds what agents write again and again: wordings for canned replies, answers for articles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from handoff_service.archive.learning.answers import AgentAnswer
from handoff_service.archive.learning.suggestions import Suggestion
from kb_index.embedding import FloatMatrix
from kb_index.sentences import split_sentences
from learning.suggesting.grouping import dense_groups

#: Cosines of answers from which on they are one wording, and, with those of their questions, one
#: subject.
SAME_WORDING, SAME_SUBJECT = 0.85, 0.70
#: A reply or article that is so near is there already.
THERE_ALREADY = 0.80
#: Conversations in which it was written at least: by several agents, or by one.
LEAST, LEAST_OF_ONE = 3, 5
#: Letters of an answer that could become an article; Han and Hangul say more in fewer.
SUBSTANTIVE, SUBSTANTIVE_DENSE = 80, 35
#: Longest canned reply and longest title, in characters; wordings quoted at most.
LONGEST_REPLY, LONGEST_TITLE, MOST_SOURCES = 1000, 80, 8
_DENSE = re.compile(r"[\u3400-\u9fff가-힣]")
#: What masking put there, as a placeholder of canned replies.
_VARIABLES = {"email": "{{customer.email}}", "name": "{{customer.name}}"}
_OWN_NAME = re.compile(
    r"(?:my name is|this is|i am|i'm|меня зовут|我是|我叫|客服|상담(?:사|원))\s*‹name›",
    re.IGNORECASE,
)
_ORDER = re.compile(r"\bHV-?\d{4,}\b")


@dataclass(frozen=True, slots=True)
class Nearest:
    """The article that is nearest to a question, and whether it answers it."""

    near: dict[str, Any]  #: article_id, locale, title, similarity; {}: none
    answers: bool


def find_replies(
    answers: Sequence[AgentAnswer],
    vectors: FloatMatrix,
    *,
    there: Sequence[tuple[str, str]],
    there_vectors: FloatMatrix,
    now_ms: int,
) -> list[Suggestion]:
    """Return canned replies that would save writing, of one language and its rows of `vectors`.

    `there` are (id, text) of replies that need not be suggested, with vectors of their own.
    """
    found = []
    for group in dense_groups(vectors, least=SAME_WORDING):
        own = [answers[row] for row in group]
        body = with_variables(own[0].text)
        if not _is_habit(own) or len(body) > LONGEST_REPLY:
            continue
        near = there_vectors @ vectors[group[0]] if len(there) else np.zeros(0)
        if near.size and near.max() >= THERE_ALREADY:
            continue
        nearest: dict[str, Any] = {}
        if near.size:
            place = int(near.argmax())
            nearest = {"reply_id": there[place][0], "similarity": round(float(near[place]), 3)}
        found.append(
            _suggestion(
                "reply", own, title=_shortened(own[0].text), body=body, near=nearest,
                vector=vectors[group[0]], now_ms=now_ms,
            )
        )  # fmt: skip
    return found


def find_articles(
    answers: Sequence[AgentAnswer],
    vectors: FloatMatrix,
    asked: FloatMatrix,
    *,
    there_vectors: FloatMatrix,
    nearest: Callable[[AgentAnswer], Nearest],
    now_ms: int,
) -> list[Suggestion]:
    """Return articles that are missing: questions that agents keep answering and no article does.

    Args:
        answers: Of one language.
        vectors: Of the answers.
        asked: Of the questions.
        there_vectors: Of suggestions that were decided on before.
        nearest: Looks a question up in the articles.
        now_ms: The time.
    """
    rows = [row for row, answer in enumerate(answers) if _is_substantive(answer.text)]
    if not rows:
        return []
    both = np.hstack([vectors[rows], asked[rows]]) / np.sqrt(np.float32(2))
    found = []
    for group in dense_groups(both, least=SAME_SUBJECT):
        members = [rows[place] for place in group]
        own = [answers[row] for row in members]
        vector = vectors[members[0]]
        if not _is_habit(own):
            continue
        if len(there_vectors) and (there_vectors @ vector).max() >= THERE_ALREADY:
            continue
        place = nearest(own[0])
        if place.answers:
            continue
        found.append(
            _suggestion(
                "article", own, title=_shortened(own[0].question), body=own[0].text,
                near=place.near, vector=vector, now_ms=now_ms,
            )
        )  # fmt: skip
    return found


def with_variables(text: str) -> str:
    """Return an agent's words as a canned reply: what was of one customer is a placeholder."""
    text = text.strip().replace("{{", "{ {").replace("}}", "} }")
    text = _OWN_NAME.sub(lambda found: found[0].replace("‹name›", "{{agent.name}}"), text)
    text = _ORDER.sub("{{order}}", text)
    for kind, variable in _VARIABLES.items():
        text = text.replace(f"‹{kind}›", variable)
    return text


def _is_habit(own: Sequence[AgentAnswer]) -> bool:
    talks = len({answer.conversation_id for answer in own})
    return talks >= (LEAST if len({answer.agent_id for answer in own}) > 1 else LEAST_OF_ONE)


def _is_substantive(text: str) -> bool:
    return len(text) >= (SUBSTANTIVE_DENSE if _DENSE.search(text) else SUBSTANTIVE)


def _shortened(text: str) -> str:
    first = next((s.strip() for s in split_sentences(text) if s.strip()), text.strip())
    line = " ".join(first.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def _suggestion(
    kind: str,
    own: Sequence[AgentAnswer],
    *,
    title: str,
    body: str,
    near: dict[str, Any],
    vector: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    now_ms: int,
) -> Suggestion:
    """Tell of a group of answers, its medoid first; only what is quoted leaves a trace of it."""
    quoted: dict[str, AgentAnswer] = {}
    for answer in own:
        quoted.setdefault(answer.text, answer)
    picked = list(quoted.values())[:MOST_SOURCES]
    questions = {answer.question.casefold(): answer.question for answer in picked}
    return Suggestion(
        kind=kind,
        language=own[0].language,
        title=title,
        body=body,
        turns=len({answer.conversation_id for answer in own}),
        agents=len({answer.agent_id for answer in own}),
        near=near,
        sources=[source_of(answer) for answer in picked],
        questions=[*questions.values()],
        vector=vector.astype(np.float16).tobytes(),
        found_ms=now_ms,
    )


def source_of(answer: AgentAnswer) -> dict[str, Any]:
    """Return where something was written, as suggestions keep it."""
    return {
        "conversation_id": answer.conversation_id,
        "seq": answer.seq,
        "text": answer.text,
    }
