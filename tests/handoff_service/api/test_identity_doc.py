"""The code that docs/widget.md gives to sites makes tokens that are believed here."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handoff_service.identity import IdentityReader

DOC = (Path(__file__).parents[3] / "docs" / "widget.md").read_text("utf-8")
SECRET = "the site and Baton share this one secret"
CUSTOMER = '{"id": 4711, "name": "Kim Min-ji", "email": "kim@shop.example"}'
#: Language of the block → program, file, and what is added to print the token.
RUNS = {
    "python": (
        sys.executable,
        "make_token.py",
        "import json, sys\nprint(identity_token(json.loads(sys.argv[1]), sys.argv[2]))",
    ),
    "js": (
        shutil.which("node"),
        "token.mjs",
        "console.log(identityToken(JSON.parse(process.argv[2]), process.argv[3]));",
    ),
    "php": (
        shutil.which("php"),
        "token.php",
        "echo identity_token(json_decode($argv[1], true), $argv[2]);",
    ),
}


@pytest.mark.parametrize("language", RUNS)
def test_the_code_for_sites_is_run_and_believed(language, tmp_path):
    program, name, tail = RUNS[language]
    if program is None:
        pytest.skip(f"no program for {language} here")
    section = DOC.split("## Signed-in customers")[1].split("\n## ")[0]
    code = re.search(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)[1]
    head = "<?php\n" if language == "php" else ""
    (tmp_path / name).write_text(f"{head}{code}\n{tail}\n", "utf-8")

    ran = subprocess.run(
        [program, name, CUSTOMER, SECRET], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    who = IdentityReader(SECRET).read(ran.stdout.strip(), now_ms=int(time.time() * 1000))
    assert (who.customer_id, who.name, who.tier) == ("4711", "Kim Min-ji", "gold")
    assert who.email == "kim@shop.example"
