"""Documents: the same settings as YAML and as JSON, and what differs between two of them."""

from pathlib import Path

import pytest

from handoff_service.hours_file import find_hours
from handoff_service.live import Live
from handoff_service.live_settings.areas import Areas
from handoff_service.live_settings.changes import Change, changes
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.live_settings.documents import nodes_of, read_document, write_document
from handoff_service.proactive_file import find_first_words
from handoff_service.routing_file import find_routing
from handoff_service.sites_file import find_sites
from handoff_service.yaml_nodes import Unreadable, Unusable

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture
def areas(make_settings):
    """The areas as the project's own files have them."""
    return Areas.of(
        make_settings(
            hours_file=DATA / "business_hours.yml",
            routing_file=DATA / "routing.yml",
            widget_file=DATA / "widget.yml",
            proactive_file=DATA / "proactive.yml",
        )
    )


def test_a_file_says_the_same_as_its_document(areas):
    assert areas.hours.parse(areas.hours.first[0]) == find_hours(DATA / "business_hours.yml")
    assert areas.routing.parse(areas.routing.first[0]) == find_routing(DATA / "routing.yml")
    assert areas.sites.parse(areas.sites.first[0]) == find_sites(DATA / "widget.yml")
    read = areas.proactive.parse(areas.proactive.first[0])
    assert read == find_first_words(DATA / "proactive.yml")


def test_a_document_survives_being_written(areas):
    for area in areas:
        document = area.first[0]
        assert read_document(write_document(document), name=area.name) == document


def test_words_are_texts_unless_they_are_numbers_or_truths():
    text = "{a: off, b: 01:30, c: 007, d: 12, e: 0.5, f: true, g: '12', h: 01-01, i: }"

    assert read_document(text, name="x") == {
        "a": "off", "b": "01:30", "c": "007", "d": 12, "e": 0.5, "f": True, "g": "12",
        "h": "01-01", "i": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- a list\n", "expected names"),
        ("a: &x {}\nb: *x\n", "alias"),
        ("a: [\n", "routing:2: is not YAML"),
        ("a: " + "[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_no_document_is_told(text, why):
    with pytest.raises(Unreadable, match=why):
        read_document(text, name="routing")


@pytest.mark.parametrize("text", ["\ud800", "a\u0000b"])
def test_characters_that_no_text_has_are_refused_before_they_reach_sql(text):
    with pytest.raises(Unreadable, match="character"):
        nodes_of({"name": text})


def test_what_the_desk_does_not_say_is_as_in_the_environment(make_settings):
    areas = Areas.of(make_settings(wrap_up_s=44))

    rules = areas.desk.parse({"offer_timeout_s": 12, "tags": ["vip"]})

    assert (rules.offer_timeout_s, rules.wrap_up_s, rules.tags) == (12, 44, ("vip",))
    assert rules.dispositions == DeskRules.of(make_settings()).dispositions
    with pytest.raises(Unusable) as refused:
        areas.desk.parse({"offer_timeout_s": 1, "idle_close_s": "never", "tags": "vip"})
    assert [problem.where for problem in refused.value.problems] == [
        "offer_timeout_s", "idle_close_s", "tags"
    ]  # fmt: skip


def test_changes_name_each_place_once():
    before = {"a": {"x": 1, "y": [1]}, "b": 2, "c": 3}
    after = {"c": 3, "a": {"x": 1, "y": [1, 2]}, "d": {"z": 4}}

    assert changes(before, after) == [
        Change("a.y", [1], [1, 2]),
        Change("b", 2, None),
        Change("d", None, {"z": 4}),
    ]
    assert changes(before, before) == []


def test_who_listens_hears_of_changes_and_of_nothing_else():
    live, heard = Live(1), []
    with live.hears(lambda: heard.append(live.now)):
        live.become(1)
        live.become(2)
    live.become(3)

    assert heard == [2]
