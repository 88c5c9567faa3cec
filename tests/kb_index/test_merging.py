"""A version made out of the live one and what changed equals one built of all articles."""

import os
import shutil

import numpy as np
import pytest

from kb_index import merging, versions
from kb_index.manifest import read_manifest

pytestmark = pytest.mark.model


def rewrite(file, before, after):
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def edit_text(folder):
    rewrite(folder / "en" / "refunds.md", "5 to 7", "6 to 8")


def rename_section(folder):
    """A name that two articles share, and one that no article has any more."""
    rewrite(folder / "en" / "refunds.md", "## Ask for a refund", "## The light is off")


def pin_questions(folder):
    rewrite(folder / "ko" / "refunds.md", "tags: [demo]", 'tags: [demo]\nanswers: ["환불?", "돈?"]')


def add(folder):
    text = (folder / "en" / "hub-lights.md").read_text(encoding="utf-8")
    added = text.replace("id: hub-lights", "id: a-lamp").replace("hub", "lamp")
    (folder / "en" / "a-lamp.md").write_text(added, encoding="utf-8")


def drop(folder):
    for file in folder.glob("*/hub-lights.md"):
        file.unlink()


def drop_and_edit(folder):
    drop(folder)
    edit_text(folder)


def edit_all(folder):
    for file in folder.glob("*/*.md"):
        rewrite(file, "updated: 2026", "updated: 2025")


CHANGES = [edit_text, rename_section, pin_questions, add, drop, drop_and_edit, edit_all]


def contents(folder):
    """Return the files of a version: bytes, or arrays by name."""
    found = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(file.relative_to(folder))
        if file.suffix == ".npz":
            with np.load(file) as arrays:
                found[name] = {one: (arrays[one].dtype, arrays[one].tolist()) for one in arrays}
        else:
            found[name] = file.read_bytes()
    return found


def live_folder(kb_dir):
    return versions.version_folder(kb_dir, versions.live_version(kb_dir))


@pytest.fixture
def lends(fixture_index, tmp_path):
    """An index whose vectors may be reused, but not its files, so that a build is a full one."""
    kb_dir = shutil.copytree(fixture_index, tmp_path / "lends", symlinks=True)
    (live_folder(kb_dir) / merging.CODE_FILE).write_text("of yesterday")
    return kb_dir


@pytest.mark.parametrize("change", CHANGES)
def test_a_merged_version_equals_a_full_build(
    build, articles_dir, fixture_index, lends, tmp_path, change, monkeypatch
):
    merged, full = tmp_path / "merged", tmp_path / "full"
    shutil.copytree(fixture_index, merged, symlinks=True)
    merges = []
    monkeypatch.setattr(
        "kb_index.build.merge", lambda *a, **k: merges.append(1) or merging.merge(*a, **k)
    )
    change(articles_dir)

    build(articles_dir, merged, now_ms=2000)
    assert merges == [] if change is edit_all else merges == [1]
    merges.clear()
    build(articles_dir, full, now_ms=2000, reuse=[lends])

    assert merges == []
    found, expected = contents(live_folder(merged)), contents(live_folder(full))
    assert found.keys() == expected.keys()
    for name in expected:
        assert found[name] == expected[name], name


def test_changes_add_up(build, articles_dir, fixture_index, lends, tmp_path):
    merged, full = tmp_path / "merged", tmp_path / "full"
    shutil.copytree(fixture_index, merged, symlinks=True)
    for number, change in enumerate((add, edit_text, pin_questions, drop, rename_section)):
        change(articles_dir)
        build(articles_dir, merged, now_ms=2000 + number)
    build(articles_dir, full, now_ms=2004, reuse=[lends])

    assert contents(live_folder(merged)) == contents(live_folder(full))


def test_unchanged_pages_are_the_same_files(build, articles_dir, fixture_index, tmp_path):
    kb_dir = shutil.copytree(fixture_index, tmp_path / "kb", symlinks=True)
    before = live_folder(kb_dir)
    edit_text(articles_dir)
    build(articles_dir, kb_dir, now_ms=2000)

    after = live_folder(kb_dir)

    assert os.path.samefile(before / "articles/ko/refunds.json", after / "articles/ko/refunds.json")
    assert "6 to 8" in (after / "articles/en/refunds.json").read_text()
    assert "5 to 7" in (before / "articles/en/refunds.json").read_text()


def test_a_page_loses_its_link_to_an_article_that_went(
    build, articles_dir, fixture_index, tmp_path
):
    kb_dir = shutil.copytree(fixture_index, tmp_path / "kb", symlinks=True)
    page = "articles/en/refunds.json"
    assert "/help/en/reset-password" in (live_folder(kb_dir) / page).read_text()
    (articles_dir / "en" / "reset-password.md").write_text("broken: left out")
    build(articles_dir, kb_dir, now_ms=2000)

    assert "/help/en/reset-password" not in (live_folder(kb_dir) / page).read_text()
    assert "en/reset-password" not in read_manifest(live_folder(kb_dir)).articles


@pytest.mark.parametrize(
    "file", ["chunks.jsonl", "tables.npz", "names/keys.npy", "articles-words", "labels"]
)
def test_a_damaged_live_version_is_not_built_upon(
    build, articles_dir, fixture_index, lends, tmp_path, file
):
    merged, full = tmp_path / "merged", tmp_path / "full"
    shutil.copytree(fixture_index, merged, symlinks=True)
    path = live_folder(merged) / file
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    edit_text(articles_dir)

    build(articles_dir, merged, now_ms=2000, reuse=[lends])
    build(articles_dir, full, now_ms=2000, reuse=[lends])

    assert contents(live_folder(merged)) == contents(live_folder(full))
