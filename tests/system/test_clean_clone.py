"""A fresh clone has what the README promises, and its set-up can be repeated."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*command, cwd, **environment):
    return subprocess.run(
        command, cwd=cwd, env=environment or None, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clone") / "baton"
    made = run("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder), cwd=ROOT)
    assert made.returncode == 0, made.stderr
    return folder


def test_the_readme_names_two_commands_and_make_knows_them(clone, tmp_path):
    promised = re.findall(r"^    (make \w+)", (clone / "README.md").read_text(), re.MULTILINE)
    assert promised[:2] == ["make run", "make test"]

    for command in promised[:2]:
        _, target = command.split()
        shown = run(
            *("make", "-n", target),
            cwd=clone,
            HOME=str(tmp_path),
            PATH="/usr/local/bin:/usr/bin:/bin",
        )
        assert shown.returncode == 0, shown.stderr
        assert "scripts/setup.sh" in shown.stdout, "it would not make the environments"


def test_the_test_command_runs_every_check(clone):
    shown = run("make", "-n", "test", cwd=clone)

    assert shown.returncode == 0, shown.stderr
    for check in ("ruff check", "mypy", "lint-imports", "npm run", "tests/bot", "-m system"):
        assert check in shown.stdout


def test_the_clone_holds_no_path_of_this_machine(clone):
    found = run("git", "grep", "-I", "-n", "-F", str(ROOT), cwd=clone)

    assert (found.returncode, found.stdout) == (1, "")


def test_set_up_again_leaves_the_environments_alone():
    stamps = [ROOT / folder / ".baton-setup" for folder in (".venv", ".venv-rasa")]
    if not all(stamp.exists() for stamp in stamps):
        pytest.skip("these environments were not made by make setup")
    wanted = [stamp.stat().st_mtime_ns for stamp in stamps]

    again = run("sh", "scripts/setup.sh", cwd=ROOT)

    assert again.returncode == 0, again.stderr
    assert again.stdout.count("is up to date") == 2
    assert [stamp.stat().st_mtime_ns for stamp in stamps] == wanted
