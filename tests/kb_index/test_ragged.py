"""Ranges in one array."""

import numpy as np

from kb_index.ragged import expand


def test_the_numbers_of_all_ranges_stand_in_a_row():
    numbers, starts = expand(np.array([5, 0, 7]), np.array([7, 0, 10]))

    assert numbers.tolist() == [5, 6, 7, 8, 9]
    assert starts.tolist() == [0, 2, 2, 5]


def test_no_ranges_have_no_numbers():
    numbers, starts = expand(np.zeros(0, np.int64), np.zeros(0, np.int64))

    assert numbers.tolist() == []
    assert starts.tolist() == [0]
