"""Scenario files: what they may hold, and what is said of those that cannot be read."""

import pytest
from click.testing import CliRunner

from baton.cli import main
from baton.commands.scenario import FOLDER
from baton.launcher.system import ROOT
from baton.scenarios.errors import NoScenarios, ScenariosBroken
from baton.scenarios.names import project_names, unknown_names
from baton.scenarios.reader import ACTIONS, CHECKS, read_file, read_scenarios

WHOLE = """\
- scenario: Everything at once
  language: ko
  on_duty: no
  flags: [vip]
  page: {url: https://shop.example/hub, title: Hub 2}
  steps:
    - say: no
      expect:
        kind: [answer, clarify]
        text_contains: 1.0
        silence: no
    - click: none_of_these
    - vote: down
    - ask_person: yes
    - back_to_bot: yes
    - leave_message: {contact: me@example.org, text: Please write}
    - rate: 5
    - agent: accepts
    - agent: {says: Hello}
    - expect:
        triage: {product: Hub 2, since_when: ~}
        text_matches: hel+o
"""


def write(folder, text, name="one.yml"):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def faults_of(folder, text):
    return [f"{problem.line}: {problem.message}" for problem in read_file(write(folder, text))[1]]


def test_a_file_is_read_as_it_is_written(tmp_path):
    (scenario,) = read_scenarios([write(tmp_path, WHOLE)])

    assert (scenario.name, scenario.language, scenario.line) == ("Everything at once", "ko", 1)
    assert (scenario.on_duty, scenario.flags) == (False, ("vip",))
    assert dict(scenario.page) == {"url": "https://shop.example/hub", "title": "Hub 2"}
    first, last = scenario.steps[0], scenario.steps[-1]
    assert (first.action, first.value, first.line) == ("say", "no", 7)  # YAML's false is a word
    assert [(c.name, c.wanted, c.line) for c in first.checks] == [
        ("kind", ("answer", "clarify"), 9),
        ("text_contains", ("1.0",), 10),
        ("silence", False, 11),
    ]
    assert {step.action for step in scenario.steps} == {*ACTIONS, ""}
    assert scenario.steps[-2].value == ("says", "Hello")
    assert last.checks[0].wanted == {"product": "Hub 2", "since_when": None}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("- say: hi\n      expct: {kind: answer}", "unknown key of a step «expct»; did you mean"),
        ("- say: hi\n      expect: {knd: answer}", "did you mean «kind»?"),
        (
            "- say: hi\n      expect: {kind: anwser}",
            "unknown kind «anwser»; did you mean «answer»?",
        ),
        ("- say: hi\n      expect: {state: waitin}", "did you mean «waiting»?"),
        ("- say: hi\n      expect: {language: fr}", "unknown language «fr»; there is: en, ko"),
        ("- say: hi\n      expect: {silence: maybe}", "expected yes or no"),
        ("- say: hi\n      expect: {text_matches: '('}", "not a regular expression"),
        ("- say: hi\n      expect: {triage: {colour: red}}", "unknown key of triage «colour»"),
        ("- say: hi\n      expect: {}", "nothing is expected here"),
        ("- say: hi\n      expect: answer", "expect must be a list of «key: value» lines"),
        ("- say: hi\n      click: x", "one step does one thing, this one say and click"),
        ("- say: ''", "expected a text"),
        ("- say: [a, b]", "expected a text"),
        ("- rate: 6", "expected a whole number from 1 to 5"),
        ("- ask_person: no", "a step that is not done is left out"),
        ("- vote: sideways", "unknown vote «sideways»; there is: down, up"),
        ("- agent: says", "«says» needs words"),
        ("- agent: sings", "unknown thing an agent does «sings»"),
        ("- agent: {says: a, closes: b}", "an agent does one thing a step"),
        ("- leave_message: {contact: a@b.org}", "leave_message needs contact and text"),
        ("- say: hi\n      say: ho", "«say» stands twice"),
        ("- say: hi", "nothing is expected: this scenario cannot fail"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, line, fault):
    text = f"- scenario: One\n  language: en\n  steps:\n    {line}\n"

    (found,) = faults_of(tmp_path, text)

    assert fault in found
    assert int(found.split(":")[0]) in {1, 4, 5}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1: the file is empty"),
        ("scenario: One", "1: the file must be a list"),
        ("- scenario: [", "1: this is not YAML"),
        ("- scenario: One\n  language: en\n", "1: a scenario needs steps"),
        ("- scenario: One\n  language: en\n  step: []\n  steps: []\n", "3: unknown key"),
    ],
)
def test_a_file_of_another_form_is_named(tmp_path, text, fault):
    assert faults_of(tmp_path, text)[0].startswith(fault)


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    write(tmp_path, WHOLE.replace("rate: 5", "rate: 9").replace("vote: down", "vote: no"), "a.yml")
    write(tmp_path, WHOLE.replace("kind:", "kid:"), "b.yml")

    with pytest.raises(ScenariosBroken) as broken:
        read_scenarios([tmp_path])

    assert [(p.file.name, p.line) for p in broken.value.problems] == [
        ("a.yml", 13),
        ("a.yml", 17),
        ("b.yml", 9),
    ]


def test_two_scenarios_cannot_have_one_name(tmp_path):
    write(tmp_path, WHOLE, "a.yml")
    write(tmp_path, WHOLE, "b.yml")

    with pytest.raises(ScenariosBroken, match=r"b\.yml:1: «Everything at once» is also the name"):
        read_scenarios([tmp_path])


def test_name_and_language_choose(tmp_path):
    write(tmp_path, WHOLE + WHOLE.replace("at once", "later").replace("ko", "ru"))

    assert [s.language for s in read_scenarios([tmp_path], name="LATER")] == ["ru"]
    assert [s.language for s in read_scenarios([tmp_path], languages=["ko"])] == ["ko"]
    with pytest.raises(NoScenarios, match="none of 2 scenarios"):
        read_scenarios([tmp_path], name="later", languages=["ko"])


def test_a_place_without_scenarios_is_named(tmp_path):
    with pytest.raises(NoScenarios, match=r"no \*\.yml file in"):
        read_scenarios([tmp_path])
    with pytest.raises(NoScenarios, match="no such file or folder"):
        read_scenarios([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        ("article: reset-pasword", "unknown article «reset-pasword»; did you mean"),
        ("finds: [refunds, refund]", "unknown article «refund»; did you mean «refunds»?"),
        ("intent: ask_pasword", "did you mean «ask_password»?"),
        ("reason: aksed", "unknown reason «aksed»; did you mean «asked»?"),
    ],
)
def test_names_that_are_not_there_are_told(tmp_path, expected, fault):
    text = f"- scenario: One\n  language: en\n  steps:\n    - say: hi\n      expect: {{{expected}}}"
    scenarios = read_scenarios([write(tmp_path, text)])

    (problem,) = unknown_names(scenarios, project_names(ROOT, ROOT / "data" / "kb"))

    assert fault in str(problem)
    assert problem.line == 5


def test_the_command_checks_files_without_a_system(tmp_path):
    good = CliRunner().invoke(main, ["scenario", "check", str(write(tmp_path, WHOLE))])
    bad = CliRunner().invoke(main, ["scenario", "check", str(tmp_path / "nowhere.yml")])

    assert (good.exit_code, good.stdout) == (0, "1 scenarios, nothing wrong\n")
    assert (bad.exit_code, bad.stdout) == (2, "")
    assert "no such file or folder" in bad.stderr


def test_every_step_and_expectation_has_its_line_in_the_docs():
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    rows = [row.split("`")[1] for row in page.splitlines() if row.startswith("| `")]

    assert sorted(row.split(":")[0] for row in rows) == sorted([*ACTIONS, *CHECKS])


def test_the_example_of_the_docs_can_be_read(tmp_path):
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]

    (scenario,) = read_scenarios([write(tmp_path, example)])

    assert not unknown_names([scenario], project_names(ROOT, ROOT / "data" / "kb"))


def test_the_projects_own_scenarios_are_many_and_name_what_is_there():
    scenarios = read_scenarios([ROOT / FOLDER])

    assert not unknown_names(scenarios, project_names(ROOT, ROOT / "data" / "kb"))
    assert len(scenarios) >= 60
    by_language = {s.language: 0 for s in scenarios}
    for scenario in scenarios:
        by_language[scenario.language] += 1
    assert len(by_language) == 5
    assert min(by_language.values()) >= 8, by_language


def test_flags_that_nobody_can_sign_are_left_out_aloud(tmp_path):
    (tmp_path / "secrets.json").write_text('{"internal_secret": "x"}')
    file = write(tmp_path, WHOLE)

    result = CliRunner().invoke(main, ["scenario", "run", str(file), "--data", str(tmp_path)])

    assert result.exit_code == 2
    assert "not run: Everything at once" in result.stderr
    assert "BATON_IDENTITY_SECRET" in result.stderr
