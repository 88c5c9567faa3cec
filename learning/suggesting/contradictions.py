"""Finds where an agent's answer says otherwise than an article: other quantities, yes for no.

Precision goes before recall: whoever is shown three false alarms looks at none any more. So only
sentences are compared that say nearly the same apart from their numbers, a quantity that stands
anywhere in the article is never one that contradicts it, and quantities of different kinds (days
and working days, euros and dollars) are not compared at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kb_index.embedding import FloatMatrix
from kb_index.sentences import split_sentences
from learning.suggesting.negation import denies, yes_or_no
from learning.suggesting.quantities import Quantity, quantities, without_numbers

#: Cosines, tuned on the odd lines of data/eval/contradictions.jsonl: from which on two sentences
#: talk of the same apart from a quantity, …
SAME_BUT_NUMBER = 0.65
#: … apart from a "not", …
SAME_BUT_NOT = 0.80
#: … and from which on a question is what a sentence answers.
ASKED = 0.70
#: A longer sentence is a list or a table, in which nothing can be said to belong together.
LONGEST = 300
#: What comes behind such a word limits what stood before, and does not say the same.
_BUT = re.compile(
    r",?\s+(?:but|however|although|unless)\b|,\s*(?:но|однако|хотя|если)\b"
    r"|[，,]?\s*(?:但是?|不过|不過|只是|除非)|(?<=지만)[,\s]|(?<=는데)[,\s]"
)

#: Unit vectors of texts.
Embed = Callable[[Sequence[str]], FloatMatrix]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where both sides cannot be right."""

    kind: str  #: quantity or negation
    article: str  #: sentence
    agent: str  #: sentence
    similarity: float  #: of both, cosine


def find_differences(
    answer: str, article: str, *, language: str, locale: str, embed: Embed, question: str = ""
) -> list[Difference]:
    """Compare what an agent answered with an article.

    Args:
        answer: What the agent wrote, masked.
        article: The passage of the article, or all of it, as plain text.
        language: Of the answer and the question.
        locale: Of the article.
        embed: Returns unit vectors.
        question: What the customer had asked; "": not known.
    """
    said = [*_clauses(answer)]
    written = [*_clauses(article)]
    if not said or not written:
        return []
    known = quantities(article, language=locale)
    near = embed([without_numbers(text) for text in said]) @ embed(
        [without_numbers(text) for text in written]
    ).T  # fmt: skip
    best = near.argmax(axis=1)  # the sentence of the article that each of the agent's is about
    found = []
    for place, text in enumerate(said):
        other, similarity = written[int(best[place])], float(near[place, best[place]])
        if similarity >= SAME_BUT_NUMBER and _clash(text, other, known, language, locale):
            found.append(Difference("quantity", other, text, similarity))
        elif similarity >= SAME_BUT_NOT and _turned(text, other, language, locale):
            # Unless the answer also says what the article says.
            agreeing = near[:, best[place]] >= similarity
            if agreeing.sum() == 1 or not _says(said, agreeing, other, language, locale):
                found.append(Difference("negation", other, text, similarity))
    return found or [*_wrong_yes(answer, written, question, language, locale, embed)]


def _clauses(text: str) -> Iterator[str]:
    for sentence in split_sentences(text):
        for clause in _BUT.split(sentence):
            if len(clause.strip()) > 1 and len(clause) <= LONGEST:
                yield clause.strip()


def _clash(said: str, written: str, known: Sequence[Quantity], language: str, locale: str) -> bool:
    """Whether a quantity of the agent's is of a kind that the sentence has, and fits none known."""
    theirs = {quantity.kind for quantity in quantities(written, language=locale)}
    return any(
        quantity.kind in theirs
        and not any(quantity.kind == own.kind and quantity.agrees(own) for own in known)
        for quantity in quantities(said, language=language)
    )


def _turned(said: str, written: str, language: str, locale: str) -> bool:
    return denies(said, language=language) != denies(written, language=locale)


def _says(
    said: Sequence[str], which: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], written: str,
    language: str, locale: str,
) -> bool:  # fmt: skip
    return any(
        not _turned(text, written, language, locale)
        for text, near in zip(said, which, strict=True)
        if near
    )


def _wrong_yes(
    answer: str, written: Sequence[str], question: str, language: str, locale: str, embed: Embed
) -> Iterator[Difference]:
    """Yield a yes to what the article denies, or a no to what it affirms."""
    said = yes_or_no(answer)
    if said is None or not question or len(question) > LONGEST:
        return
    near = (embed([question]) @ embed(list(written)).T)[0]
    place = int(near.argmax())
    asked_of, similarity = written[place], float(near[place])
    affirmed = denies(asked_of, language=locale) == denies(question, language=language)
    if similarity >= ASKED and affirmed != said:
        yield Difference("negation", asked_of, answer, similarity)
