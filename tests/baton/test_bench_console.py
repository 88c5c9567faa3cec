"""`baton bench console`: a real tab of an agent, weighed and timed."""

import json

import pytest
from click.testing import CliRunner

from baton.commands.bench import group


@pytest.mark.browser
def test_a_tab_is_weighed_and_words_are_timed():
    words = ("--conversations", "2", "--messages", "3", "--customers", "2", "--json")

    done = CliRunner().invoke(group, ["console", *words])

    assert done.exit_code in {0, 1}, done.output
    figures = json.loads(done.stdout)
    assert (done.exit_code == 0) == figures["fits"]
    assert figures["first_words"]["seen_ms"]["p50"] > 0
    assert (
        figures["first_words"]["seen_ms"]["p50"]
        < figures["first_words"]["accept_to_seen_ms"]["p50"]
    )
    assert 0 < figures["tab"]["heap_mb"] < figures["tab"]["tab_mb"]
    assert figures["tab"]["empty_tab_mb"] < figures["tab"]["tab_mb"]
    assert figures["tab"]["scrolling"]["fps"] > 0
