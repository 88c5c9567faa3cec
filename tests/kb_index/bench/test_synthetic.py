"""What is drawn is what the description says, every time."""

from collections import Counter

import numpy as np
import pytest

from kb_index.analyzers import analyze
from kb_index.bench.synthetic import (
    CHUNKS_PER_TOPIC,
    CLUSTERED,
    COMMON,
    HARD,
    Space,
    ask_words,
    draw_words,
    name_word,
)

N = 3000


@pytest.fixture(scope="module")
def space():
    common = np.random.default_rng(4).standard_normal(384).astype(np.float32)
    return Space(common / np.linalg.norm(common), HARD)


@pytest.fixture(scope="module")
def passages(space):
    return np.concatenate(list(space.passages(N)))


def test_vectors_are_drawn_the_same_each_time(space, passages):
    again = np.concatenate(list(space.passages(N)))

    assert passages.shape == (N, 384)
    assert passages.dtype == np.float32
    assert np.array_equal(again, passages)
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)


def test_chunks_of_an_article_are_near_each_other(space, passages):
    own = passages - np.outer(passages @ space.common, space.common)
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    cosines = own[:100] @ own.T

    assert np.mean(passages @ space.common) == pytest.approx(COMMON, abs=0.02)
    same_article = [cosines[n, n + 1] for n in range(0, 100, 5)]
    same_topic = [cosines[n, n + 5] for n in range(0, 100, 5)]
    assert np.mean(same_article) == pytest.approx(2 / 3, abs=0.06)
    assert np.mean(same_topic) == pytest.approx(1 / 3, abs=0.08)
    assert abs(np.mean(cosines[:, 1000:])) < 0.05


def test_a_question_is_as_near_to_its_chunk_as_is_said(space, passages):
    questions = space.questions(passages[:200])
    own = questions - np.outer(questions @ space.common, space.common)
    chunks = passages[:200] - np.outer(passages[:200] @ space.common, space.common)
    cosines = (own * chunks).sum(1) / np.linalg.norm(own, axis=1) / np.linalg.norm(chunks, axis=1)

    assert np.mean(cosines) == pytest.approx(HARD.likeness, abs=0.03)


def test_clustered_questions_are_nearest_to_chunks_of_their_topic(space):
    clustered = Space(space.common, CLUSTERED)
    passages = np.concatenate(list(clustered.passages(N)))
    questions = clustered.questions(passages[::100])

    nearest = np.argsort(-(questions - COMMON * space.common) @ passages.T, axis=1)[:, :10]

    topics = np.arange(0, N, 100)[:, None] // CHUNKS_PER_TOPIC
    assert np.mean(nearest // CHUNKS_PER_TOPIC == topics) > 0.98


def test_words_follow_their_law():
    chunks = list(draw_words(N))
    holding = Counter(word for chunk in chunks for word in set(chunk))
    shares = [holding[name_word(rank - 1)] / N for rank in (1, 100, 1000)]

    assert np.mean([len(chunk) for chunk in chunks]) == pytest.approx(80, abs=4)
    assert np.mean([len(set(chunk)) for chunk in chunks]) == pytest.approx(46, abs=3)
    assert shares == pytest.approx([0.88, 0.062, 0.0045], rel=0.35)
    assert list(draw_words(N)) == chunks


def test_words_are_names_that_analyzers_leave_alone():
    words = [name_word(number) for number in range(0, 200_000, 997)]

    assert len(set(words)) == len(words)
    assert analyze(" ".join(words)) == words


def test_a_question_has_words_of_its_chunk():
    chunk = next(draw_words(1))

    asked = ask_words(chunk, 1).split()

    assert len(set(asked) & set(chunk)) >= 5
    assert ask_words(chunk, 1).split() == asked
