"""Words of pages keep their numbers, and are let go when there are too many."""

import json

import numpy as np
import pytest

from handoff_service.reports import pages
from handoff_service.reports.pages import Table, attributes, compact, make_page, read_page


@pytest.mark.parametrize("codes", [[], [0], [5, 2, 2, 9, 0]])
def test_small_numbers_are_told_apart_as_numpy_does(codes):
    codes = np.array(codes, dtype="<i4")
    there, places = compact(codes)
    expected, inverse = np.unique(codes, return_inverse=True)
    assert there.tolist() == expected.tolist()
    assert places.tolist() == inverse.tolist()


def page_of(*languages):
    """Return a page as the table of pages keeps it: one start in each language."""
    row = {column.key: "" for column in attributes("starts")} | {"number": 1, "at_ms": 5}
    made = make_page("starts", [(row | {"language": each}).values() for each in languages])
    return read_page("starts", made.records.tobytes(), json.dumps(made.words))


def test_tables_say_the_same_when_all_words_were_let_go_between_them(monkeypatch):
    monkeypatch.setattr(pages, "MOST_LISTS", 0)
    tables = [Table("starts", [page_of("ko", "ru"), page_of("ru", "en")]) for _ in range(2)]
    for table in tables:
        words = table.words("language")
        assert [words[code] for code in table["language"]] == ["ko", "ru", "ru", "en"]
        assert table.is_word("language", "ru").tolist() == [False, True, True, False]
        assert sorted(table.present("language")) == ["en", "ko", "ru"]
    assert pages._current() is not tables[1]._known
