import pytest

from baton.client.percentile import percentile

TEN = [10.0, 1.0, 9.0, 2.0, 8.0, 3.0, 7.0, 4.0, 6.0, 5.0]


@pytest.mark.parametrize(
    ("percent", "wanted"), [(50, 5.0), (51, 6.0), (90, 9.0), (95, 10.0), (100, 10.0), (1, 1.0)]
)
def test_the_percentile_is_the_value_at_the_nearest_rank(percent, wanted):
    assert percentile(TEN, percent) == wanted


def test_one_value_is_every_percentile():
    assert percentile([7.0], 1) == percentile([7.0], 99) == 7.0


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([1.0], 0), ([1.0], 101)])
def test_there_is_no_percentile_of_nothing_or_out_of_range(values, percent):
    with pytest.raises(ValueError, match=r"percentile|above 0"):
        percentile(values, percent)
