"""The same question again: by likeness and article, by spelling where no vector is known."""

import pytest

from actions.repeated import REMEMBERED, remember, times_asked


def asked(text, article_id="a"):
    return {"text": text, "article_id": article_id}


@pytest.mark.parametrize(
    ("before", "likeness", "times"),
    [
        ([], [], 1),
        ([asked("x"), asked("y")], [0.9, 0.7], 3),
        ([asked("x"), asked("y")], [0.9, 0.3], 2),
        ([asked("x", "b")], [0.9], 1),  # alike in words, answered by another article
        ([asked("Reset  my PASSWORD!")], [None], 2),
        ([asked("reset my hub")], [None], 1),
        ([asked("once more: reset my password!", "b")], [None], 2),
        ([asked("once more: reset my password!", "b")], [0.4], 2),  # the same with a few words more
        ([asked("reset my password on the tablet of my neighbour", "b")], [0.4], 1),
    ],
)
def test_how_often(before, likeness, times):
    assert times_asked(asked("reset my password?"), before, likeness=likeness) == times


def test_only_the_last_questions_are_remembered():
    kept = remember(asked("new"), [asked(str(number)) for number in range(REMEMBERED)])

    assert [question["text"] for question in kept] == ["1", "2", "3", "4", "5", "new"]
