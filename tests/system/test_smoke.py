"""The journey of `baton smoke`, in this process and as the command."""

import json

from baton.client.phrases import LOCALES
from baton.client.report import Report
from baton.commands.smoke import run

#: Steps that every language must have taken, or nothing was checked.
WANTED = {
    *("nobody on duty", "leave a message", "answer", "article page", "slash text", "triage"),
    *("handoff", "offer", "accept", "talk", "wrap-up", "rating", "close", "order"),
    *("ask for a person", "hand back", "click for a person"),
}


async def test_the_whole_journey_passes_in_five_languages(ready):
    report = Report(print)

    await run(ready.url, report, folder=ready.folder)

    failed = [f"{s.locale} {s.name}: {s.detail}" for s in report.steps if not s.ok]
    assert not failed
    for locale in LOCALES:
        assert {step.name for step in report.steps if step.locale == locale} == WANTED


async def test_the_command_reports_as_json(baton):
    code, out, err = await baton("smoke", "--json", "--lang", "ko")

    report = json.loads(out)
    assert (code, report["failed"]) == (0, 0), err
    assert report["passed"] == len(report["steps"]) == len(WANTED)
    assert set(report["steps"][0]) == {"name", "locale", "ok", "ms", "detail"}


async def test_a_wrong_account_is_wrong_use(baton):
    code, out, err = await baton("smoke", "--login", "nobody", "--password", "not-a-password")

    assert (code, out) == (2, "")
    assert "Error: refused" in err
