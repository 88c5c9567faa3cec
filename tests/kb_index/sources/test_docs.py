"""docs/sources.md says of every setting what it is, and its example can be read."""

import dataclasses
import re
from pathlib import Path

from kb_index.sources import settings

PAGE = Path(__file__).parents[3] / "docs" / "sources.md"


def test_every_setting_has_its_row_with_its_default():
    rows = dict(re.findall(r"^\| (`[^|]+) \| ([^|]+) \|", PAGE.read_text(), re.MULTILINE))
    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row)}

    assert documented == {*settings._TEXTS, *settings._LISTS, *settings._NUMBERS}
    for field in dataclasses.fields(settings.Limits):
        assert float(rows[f"`{field.name}`"]) == field.default


def test_the_example_can_be_read(tmp_path):
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "sources.yml").write_text(example[1])

    assert [one.kind.value for one in settings.read_sources(tmp_path)] == [
        "crawl",
        "sitemap",
        "files",
        "jsonl",
    ]
