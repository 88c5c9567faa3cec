"""What a run of scenarios found: for people, as JSON, as JUnit XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from baton.scenarios.run import Outcome


def to_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return {"passed", "failed", "languages", "scenarios"}.

    `languages` has "passed" and "failed" by language; each of `scenarios` is {"scenario",
    "language", "file", "line", "ok", "seconds", "failures": [{"line", "message"}]}.
    """
    passed = Counter(o.scenario.language for o in outcomes if o.ok)
    failed = Counter(o.scenario.language for o in outcomes if not o.ok)
    return {
        "passed": passed.total(),
        "failed": failed.total(),
        "languages": {
            language: {"passed": passed[language], "failed": failed[language]}
            for language in dict.fromkeys(o.scenario.language for o in outcomes)
        },
        "scenarios": [_one(outcome) for outcome in outcomes],
    }


def to_text(outcomes: Sequence[Outcome]) -> str:
    """Return every failure as "file:line: scenario: expected … got …", and the sums."""
    lines = [
        f"{o.scenario.file}:{miss.line}: {o.scenario.name}: {miss.message}"
        for o in outcomes
        for miss in o.misses
    ]
    sums = to_json(outcomes)
    by_language = ", ".join(
        f"{language} {count['passed']}/{count['passed'] + count['failed']}"
        for language, count in sums["languages"].items()
    )
    lines.append(f"{sums['passed']} passed, {sums['failed']} failed ({by_language})")
    return "\n".join(lines)


def to_junit(outcomes: Sequence[Outcome]) -> bytes:
    """Return JUnit XML: a suite a file, a test case a scenario."""
    root = Element("testsuites")
    suites: dict[str, Element] = {}
    for outcome in outcomes:
        file = str(outcome.scenario.file)
        if file not in suites:
            suites[file] = SubElement(root, "testsuite", name=file)
        case = SubElement(
            suites[file],
            "testcase",
            classname=outcome.scenario.language,
            name=outcome.scenario.name,
            time=f"{outcome.seconds:.3f}",
        )
        if not outcome.ok:
            failure = SubElement(case, "failure", message=outcome.misses[0].message)
            failure.text = "\n".join(f"{file}:{m.line}: {m.message}" for m in outcome.misses)
    for suite in suites.values():
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("testcase/failure"))))
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _one(outcome: Outcome) -> dict[str, Any]:
    return {
        "scenario": outcome.scenario.name,
        "language": outcome.scenario.language,
        "file": str(outcome.scenario.file),
        "line": outcome.scenario.line,
        "ok": outcome.ok,
        "seconds": round(outcome.seconds, 2),
        "failures": [{"line": miss.line, "message": miss.message} for miss in outcome.misses],
    }
