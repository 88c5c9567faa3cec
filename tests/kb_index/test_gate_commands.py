"""A worse index is refused and the live one stays: `baton kb build`, `check`, `rollback`."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kb_index import versions
from kb_index.manifest import read_manifest
from kb_index.retriever import Retriever

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[2]
#: The fixture articles answer these; the last they do not.
QUESTIONS = {
    "en": [
        ("how do I reset my password", ["reset-password"]),
        ("I forgot my password", ["reset-password"]),
        ("when does the refund money arrive", ["refunds"]),
        ("what do the lights on the hub mean", ["hub-lights"]),
        ("what is the capital of France", []),
    ],
    "ru": [
        ("как сбросить пароль", ["reset-password"]),
        ("что означают индикаторы хаба", ["hub-lights"]),
        ("как вернуть деньги", ["refunds"]),
        ("какая столица Франции", []),
    ],
}


@pytest.fixture
def eval_dir(articles_dir):
    """The golden questions, where a build looks for them: beside the articles."""
    folder = articles_dir.parent / "eval"
    folder.mkdir()
    for locale, rows in QUESTIONS.items():
        lines = [
            json.dumps({"id": f"{locale}-{n}", "question": text, "gold": gold, "locale": locale})
            for n, (text, gold) in enumerate(rows)
        ]
        (folder / f"{locale}.jsonl").write_text("\n".join(lines))
    return folder


@pytest.fixture
def data_dir(fixture_index, tmp_path):
    """A data folder in which the index of the fixture articles is live."""
    shutil.copytree(fixture_index, tmp_path / "data" / "kb", symlinks=True)
    return tmp_path / "data"


@pytest.fixture
def kb_dir(data_dir):
    return data_dir / "kb"


@pytest.fixture
def kb(model_dir, data_dir, articles_dir):
    """Run `baton kb`; a build takes the test's articles and prints JSON."""

    def run(command, *words):
        if command == "build":
            words = ("--kb", articles_dir, "--json", *words)
        return subprocess.run(
            [sys.executable, "-m", "baton", "kb", command, *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=os.environ | {"BATON_DATA_DIR": str(data_dir), "BATON_MODEL_DIR": str(model_dir)},
        )

    return run


def shuffle_texts(articles_dir):
    """Give each article the text of the next one of its language."""
    for folder in articles_dir.iterdir():
        files = sorted(folder.glob("*.md"))
        parts = [file.read_text(encoding="utf-8").split("---\n", 2) for file in files]
        bodies = [body for _, _, body in parts]
        titles = [
            next(x for x in head.splitlines() if x.startswith("title:")) for _, head, _ in parts
        ]
        for n, file in enumerate(files):
            head = parts[n][1].replace(titles[n], titles[n - 1])
            body = bodies[n - 1].replace(f"]({files[n].stem})", f"]({files[n - 1].stem})")
            file.write_text(f"---\n{head}---\n{body}", encoding="utf-8")


def edit(articles_dir):
    file = articles_dir / "en" / "refunds.md"
    file.write_text(file.read_text(encoding="utf-8").replace("5 to 7", "6 to 8"))


def test_an_index_of_shuffled_texts_is_refused_and_the_live_one_stays(
    kb, kb_dir, articles_dir, eval_dir, embedder
):
    live = versions.live_version(kb_dir)
    shuffle_texts(articles_dir)

    done = kb("build")

    result = json.loads(done.stdout)
    assert done.returncode == 1
    assert not result["live"]
    assert "got worse and 0 better" in result["gate"]["reasons"][0]
    assert "worse: [en] 'how do I reset my password' (answered by reset-password): " in done.stderr
    assert "The live index stays" in done.stderr
    assert "Traceback" not in done.stderr
    assert versions.live_version(kb_dir) == live != result["version"]
    assert versions.version_folder(kb_dir, result["version"]).is_dir()
    first = Retriever.open(kb_dir, embedder).search("reset my password", locale="en").hits[0]
    assert first.article_id == "reset-password"

    told = json.loads(kb("check", "--eval", eval_dir, "--json").stdout)
    assert (told["version"], told["compared_with"]) == (result["version"], live)
    assert told["reasons"] == result["gate"]["reasons"]
    assert kb("check", "--eval", eval_dir).returncode == 1
    assert kb("build", "--keep-live").returncode == 0
    assert versions.live_version(kb_dir) == live
    [refused] = [v for v in json.loads(kb("versions", "--json").stdout) if not v["live"]]
    assert [event["what"] for event in refused["history"]] == ["refused", "refused"]


def test_an_index_without_half_of_the_articles_is_refused(kb, kb_dir, articles_dir, eval_dir):
    live = versions.live_version(kb_dir)
    for file in articles_dir.glob("*/re*.md"):
        file.unlink()

    done = kb("build")

    assert done.returncode == 1
    assert "lost every article that answers them" in done.stderr
    assert "its articles are gone: [ru] 'как вернуть деньги'" in done.stderr
    assert versions.live_version(kb_dir) == live


def test_a_better_or_equal_index_goes_live_and_is_taken_back(kb, kb_dir, articles_dir, eval_dir):
    live = versions.live_version(kb_dir)
    edit(articles_dir)

    result = json.loads(kb("build").stdout)
    check = result["gate"]["check"]

    assert result["live"]
    assert (check["not_worse"], check["questions"], check["worse"]) == (True, 9, [])
    assert versions.live_version(kb_dir) == result["version"]
    assert json.loads(kb("check", "--eval", eval_dir, "--json").stdout)["compared_with"] == live

    back = json.loads(kb("rollback", "--json").stdout)

    assert back == {"version": live, "taken_back": result["version"]}
    assert versions.live_version(kb_dir) == live
    again = kb("build")  # as at the next start: the articles are still the same
    assert again.returncode == 1
    assert "it was taken back on" in again.stderr
    assert versions.live_version(kb_dir) == live
    assert "nothing to go back to" in kb("rollback").stderr


def test_a_worse_index_goes_live_only_when_overruled_and_loudly(kb, kb_dir, articles_dir, eval_dir):
    shuffle_texts(articles_dir)

    forced = kb("build", "--force")

    version = json.loads(forced.stdout)["version"]
    assert forced.returncode == 0
    assert f"OVERRULED: {version}: " in forced.stderr
    assert versions.live_version(kb_dir) == version


def test_no_check_asks_nothing(kb, kb_dir, articles_dir, eval_dir):
    shuffle_texts(articles_dir)

    result = json.loads(kb("build", "--no-check").stdout)

    assert result["live"]
    assert result["gate"] == {
        "reasons": [], "unchecked": "the check was left out", "check": None,
    }  # fmt: skip
    assert versions.live_version(kb_dir) == result["version"]


def test_without_golden_questions_there_is_nothing_to_ask(kb, articles_dir):
    edit(articles_dir)

    assert json.loads(kb("build").stdout)["gate"]["unchecked"] == "there are no golden questions"


def test_an_index_that_cannot_be_compared_is_replaced(kb, kb_dir, articles_dir, eval_dir):
    folder = versions.version_folder(kb_dir, versions.live_version(kb_dir))
    replace(read_manifest(folder), format=0).write(folder)
    edit(articles_dir)

    result = json.loads(kb("build").stdout)

    assert result["live"]
    assert "another file layout" in result["gate"]["unchecked"]
    back = kb("rollback")
    assert back.returncode == 1
    assert "another file layout" in back.stderr
    assert "run `baton kb build`" in back.stderr
    assert versions.live_version(kb_dir) == result["version"]


def test_a_damaged_live_index_is_replaced(kb, kb_dir, articles_dir, eval_dir):
    live = versions.version_folder(kb_dir, versions.live_version(kb_dir))
    (live / "chunks.jsonl").write_text("{")
    edit(articles_dir)

    result = json.loads(kb("build").stdout)

    assert result["live"]
    assert "the live index cannot be searched: " in result["gate"]["unchecked"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("no-such-version",), "no version no-such-version; on disk: "),
        (("--eval", "no-such-folder"), "no-such-folder: no golden questions"),
        ((), "nothing to go back to"),
    ],
)
def test_what_cannot_be_checked_ends_with_two(kb, eval_dir, words, reason):
    done = kb("check", *words) if "--eval" in words else kb("check", "--eval", eval_dir, *words)

    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_live_cannot_be_gone_back_to(kb, kb_dir):
    done = kb("rollback", versions.live_version(kb_dir))

    assert done.returncode == 1
    assert "is live already" in done.stderr
