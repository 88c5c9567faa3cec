"""The intent model on vectors small enough to reason about."""

import numpy as np
import pytest

from bot.components.intent_model import IntentModel, centred, choose_threshold, fit


def clusters(names, *, per=20, seed=0):
    """Return unit vectors around one axis per name, all moved the same way as real ones are."""
    random = np.random.default_rng(seed)
    vectors, labels = [], []
    for axis, name in enumerate(names):
        for _ in range(per):
            vector = np.full(8, 1.0) + random.normal(0, 0.05, 8)
            vector[axis] += 1.0
            vectors.append(vector / np.linalg.norm(vector))
            labels.append(name)
    return np.array(vectors, np.float32), labels


@pytest.mark.parametrize("names", [["a", "b"], ["a", "b", "c", "out_of_scope"]])
def test_clear_clusters_are_told_apart(names):
    vectors, labels = clusters(names)
    unseen, expected = clusters(names, seed=1)

    model = fit(vectors, labels, out_of_scope="out_of_scope")

    probabilities = model.probabilities(unseen)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert [model.intents[i] for i in probabilities.argmax(axis=1)] == expected


def test_a_saved_model_is_the_same_model(tmp_path):
    vectors, labels = clusters(["a", "b", "c"])
    model = fit(vectors, labels, out_of_scope="none")

    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)

    assert loaded.intents == model.intents
    assert loaded.threshold == model.threshold
    assert np.array_equal(loaded.probabilities(vectors), model.probabilities(vectors))


def test_centring_takes_the_common_part_away():
    vectors, _ = clusters(["a", "b"])

    moved = centred(vectors, vectors.mean(axis=0))

    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[-1] > 0.8 > 0 > moved[0] @ moved[-1]


def test_the_cut_off_parts_known_from_unknown():
    in_scope = np.array([0.9, 0.8, 0.7, 0.6], np.float32)
    outside = np.array([0.3, 0.2], np.float32)

    cut = choose_threshold(in_scope, np.array([True] * 4), outside)

    assert 0.3 < cut <= 0.6


def test_without_unknown_texts_hardly_any_right_answer_is_lost():
    in_scope = np.linspace(0.2, 1.0, 101).astype(np.float32)

    cut = choose_threshold(in_scope, np.full(101, True), np.zeros(0, np.float32))

    assert np.mean(in_scope < cut) == pytest.approx(0.03, abs=0.01)
