"""Every scenario of the project, through the whole running system."""

import json

from baton.scenarios.reader import read_scenarios
from baton.scenarios.report import to_text
from baton.scenarios.run import run_scenarios

ROOT_SCENARIOS = "tests/scenarios"


async def test_every_scenario_holds(ready, pytestconfig, identity_secret):
    scenarios = read_scenarios([pytestconfig.rootpath / ROOT_SCENARIOS])

    outcomes = await run_scenarios(
        ready.url,
        scenarios,
        secret=ready.secret(),
        identity_secret=identity_secret,
    )

    assert len(outcomes) == len(scenarios)
    assert all(outcome.ok for outcome in outcomes), "\n" + to_text(outcomes)


async def test_a_scenario_that_does_not_hold_ends_with_1_and_its_line(baton, tmp_path):
    file, junit = tmp_path / "wrong.yml", tmp_path / "out.xml"
    file.write_text(
        "- scenario: Wrong\n"
        "  language: en\n"
        "  steps:\n"
        "    - say: How do I reset my password?\n"
        "      expect: {kind: answer}\n"
        "    - say: How do I reset my password?\n"
        "      expect:\n"
        "        article: refunds\n"
        "    - click: no such button\n"
    )

    code, out, err = await baton("scenario", "run", str(file), "--json", "--junit", str(junit))

    (found,) = json.loads(out)["scenarios"]
    assert (code, found["ok"]) == (1, False), err
    assert [failure["line"] for failure in found["failures"]] == [8, 9]
    assert "expected article refunds, got reset-password" in found["failures"][0]["message"]
    assert "no button «no such button»; there are: «" in found["failures"][1]["message"]
    assert 'failures="1"' in junit.read_text()


async def test_one_that_holds_ends_with_0(baton, tmp_path):
    file = tmp_path / "right.yml"
    file.write_text(
        "- scenario: Right\n"
        "  language: ru\n"
        "  steps:\n"
        "    - say: Как сбросить пароль?\n"
        "      expect: {kind: answer, article: reset-password, language: ru}\n"
    )

    code, out, err = await baton("scenario", "run", str(file))

    assert (code, out) == (0, "1 passed, 0 failed (ru 1/1)\n"), err


async def test_scenarios_do_not_run_beside_real_agents(baton, agent):
    code, out, err = await baton("scenario", "run", "--only", "Triage, never mind")

    assert (code, out) == (2, "")
    assert "an agent is online" in err
    assert "--start" in err
