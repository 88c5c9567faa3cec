"""What the minifier makes of the widget's scripts still runs in the order it was written in."""

import os
import subprocess
from pathlib import Path

import pytest

from handoff_service.web.widget_pages import WidgetPages

ROOT = Path(__file__).parents[3]
ESLINT = ROOT / "node_modules/.bin/eslint"
CONFIG = Path(__file__).with_name("packed.eslint.config.js")


@pytest.fixture(scope="module")
def pages():
    return WidgetPages()


def complaints(script):
    """Return what eslint says of a script; nothing when all is well."""
    if not ESLINT.exists():
        reason = "eslint is not there (make js)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    command = [ESLINT, "--config", CONFIG, "--stdin", "--stdin-filename", "packed.js"]
    done = subprocess.run(command, cwd=ROOT, input=script, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("address", ["/widget/all.en.js", "/widget/companion.js"])
def test_no_name_is_used_before_it_is_made(pages, address):
    assert complaints(pages.assets[address].body) == ""


def test_nor_in_the_loader(pages):
    assert complaints(pages.loader({}).body) == ""


def test_a_name_that_is_used_too_early_is_found():
    assert "'list' was used before" in complaints(b"const [first]=list,list=[1];first()")
