"""The intent model on vectors small enough to reason about."""

import numpy as np
import pytest

from bot.components.intent_fitting import fit
from bot.components.intent_model import IntentModel
from bot.components.kernel_voter import LANDMARKS, KernelVoter
from bot.components.ngram_voter import NgramVoter
from bot.components.scope import Trial, choose_threshold, heights, measure_scope
from bot.components.vectors import centred


def clusters(names, *, per=20, seed=0):
    """Return texts and unit vectors around one axis per name, all moved the same way."""
    random = np.random.default_rng(seed)
    texts, vectors, labels = [], [], []
    for axis, name in enumerate(names):
        for number in range(per):
            vector = np.full(8, 1.0) + random.normal(0, 0.05, 8)
            vector[axis] += 1.0
            vectors.append(vector / np.linalg.norm(vector))
            texts.append(f"word{axis} {number}")
            labels.append(name)
    return texts, np.array(vectors, np.float32), labels


@pytest.mark.parametrize("names", [["a", "b"], ["a", "b", "c", "out_of_scope"]])
def test_clear_clusters_are_told_apart(names):
    unseen_texts, unseen, expected = clusters(names, seed=1)

    model = fit(*clusters(names), out_of_scope="out_of_scope")

    probabilities = model.probabilities(model.scores(unseen_texts, unseen))
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert [model.intents[i] for i in probabilities.argmax(axis=1)] == expected


def test_a_saved_model_is_the_same_model(tmp_path):
    texts, vectors, labels = clusters(["a", "b", "c"])
    model = fit(texts, vectors, labels, out_of_scope="none")

    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)

    assert (loaded.intents, loaded.scope) == (model.intents, model.scope)
    assert loaded.temperature == model.temperature
    assert np.array_equal(loaded.scores(texts, vectors), model.scores(texts, vectors))


def test_one_phrase_an_intent_is_enough_to_train():
    texts, vectors, labels = clusters(["a", "b"], per=1)

    model = fit(texts, vectors, labels, out_of_scope="none")

    best = model.scores(texts, vectors).argmax(axis=1)
    assert [model.intents[i] for i in best] == labels
    assert model.scope.threshold == 0


def test_an_intent_never_trained_is_refused():
    names = list("abcdefgh")
    texts, vectors, labels = clusters(names, per=12)
    known = [label != "h" for label in labels]
    model = fit(
        [text for text, keep in zip(texts, known, strict=True) if keep],
        vectors[known],
        [label for label in labels if label != "h"],
        out_of_scope="none",
    )

    _, height = heights(model.scores(texts, vectors), None)
    believed = model.scope.certainty(height) >= model.scope.threshold

    assert np.mean(believed[known]) > 0.95
    assert np.mean(believed[~np.array(known)]) < 0.2


def test_centring_takes_the_common_part_away():
    _, vectors, _ = clusters(["a", "b"])

    moved = centred(vectors, vectors.mean(axis=0))

    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[-1] > 0.8 > 0 > moved[0] @ moved[-1]


def test_a_sample_of_landmarks_votes_like_all_of_them():
    _, vectors, labels = clusters(["a", "b", "c"], per=LANDMARKS // 3 + 100)
    moved = centred(vectors, vectors.mean(axis=0))
    numbers = np.array(["abc".index(label) for label in labels])

    voter = KernelVoter.fit(moved, numbers)

    assert len(voter.landmarks) == LANDMARKS < len(moved)
    assert np.mean(voter.scores(moved).argmax(axis=1) == numbers) == 1


@pytest.mark.parametrize(
    ("texts", "asked"),
    [
        (["open the invoice", "turn on the lamp"], "invoices"),
        (["怎么查看发票", "打开客厅的灯"], "发票在哪里"),
        (["где мой счёт", "включи свет"], "счета"),
        (["청구서는 어디에 있나요", "조명을 켜 주세요"], "청구서 보기"),
    ],
)
def test_letters_alone_find_the_intent_in_every_script(texts, asked):
    voter = NgramVoter.fit(texts, np.array([0, 1]))

    assert voter.scores([asked, texts[1]]).argmax(axis=1).tolist() == [0, 1]


def test_a_text_without_letters_gets_a_vote_all_the_same():
    voter = NgramVoter.fit(["a b", "c d"], np.array([0, 1]))

    assert voter.scores(["   "]).shape == (1, 2)


def test_the_out_of_scope_intent_is_never_the_best_and_lowers_the_height():
    scores = np.array([[2.0, 1.0, -3.0], [2.0, 1.0, 5.0]], np.float32)

    best, height = heights(scores, 2)

    assert best.tolist() == [0, 0]
    assert height[0] > height[1]


def test_the_cut_off_parts_known_from_unknown():
    inside, outside = np.linspace(0.6, 0.9, 30), np.full(20, 0.3)

    cut = choose_threshold(inside, np.full(30, True), outside, unknown_share=0.1)

    assert 0.3 < cut <= 0.6


def test_the_rarer_the_unknown_the_less_is_refused():
    inside, outside = np.linspace(0, 1, 100) ** 0.5, np.linspace(0, 1, 100) ** 2
    right = np.full(100, True)

    cuts = [choose_threshold(inside, right, outside, unknown_share=s) for s in (0.5, 0.1, 0.01)]

    assert cuts == sorted(cuts, reverse=True)
    assert cuts[0] > cuts[-1]


def test_enough_examples_of_what_is_outside_count_instead_of_left_out_intents():
    heights_ = np.concatenate([np.full(50, 3.0), np.full(50, 1.0), np.full(50, 2.0)])
    known = np.repeat([True, True, False], 50)
    outside = np.repeat([False, True, False], 50)
    trial = Trial(heights_, right=known & ~outside, known=known, outside=outside)

    scope = measure_scope(trial, n_phrases=100, n_outside=50)

    assert scope.certainty(np.array([1.0]))[0] < scope.threshold
    assert scope.certainty(np.array([2.0]))[0] > 0.4
