"""`baton doctor` on broken folders: each finding names the fault and the remedy."""

import json
import socket

import pytest
from click.testing import CliRunner

from baton.cli import main
from baton.launcher.system import free_port
from tests.fleet import client


def doctor(folder, *options, port=None):
    """Return the exit code and the findings by name."""
    arguments = ["doctor", "--data", str(folder), "--port", str(port or free_port())]
    result = CliRunner().invoke(main, [*arguments, *options, "--json"])
    return result.exit_code, {finding["name"]: finding for finding in json.loads(result.stdout)}


@pytest.fixture
def folder(tmp_path):
    """A data folder whose artefacts fit together, as far as doctor looks at them."""
    for name, content in {
        "models/current/model.json": {"fingerprint": "f1"},
        "kb/current/manifest.json": {"model": {"fingerprint": "f1"}},
        "rasa/models/current.json": {"file": "x"},
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(content))
    return tmp_path


def test_an_empty_folder_is_told_which_commands_fill_it(tmp_path):
    code, findings = doctor(tmp_path)

    assert code == 1
    for name, remedy in [
        ("embedding model", "baton model export bundled"),
        ("index", "baton kb build"),
        ("Rasa model", "baton train"),
    ]:
        assert (findings[name]["ok"], findings[name]["found"]) == (False, "missing")
        assert findings[name]["remedy"] == remedy


def test_a_folder_that_fits_together_is_well(folder):
    _, findings = doctor(folder)

    for name in ("embedding model", "index", "index fits model", "Rasa model", "port", "disk"):
        assert findings[name]["ok"], findings[name]
        assert not findings[name]["remedy"]


def test_each_team_is_told_with_its_next_opening(folder, tmp_path, monkeypatch):
    file = tmp_path / "hours.yml"
    file.write_text("teams: {sales: {zone: Asia/Seoul, hours: {mon-sun: '09:00-18:00'}}}")
    monkeypatch.setenv("BATON_HOURS_FILE", str(file))

    _, findings = doctor(folder)

    assert findings["hours of sales"]["ok"]
    assert findings["hours of sales"]["found"].endswith("09:00 Asia/Seoul")


def test_business_hours_that_cannot_be_read_are_told_with_their_line(folder, tmp_path, monkeypatch):
    file = tmp_path / "hours.yml"
    file.write_text("teams:\n  sales:\n    zone: Nowhere\n    hours: {mon: 09:00-18:00}\n")
    monkeypatch.setenv("BATON_HOURS_FILE", str(file))

    code, findings = doctor(folder)

    assert code == 1
    assert f"{file}:3: zone: 'Nowhere'" in findings["business hours"]["found"]


def test_the_routing_rules_are_counted_or_told_with_their_line(folder, tmp_path, monkeypatch):
    file = tmp_path / "routing.yml"
    monkeypatch.setenv("BATON_ROUTING_FILE", str(file))
    file.write_text("topics: {a: {skill: x}, b: {team: y}}")
    _, well = doctor(folder)
    file.write_text("topics:\n  a: {skill: x, level: 9}\n")

    code, faulty = doctor(folder)

    assert well["routing rules"]["found"] == "2 topics, 0 reasons, 0 flags"
    assert code == 1
    assert f"{file}:2: '9' is not a whole number" in faulty["routing rules"]["found"]


def test_the_widgets_sites_are_named_or_told_with_their_line(folder, tmp_path, monkeypatch):
    file = tmp_path / "widget.yml"
    monkeypatch.setenv("BATON_WIDGET_FILE", str(file))
    file.write_text("sites: {default: {}, shop: {sound: false}}")
    _, well = doctor(folder)
    file.write_text("sites:\n  shop: {sound: loud}\n")

    code, faulty = doctor(folder)

    assert well["widget sites"]["found"] == "default, shop"
    assert code == 1
    assert f"{file}:2: 'loud' is neither" in faulty["widget sites"]["found"]


def test_what_sites_say_first_is_counted_or_told_with_its_line(folder, tmp_path, monkeypatch):
    file = tmp_path / "proactive.yml"
    monkeypatch.setenv("BATON_PROACTIVE_FILE", str(file))
    file.write_text("rules: [{id: a, text: {en: Hello}}]")
    _, well = doctor(folder)
    file.write_text("rules:\n  - {id: a, text: {en: Hello}, when: {duty: maybe}}\n")
    _, faulty = doctor(folder)
    file.write_text("rules: [{id: a, site: nowhere, text: {en: Hello}}]")

    _, lost = doctor(folder)

    assert well["first words"]["found"] == "1 rules"
    assert f"{file}:2: 'maybe': on" in faulty["first words"]["found"]
    assert lost["first words"]["found"] == "nowhere: no such site"


def test_an_index_of_another_model_is_found(folder):
    (folder / "models/current/model.json").write_text(json.dumps({"fingerprint": "f2"}))

    code, findings = doctor(folder)

    assert code == 1
    assert findings["index fits model"]["found"] == "built with another embedding model"
    assert findings["index fits model"]["remedy"] == "baton kb build"


def test_a_broken_file_is_named(folder):
    (folder / "kb/current/manifest.json").write_text("{")

    code, findings = doctor(folder)

    assert code == 1
    assert findings["index"]["found"] == "manifest.json is not JSON"


def test_a_taken_port_is_found(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, findings = doctor(folder, port=taken.getsockname()[1])

    assert code == 1
    assert "taken by another program" in findings["port"]["found"]
    assert "--port" in findings["port"]["remedy"]


def test_a_redis_that_does_not_answer_is_found(folder):
    code, findings = doctor(folder, "--redis-url", f"redis://127.0.0.1:{free_port()}/0")

    assert code == 1
    assert not findings["Redis persistence"]["ok"]


def test_a_redis_that_forgets_is_named_unless_somebody_accepted_it(
    folder, own_redis_server, monkeypatch
):
    with client(own_redis_server) as asked:
        asked.config_set("appendfsync", "everysec")

    _, findings = doctor(folder, "--redis-url", own_redis_server.url)
    assert not findings["Redis persistence"]["ok"]
    assert "appendfsync always" in findings["Redis persistence"]["remedy"]

    monkeypatch.setenv("BATON_REDIS_DURABILITY", "everysec")
    _, findings = doctor(folder, "--redis-url", own_redis_server.url)
    assert findings["Redis persistence"]["ok"]


def test_an_address_that_is_none_is_named(folder):
    _, findings = doctor(folder, "--redis-url", "redis+sentinel://localhost:26379")

    assert "SERVICE" in findings["Redis persistence"]["found"]


def test_a_record_left_by_a_killed_launcher_is_no_running_system(folder):
    (folder / "run.json").write_text(json.dumps({"pid": 2**22 + 1, "url": "http://x", "ports": {}}))

    _, findings = doctor(folder)

    assert findings["running system"]["found"] == "none runs from this data folder"


def test_people_read_the_remedy_below_the_fault(tmp_path):
    result = CliRunner().invoke(main, ["doctor", "--data", str(tmp_path)])

    assert result.exit_code == 1
    assert "BAD  embedding model" in result.stdout
    assert "remedy: baton model export bundled" in result.stdout
