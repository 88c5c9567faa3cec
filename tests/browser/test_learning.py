"""The section Learning: maintainers decide with the keyboard, see what it writes, and write it."""

import asyncio
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from handoff_service.archive.database import open_database
from handoff_service.archive.learning import candidates
from handoff_service.archive.learning.candidates import Candidate
from handoff_service.archive.learning.changes import read_catalogue
from tests.browser.conftest import ROOT
from tests.handoff_service.archive.reviewed import group, keep, turn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PARCEL = "my parcel says delivered but nothing came"
LIKE_IT = ("it is marked as delivered, I have no box", "배송 완료인데 못 받았어요")
GIFT = ("do you sell gift cards", "can I buy a voucher for a friend")
REFUSED = {
    "code": "intent_lost",
    "text": "of 40 phrases of the intent ask_refund 9 got worse and 1 better",
    "args": {"n": 40, "worse": 9, "better": 1, "p": 0.01, "intent": "ask_refund"},
}
SHARE = {"n": 40, "hits": 30, "share": 0.75, "low": 0.6, "high": 0.86}
REPORT = {
    "understanding": {
        "known": {
            "n": 40,
            "base": SHARE | {"share": 0.9},
            "candidate": SHARE,
            "worse": 9,
            "better": 3,
            "out_of_scope": {"recall": {"n": 0}},
        }
    }
}


@pytest.fixture(scope="module")
def small_project(tmp_path_factory):
    """A copy of what decisions are written into; no checkout: files are changed in place."""
    root = tmp_path_factory.mktemp("project")
    for name in ("data/nlu", "data/rules", "data/kb", "bot/domain"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "config.yml", root)
    return root


@pytest.fixture(scope="module")
def learns(service, small_project):
    """The process that learns, on the service's history and that project."""
    log = service.folder / "learning.log"
    environment = {name: value for name, value in os.environ.items() if "BATON" not in name} | {
        "BATON_SQL_URL": f"sqlite+aiosqlite:///{service.folder / 'baton.db'}",
        "BATON_DATA_DIR": str(service.folder),
        "BATON_PROJECT_DIR": str(small_project),
        "BATON_MODEL_DIR": str(service.folder / "no-model"),
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "learning"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    yield process
    process.terminate()
    assert process.wait(20) == 0, log.read_text()[-2000:]


async def seed(path):
    """Write three groups of what customers asked, and a candidate that was refused."""
    database = await open_database(f"sqlite+aiosqlite:///{path}")
    sure = {"intent": "ask_refund", "intent_confidence": 0.93, "scope_confidence": 0.9}
    told = {"agent_answer": "We ask the carrier, and send a new one.", "vote": -1}
    lost = {"did": "offer_person", "handoff_reason": "low_confidence"}
    await keep(
        database,
        [
            turn("c_1", 2, PARCEL, **sure, **told, answer_confidence=0.81, article_id="refunds"),
            turn("c_2", 2, LIKE_IT[0], **sure),
            turn("c_3", 2, LIKE_IT[1], language="ko", **sure),
            turn("c_4", 2, GIFT[0], **lost),
            turn("c_5", 2, GIFT[1], **lost),
            turn("c_6", 2, "asdf asdf", **lost),
        ],
    )
    await group(database, PARCEL, *LIKE_IT, score=9, reasons=["voted_down_sure", "not_helped"])
    await group(database, *GIFT, score=8, reasons=["no_answer"])
    await group(database, "asdf asdf", score=7, reasons=["no_answer"])
    made = Candidate(
        candidate_id="c_refused",
        created_ms=1_780_000_000_000,
        changed_ms=1_780_000_000_000,
        asked_by="a_max",
        branch=None,
        revision="",
        base_model="now.tar.gz",
        model="new.tar.gz",
        base_index="v1",
        index_version="v1",
        state="judging",
        reasons=[],
    )
    await candidates.begin_candidate(database, made, job_id="j_1")
    await candidates.note_candidate(
        database,
        made.candidate_id,
        now_ms=1_780_000_000_000,
        state="refused",
        reasons=[REFUSED],
        report=REPORT,
        page="<!doctype html><title>Report</title><h1>Refused</h1>",
    )
    async with asyncio.timeout(30):  # the process that learns tells nobody else what it read
        while await read_catalogue(database) is None:  # noqa: ASYNC110 (another process)
            await asyncio.sleep(0.05)
    await database.close()


def decided(page, number):
    """Wait until so many decisions of today have reached the server."""
    expect(page.get_by_test_id("learning-progress")).to_contain_text(f"Decided today: {number}")
    expect(page.get_by_test_id("learning-sending")).to_have_attribute("data-waiting", "0")


@pytest.mark.usefixtures("learns")
def test_a_maintainer_goes_from_questions_to_files(agent, service, small_project, axe, picture):
    with ThreadPoolExecutor(1) as thread:  # this one has the browser's own loop
        thread.submit(asyncio.run, seed(service.folder / "baton.db")).result()
    page = agent(role="maintainer", name="Max", presence="offline")
    keys = page.keyboard
    keys.press("8")
    asked = page.locator("#learning-asked")
    expect(asked).to_have_text(PARCEL)
    expect(page.get_by_test_id("learning-reasons")).to_contain_text("The bot was sure")
    expect(page.get_by_test_id("learning-understood")).to_contain_text("93%")
    axe(page)
    picture(page, "console-learning-review")

    # A wrong intent: a few letters pick another, one phrase is left out; undone, and done again.
    page.get_by_test_id("learning-others").get_by_label(LIKE_IT[0]).uncheck()
    keys.press("i")
    picker = page.get_by_test_id("learning-picker")
    expect(picker.locator("[data-id=ask_order]")).to_be_visible()
    axe(page)
    keys.type("order")
    keys.press("Enter")
    expect(asked).to_have_text(GIFT[0])
    decided(page, 1)
    keys.press("u")
    expect(asked).to_have_text(PARCEL)
    decided(page, 0)
    keys.press("i")
    keys.type("order")
    keys.press("Enter")
    decided(page, 1)

    # What is decided without a network arrives when it is back.
    page.context.set_offline(True)
    keys.press("n")
    naming = page.get_by_test_id("learning-name")
    naming.fill("ask_order")
    expect(page.locator(".learning-naming .error")).to_contain_text("exists")
    naming.fill("ask_gift_cards")
    keys.press("Enter")
    expect(asked).to_have_text("asdf asdf")
    expect(page.get_by_test_id("learning-sending")).to_contain_text("Not sent yet: 1")
    page.context.set_offline(False)
    decided(page, 2)
    keys.press("x")
    decided(page, 3)

    # What it would write, line by line; then it is written, and the files are as shown.
    for _ in range(3):
        keys.press("l")
    expect(page.get_by_test_id("learning")).to_have_attribute("data-room", "changes")
    expect(page.get_by_test_id("learning-preview")).to_be_visible()
    keys.press("g")
    written = page.locator('[data-path="data/nlu/ask_order.yml"]')
    expect(written).to_be_visible(timeout=20_000)
    shown = written.locator("tr.added").all_inner_texts()
    assert any(LIKE_IT[1] in line for line in shown), shown
    axe(page)
    picture(page, "console-learning-changes")
    order = small_project / "data/nlu/ask_order.yml"
    assert LIKE_IT[1] not in order.read_text("utf-8")
    keys.press("y")
    page.get_by_test_id("learning-apply-confirm").click()
    expect(page.get_by_test_id("learning-applied")).to_be_visible(timeout=20_000)
    expect(page.get_by_test_id("learning-apply")).to_be_disabled()
    expect(page.get_by_test_id("learning-file")).to_have_count(0)
    assert LIKE_IT[1] in order.read_text("utf-8")

    # What was refused says why, and goes live only with a word of why all the same.
    keys.press("l")
    verdict = page.get_by_test_id("learning-candidate")
    expect(verdict).to_have_attribute("data-state", "refused")
    expect(page.get_by_test_id("learning-refused")).to_contain_text("ask_refund: of 40 phrases")
    expect(page.get_by_test_id("learning-figures")).to_contain_text("75%")
    axe(page)
    picture(page, "console-learning-candidate")
    with page.context.expect_page() as opened:
        keys.press("o")
    expect(opened.value.locator("h1")).to_have_text("Refused")
    opened.value.close()
    keys.press("p")
    dialog = page.get_by_test_id("learning-promote-dialog")
    page.get_by_test_id("learning-promote-confirm").click()
    expect(dialog.get_by_role("alert")).to_contain_text("say why")
    dialog.get_by_role("textbox").fill("the phrases were wrong")
    page.get_by_test_id("learning-promote-confirm").click()
    # Its model is not there: that is said, with what to do, and nothing has changed.
    failed = page.locator('[data-testid="learning-job"][data-state="failed"]')
    expect(failed).to_be_visible(timeout=20_000)
    expect(failed).to_contain_text("new.tar.gz")


@pytest.mark.parametrize(("locale", "dark"), [("ko-KR", True), ("ru-RU", False)])
def test_every_room_fits_a_phone(agent, axe, picture, locale, dark):
    page = agent(role="admin", name="Ada", presence="offline", locale=locale, dark=dark, width=390)
    for room in ("review", "topics", "suggestions", "changes", "candidates", "split"):
        page.goto(f"/console#/learning/{room}")
        expect(page.get_by_test_id("learning")).to_have_attribute("data-room", room)
        expect(page.locator(".learning [aria-busy]")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), room
        axe(page)
    picture(page, f"console-learning-{locale[:2]}")
