"""Article files that did not change are not parsed again, and say the same."""

import pytest

from kb_index import articles, kept_readings
from kb_index.articles import load_articles
from kb_index.kept_readings import KeptReadings


@pytest.fixture
def load(articles_dir, tmp_path, monkeypatch):
    """Load the articles as a build does; returns what was loaded and how many files were parsed."""
    parsed = []
    parse = articles._parse
    monkeypatch.setattr(articles, "_parse", lambda *a, **k: parsed.append(1) or parse(*a, **k))

    def run():
        parsed.clear()
        loaded = load_articles(articles_dir, kept=KeptReadings(tmp_path / "kb" / "readings.json"))
        return loaded, len(parsed)

    return run


def test_unchanged_files_are_not_parsed_again(load, articles_dir):
    plain = load_articles(articles_dir)

    first, again = load(), load()

    assert (first[1], again[1]) == (15, 0)
    assert first[0] == again[0] == plain


def test_a_changed_file_is_parsed_and_its_links_checked(load, articles_dir):
    load()
    file = articles_dir / "en" / "refunds.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("](reset-password)", "](no-such)") + "\n\n\n", encoding="utf-8")

    loaded, parsed = load()

    assert parsed == 1
    assert "link to 'no-such'" in loaded.problems[0].reason
    assert load() == (load_articles(articles_dir), 0)


def test_links_of_unchanged_files_are_checked_anew(load, articles_dir):
    load()
    (articles_dir / "en" / "reset-password.md").unlink()

    loaded, parsed = load()

    assert parsed == 0
    assert "link to 'reset-password'" in loaded.problems[0].reason


def test_the_same_text_in_another_locale_is_another_reading(load, articles_dir):
    load()
    (articles_dir / "ko" / "refunds.md").write_bytes(
        (articles_dir / "en" / "refunds.md").read_bytes()
    )

    assert "locale en in the folder of ko" in load()[0].problems[0].reason


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"by": 1}'])
def test_damaged_readings_are_made_again(load, tmp_path, damage):
    load()
    (tmp_path / "kb" / "readings.json").write_text(damage)

    assert load()[1] == 15
    assert load()[1] == 0


def test_what_other_code_read_is_read_again(load, monkeypatch):
    load()
    monkeypatch.setattr(kept_readings, "code_stamp", lambda: "of tomorrow")

    assert load()[1] == 15
