"""The data folder: secrets made once and kept private, and an honest note of what runs."""

import os
import stat
import subprocess
import sys

from baton.launcher.data_dir import SECRET_NAMES, DataDir


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path):
    data = DataDir(tmp_path)

    first = data.secrets()

    assert set(first) == set(SECRET_NAMES)
    assert data.secrets() == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_secret_that_a_newer_version_needs_is_added_and_the_others_stay(tmp_path):
    data = DataDir(tmp_path)
    (tmp_path / "secrets.json").write_text('{"rasa_token": "kept"}')

    made = data.secrets()

    assert made["rasa_token"] == "kept"
    assert made["signing_key"]


def test_nothing_runs_from_a_new_folder(tmp_path):
    assert DataDir(tmp_path).running() is None


def test_a_running_system_is_found(tmp_path):
    data = DataDir(tmp_path)
    data.write_run_file({"url": "http://127.0.0.1:1", "pid": os.getpid()})

    assert data.running() == {"url": "http://127.0.0.1:1", "pid": os.getpid()}


def test_the_note_of_a_killed_launcher_does_not_count(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    data = DataDir(tmp_path)
    data.write_run_file({"url": "http://127.0.0.1:1", "pid": ended.pid})

    assert data.running() is None


def test_a_broken_note_does_not_count(tmp_path):
    data = DataDir(tmp_path)
    data.run_file.write_text("{")

    assert data.running() is None
