"""Near-duplicates stand together, and the order asks for what helps most."""

import numpy as np
import pytest

from learning.reviewing.grouping import SAME, Leaders, lead
from learning.reviewing.order import nearest_intents, ordered_scores


def at(*degrees):
    """Return unit vectors in a plane: cosines can be worked out by hand."""
    angles = np.radians(np.array(degrees, np.float64))
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


#: 15°: cosine 0.966, together; 20°: 0.940, apart.
NEAR, APART = 15, 20


def test_what_comes_first_leads_and_nothing_creeps():
    assert np.cos(np.radians(NEAR)) > SAME > np.cos(np.radians(APART))
    # 0 leads 15; 30 is near to 15 but not to 0, and leads by itself; 28 is nearer to 30.
    assert lead(at(0, 15, 30, 28, 90)).tolist() == [0, 0, 2, 2, 4]


def test_a_phrase_joins_the_nearest_example_whatever_block_it_is_in():
    leaders = Leaders(at(0, 90), [7, 8])
    leaders.extend(at(40), [9])

    groups, cosines = leaders.nearest(at(10, 44, 80, 200))

    assert groups[:3] == [7, 9, 8]
    assert cosines[:3] == pytest.approx(np.cos(np.radians([10, 4, 10])), abs=1e-3)
    assert cosines[3] < SAME
    assert Leaders(at(), []).nearest(at(10))[0] == [-1]


def test_half_as_many_again_of_the_same_come_after_something_else():
    # Three groups of one thing, the heaviest first, and a lighter one of another thing.
    masses = np.array([10.0, 9.0, 8.0, 5.0])

    scores = ordered_scores(masses, at(0, 8, 16, 90))

    assert np.argsort(-scores)[:2].tolist() == [1, 3], "the one in the middle tells of all three"
    assert scores[1] == pytest.approx(26.5, rel=0.02)
    assert scores[3] == pytest.approx(5)


def test_scores_never_grow_by_decisions():
    chance = np.random.default_rng(3)
    vectors = chance.normal(size=(60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    masses = chance.pareto(1.2, 60) + 0.1

    scores = ordered_scores(masses, vectors)

    assert (scores >= 0).all()
    assert scores.sum() <= masses.sum() * (1 + 1e-9), "nothing is put right twice"


def test_decided_phrases_say_what_their_like_may_mean():
    known, intents = at(0, 10, 12, 90), ["order", "refund", "refund", "hub"]

    assert nearest_intents(at(11, 89, 200), intents, known, most=2) == [
        ["refund", "order"], ["hub"], []
    ]  # fmt: skip
    assert nearest_intents(at(11), [], at(), most=2) == [[]]
