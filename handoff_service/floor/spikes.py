"""Finds what suddenly many customers ask: the last hour against the usual. Pure.

Questions are near each other when the angle between their vectors is small, whatever their
language. The number of customers near one question is compared with what the history foretells.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np
import numpy.typing as npt

from handoff_service.archive.questions import Question

Matrix = npt.NDArray[np.float32]

#: Cosine from which on two questions are about the same, once the mean of their language is taken
#: away. Of pairs of data/eval that are about different articles less than 1 % are nearer than this,
#: of the same question in two languages four in five.
NEAR = 0.25
#: Cosine from which on a question belongs to the middle of those that are near each other.
CLOSE = 0.4
#: So many of the questions with the most neighbours are tried: who asks twice is counted twice at
#: first.
CANDIDATES = 20
#: With fewer customers than this nothing is said, however unusual it is: a supervisor who is told
#: of three people does not look the next time.
FEWEST = 5
#: Chance that a quiet hour raises a hint, shared among as many topics as can be asked by FEWEST
#: customers each; were topics as steady as STEADY says. In simulated hours of 60 customers, where
#: the history comes in bursts, too, one quiet hour in forty raises one (`baton bench spikes`).
ALARM = 0.002
#: How steady a topic is from hour to hour: the shape of a gamma distribution by which its share
#: varies. 3: a topic is asked about half as often, or half as often again, in a third of the hours.
STEADY = 3.0
#: Counts added to the history: Jeffreys' prior of a Poisson rate.
PRIOR = 0.5
#: With less history than this nobody can say what is usual.
LEAST_HISTORY = 50
#: The mean of a language counts for itself from about so many questions on; the overall mean
#: fills it up to that.
OWN_MEAN = 10
#: Words shown of a spike.
WORDS = 4


@dataclass(frozen=True, slots=True)
class Spike:
    """Many customers ask about the same."""

    question: Question  #: the one that is nearest to all others
    conversation_ids: tuple[str, ...]  #: each customer's once, the latest first
    usual: float  #: how many customers the history foretells for as busy an hour
    chance: float  #: of so many or more, if all were as usual
    since_ms: int
    words: tuple[str, ...]  #: what they say more often than others do


def find_spikes(
    asked: Sequence[Question],
    vectors: Matrix,
    *,
    past: Sequence[Question],
    past_vectors: Matrix,
) -> list[Spike]:
    """Return what is unusual, the least likely first; no customer is in two of them.

    Args:
        asked: The questions of the last hour.
        vectors: Their vectors, float32 of shape (len(asked), dimension), each of length 1.
        past: Questions of hours like this one.
        past_vectors: Theirs.
    """
    history = len({question.conversation_id for question in past})
    customers = len({question.conversation_id for question in asked})
    if history < LEAST_HISTORY or customers < FEWEST:
        return []
    both = centred(
        np.concatenate([vectors, past_vectors]),
        [question.language for question in (*asked, *past)],
    )
    now, before = both[: len(asked)], both[len(asked) :]
    near = now @ now.T >= NEAR
    spikes: list[Spike] = []
    free = np.ones(len(asked), dtype=bool)
    while True:
        centre, members = _densest(now, near, free, asked)
        found = [question for question, is_member in zip(asked, members, strict=True) if is_member]
        names = {question.conversation_id for question in found}
        if len(names) < FEWEST:
            break
        free &= [question.conversation_id not in names for question in asked]
        alike = before @ centre >= CLOSE
        known = len(
            {
                question.conversation_id
                for question, is_near in zip(past, alike, strict=True)
                if is_near
            }
        )
        chance = tail(len(names), exposure=customers, known=known, history=history)
        if chance * customers / FEWEST < ALARM:
            middle = int(np.argmax(np.where(members, now @ centre, -1)))
            spikes.append(
                Spike(
                    question=asked[middle],
                    conversation_ids=_latest_first(found),
                    usual=known / history * customers,
                    chance=chance,
                    since_ms=min(question.at_ms for question in found),
                    words=topic_words(found, [*asked, *past]),
                )
            )
    return sorted(spikes, key=lambda spike: spike.chance)


def tail(count: int, *, exposure: int, known: int, history: int) -> float:
    """Return the chance that so many of `exposure` customers, or more, ask something.

    `known` of `history` did. What they ask comes in bursts: the share of those who do is the
    posterior gamma of a Poisson rate times the gamma of STEADY, itself taken for a gamma of the
    same mean and variance. The count is negative binomial then:
    P(X = i) = Γ(r+i)/(Γ(r) i!) p^r (1-p)^i with p = h/(h + exposure), where r and h are the
    gamma's shape and rate (Gelman et al., Bayesian Data Analysis, 2.6).
    """
    seen = known + PRIOR
    r = 1 / (1 / seen + 1 / STEADY + 1 / (seen * STEADY))
    h = r * history / seen
    log_p, log_q = log(h) - log(h + exposure), log(exposure) - log(h + exposure)
    total, i = 0.0, count
    while True:
        term = exp(lgamma(r + i) - lgamma(r) - lgamma(i + 1) + r * log_p + i * log_q)
        total += term
        i += 1
        if term < total * 1e-9 or total >= 1:
            return min(total, 1.0)


def centred(vectors: Matrix, languages: Sequence[str]) -> Matrix:
    """Take the mean of its language away from each vector; rows of length 1 again.

    A language's questions are nearer to each other than what they are about would make them.
    """
    overall = vectors.mean(axis=0)
    found = vectors.copy()
    names = np.array(languages)
    for language in set(languages):
        rows = names == language
        own = (vectors[rows].sum(axis=0) + OWN_MEAN * overall) / (rows.sum() + OWN_MEAN)
        found[rows] -= own
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    shortened: Matrix = found / np.maximum(lengths, 1e-6)
    return shortened


def _densest(
    vectors: Matrix,
    near: npt.NDArray[np.bool_],
    free: npt.NDArray[np.bool_],
    asked: Sequence[Question],
) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """Return the middle of the questions that most customers ask, and which these are.

    Whoever is near the question with the most neighbours makes the middle, a vector of length 1;
    what is close to that belongs to it: a mean says better than one question what it is about.
    """
    best, rank = np.zeros(len(asked), dtype=bool), 0
    counts = near[:, free].sum(axis=1) * free
    for index in np.argsort(-counts)[:CANDIDATES]:
        members = near[index] & free
        people = len({asked[other].conversation_id for other in np.flatnonzero(members).tolist()})
        if people > rank:
            best, rank = members, people
    middle = vectors[best].sum(axis=0)
    middle /= max(float(np.linalg.norm(middle)), 1e-6)
    return middle, (vectors @ middle >= CLOSE) & free


def _latest_first(questions: Sequence[Question]) -> tuple[str, ...]:
    latest = sorted(questions, key=lambda question: -question.at_ms)
    return tuple(dict.fromkeys(question.conversation_id for question in latest))


def topic_words(members: Sequence[Question], asked: Sequence[Question]) -> tuple[str, ...]:
    """Return the words in which these questions differ most from all, by log-likelihood ratio.

    Dunning (1993), on the number of questions that have a word.
    """
    inside, everywhere = _word_counts(members), _word_counts(asked)
    scores = {
        word: _gain(count, len(members), everywhere[word], len(asked))
        for word, count in inside.items()
        if count > 1
    }
    best = sorted(scores, key=lambda word: (-scores[word], word))
    chosen: list[str] = []
    for word in best:
        if scores[word] <= 0 or len(chosen) == WORDS:
            break
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return tuple(chosen)


def _gain(inside: int, members: int, everywhere: int, asked: int) -> float:
    expected = everywhere * members / asked
    return inside * log(inside / expected) if inside > expected else 0.0


def _word_counts(questions: Sequence[Question]) -> Mapping[str, int]:
    return Counter(word for question in questions for word in words_of(question.text))


def words_of(text: str) -> set[str]:
    """Return the words of a text that can stand for what it is about.

    Chinese is written without spaces: of its runs all pairs of characters are taken.
    """
    words: set[str] = set()
    for run in _runs(text.lower()):
        if any("\u4e00" <= char <= "\u9fff" for char in run):
            words |= {run[at : at + 2] for at in range(len(run) - 1)}
        elif len(run) > 3 or any("\uac00" <= char <= "\ud7a3" for char in run):
            words.add(run)
    return words


def _runs(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text).split()
