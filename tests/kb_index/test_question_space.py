"""What is taken away from a question before meanings are compared."""

import numpy as np
import pytest

from kb_index.question_space import QuestionSpace

SPACE = QuestionSpace(
    mean=np.array([0.0, 0.0, 0.8], np.float32), axes=np.array([[1.0, 0.0, 0.0]], np.float32)
)
VECTOR = np.array([0.6, 0.5, 0.9], np.float32)


def test_a_share_of_the_mean_and_all_of_the_language_are_taken_away():
    assert SPACE.centre(VECTOR, share=0.5) == pytest.approx([0.0, 0.5, 0.5])


def test_without_a_share_the_vector_stays_as_it_is():
    assert (SPACE.centre(VECTOR, share=0.0) == VECTOR).all()


def test_questions_that_differ_in_language_alone_become_equal():
    other = VECTOR + np.array([0.3, 0.0, 0.0], np.float32)

    assert SPACE.centre(other, share=0.5) == pytest.approx(SPACE.centre(VECTOR, share=0.5))
