"""What changed between two sets of phrases."""

from learning.candidates.phrases import compare_phrases
from learning.cross_validation import Phrase


def test_texts_are_kept_new_relabelled_or_removed():
    before = [
        Phrase("hi", "greet", "en"),
        Phrase("bye", "goodbye", "en"),
        Phrase("ok", "affirm", "en"),
    ]
    after = [
        Phrase("hi", "greet", "en"),
        Phrase("bye", "greet", "en"),
        Phrase("hey", "greet", "en"),
    ]

    changes = compare_phrases(before, after)

    assert changes.kept == (Phrase("hi", "greet", "en"),)
    assert changes.new == (Phrase("hey", "greet", "en"),)
    assert changes.relabelled == (Phrase("bye", "greet", "en"),)
    assert changes.was == {"bye": "goodbye"}
    assert changes.removed == (Phrase("ok", "affirm", "en"),)
    assert changes.as_json()["by_intent"] == {"greet": 2}


def test_the_same_phrases_are_no_change():
    same = [Phrase("hi", "greet", "en")]

    assert not compare_phrases(same, same).any
