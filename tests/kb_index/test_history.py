"""What is remembered of versions, and where going back leads."""

import pytest

from kb_index import versions
from kb_index.errors import IndexMissing, VersionMissing
from kb_index.history import (
    HISTORY_FILE,
    Event,
    Kind,
    formerly_live,
    read_history,
    record,
    taken_back,
)
from kb_index.manifest import Manifest

MANIFEST = Manifest(
    version="", model_fingerprint="m", dimension=2, chunker={}, analyzer=1, format=1,
    articles={}, n_chunks=0, built_ms=0,
)  # fmt: skip


def put(kb_dir, version, *, built_ms):
    """Make a finished version folder with nothing but its manifest."""
    folder = versions.version_folder(kb_dir, version)
    folder.mkdir(parents=True)
    raw = {name: getattr(MANIFEST, name) for name in Manifest.__slots__}
    Manifest(**raw | {"version": version, "built_ms": built_ms}).write(folder)


def live(*names):
    """Return the events of versions that went live one after the other."""
    befores = ["", *names[:-1]]
    return [
        Event(n, Kind.LIVE, name, before)
        for n, (name, before) in enumerate(zip(names, befores, strict=True))
    ]


@pytest.mark.parametrize(
    ("events", "stack"),
    [
        ([], []),
        (live("a"), []),
        (live("a", "b", "c"), ["a", "b"]),
        (live("a", "b", "a"), ["b"]),  # back to former articles by a build
        ([Event(0, Kind.LIVE, "b", "a")], ["a"]),  # a went live before anything was remembered
        ([*live("a", "b"), Event(9, Kind.REFUSED, "c", "b")], ["a"]),
        ([*live("a", "b", "c"), Event(9, Kind.ROLLED_BACK, "b", "c")], ["a"]),
        ([*live("a", "b", "c"), Event(9, Kind.ROLLED_BACK, "a", "c")], []),
        ([*live("a", "b"), Event(8, Kind.ROLLED_BACK, "a", "b"), Event(9, Kind.LIVE, "c", "a")],
         ["a"]),
    ],
)  # fmt: skip
def test_where_going_back_leads(events, stack):
    assert formerly_live(events) == stack


def test_a_version_is_taken_back_until_it_goes_live_again():
    events = [*live("a", "b"), Event(7, Kind.ROLLED_BACK, "a", "b")]

    assert taken_back(events, "b") == events[-1]
    assert taken_back(events, "a") is None
    assert taken_back([*events, Event(8, Kind.REFUSED, "b", "a")], "b") == events[-1]
    assert taken_back([*events, Event(8, Kind.LIVE, "b", "a")], "b") is None


def test_events_are_read_as_they_were_written_and_torn_lines_passed_over(tmp_path):
    event = Event(5, Kind.REFUSED, "b", "a", ("3 questions got worse",))
    record(tmp_path, event)
    with (tmp_path / HISTORY_FILE).open("a") as stream:
        stream.write('{"at_ms": 1, "ki')

    assert read_history(tmp_path) == [event]
    assert read_history(tmp_path / "none") == []


def test_the_version_to_go_back_to_outlives_newer_refused_ones(tmp_path):
    put(tmp_path, "a", built_ms=1)
    versions.go_live(tmp_path, "a", now_ms=1)
    put(tmp_path, "b", built_ms=2)
    versions.go_live(tmp_path, "b", now_ms=2)
    for n in range(10, 20):
        put(tmp_path, f"r{n}", built_ms=n)
        versions.refuse(tmp_path, f"r{n}", now_ms=n, reasons=("worse",))

    kept = [one.version for one in versions.list_versions(tmp_path)]

    assert kept == ["b", "r19", "r18", "r17", "a"]
    assert versions.live_version(tmp_path) == "b"
    assert versions.version_before(tmp_path) == "a"


def test_going_back_twice_leads_two_versions_back(tmp_path):
    for n, name in enumerate("abc"):
        put(tmp_path, name, built_ms=n)
        versions.go_live(tmp_path, name, now_ms=n)

    for expected in "ba":
        versions.go_back(tmp_path, versions.version_before(tmp_path), now_ms=9)
        assert versions.live_version(tmp_path) == expected
    with pytest.raises(VersionMissing, match="nothing to go back to"):
        versions.version_before(tmp_path)


def test_without_an_index_there_is_nothing_to_go_back_to(tmp_path):
    with pytest.raises(IndexMissing, match="baton kb build"):
        versions.version_before(tmp_path)


def test_an_unknown_version_is_refused_and_the_known_named(tmp_path):
    put(tmp_path, "a", built_ms=1)

    with pytest.raises(VersionMissing, match="no version zz; on disk: a"):
        versions.require_version(tmp_path, "zz")


def test_versions_of_an_unknown_layout_are_pruned_but_not_offered(tmp_path):
    for n in range(1, 9):
        put(tmp_path, f"v{n}", built_ms=n)
    (tmp_path / "versions" / "v1" / "manifest.json").write_text('{"layout": "of tomorrow"}')
    versions.go_live(tmp_path, "v2", now_ms=2)

    assert [one.version for one in versions.list_versions(tmp_path)] == ["v8", "v7", "v6", "v2"]
    assert (tmp_path / "versions" / "v1").is_dir()  # the youngest file of all


def test_a_killed_builds_leftovers_are_cleared_by_the_next(tmp_path):
    left = tmp_path / "versions" / ".building-a-1"
    left.mkdir(parents=True)

    with versions.one_build_at_a_time(tmp_path):
        assert not left.exists()
