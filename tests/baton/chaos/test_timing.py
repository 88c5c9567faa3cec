"""Times of people: drawn from dialogues, or from what fits them."""

import json
import math
import random
import statistics

import pytest

from baton.chaos.timing import Timing, read_gaps


def test_without_a_file_half_are_below_twenty_seconds_and_nine_in_ten_below_fifty_three():
    rng = random.Random(1)
    gaps = sorted(Timing().gap_s(rng) for _ in range(20_000))

    assert math.isclose(statistics.median(gaps), 20, rel_tol=0.05)
    assert math.isclose(gaps[18_000], 53, rel_tol=0.05)


def test_pace_divides_times():
    slow, quick = Timing(1.0, [30.0]), Timing(10.0, [30.0])

    assert slow.gap_s(random.Random(1)) == 30.0
    assert quick.gap_s(random.Random(1)) == 3.0
    assert quick.about_s(4.0, random.Random(1)) == slow.about_s(4.0, random.Random(1)) / 10


def test_gaps_are_read_from_dialogues(tmp_path):
    file = tmp_path / "talks.jsonl"
    turns = [["customer", "hi", 0], ["agent", "hello", 17, "greet"], ["customer", "so", 17.5]]
    lunch = [["customer", "hi", 0], ["agent", "hello", 4000]]
    file.write_text("".join(json.dumps({"turns": t}) + "\n" for t in (turns, lunch)))

    assert read_gaps(file) == [17.0, 0.5]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no json\n", "talks.jsonl:1: no dialogue"),
        ('{"turns": [["customer", "hi"]]}\n', "talks.jsonl:1: no dialogue"),
        ('{"turns": []}\n', "no gaps between messages"),
    ],
)
def test_another_file_is_refused_by_name(tmp_path, text, says):
    file = tmp_path / "talks.jsonl"
    file.write_text(text)

    with pytest.raises(ValueError, match=says):
        read_gaps(file)
