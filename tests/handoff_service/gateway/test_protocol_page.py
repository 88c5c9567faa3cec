"""docs/protocol.md, the code and the pages' own list of frames say the same."""

import json
import re
from pathlib import Path

import pytest

from handoff_service import agent_frames, frames
from handoff_service.archive.errors import LastAdmin, PasswordRefused
from handoff_service.domain import AGENTS_ONLY_FIELDS, EventType
from handoff_service.protocol import (
    FROM_AGENT,
    FROM_CUSTOMER,
    TO_AGENT,
    TO_CUSTOMER,
    dump_frame,
    parse_frame,
)
from handoff_service.refusals import WORDS, Refusal, words_for

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/protocol.md").read_text("utf-8")
PAGES_OWN = (ROOT / "handoff_service/web/shared/protocol.js").read_text("utf-8")
CONSOLES_OWN = (ROOT / "handoff_service/web/console/frames.js").read_text("utf-8")

SECTIONS = {
    "From the customer": FROM_CUSTOMER,
    "From the agent": FROM_AGENT,
    "To the customer": TO_CUSTOMER,
    "To the agent": TO_AGENT,
}


def section(title):
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def examples(title):
    found = re.findall(
        r"### `(\w+)`\n(?:[^`#].*\n|`.*\n(?!json))*```json\n(.+?)\n```", section(title)
    )
    headings = re.findall(r"### `(\w+)`", section(title))
    assert [name for name, _ in found] == headings, "each frame has one example"
    return dict(found)


@pytest.mark.parametrize("title", SECTIONS)
def test_every_frame_is_on_the_page_and_every_frame_of_the_page_exists(title):
    assert set(examples(title)) == set(SECTIONS[title])


@pytest.mark.parametrize(
    ("title", "kind"), [(title, kind) for title, table in SECTIONS.items() for kind in table]
)
def test_every_example_is_parsed_whole_and_written_alike(title, kind):
    text = examples(title)[kind]

    parsed = parse_frame(text, SECTIONS[title])

    assert parsed.unknown == ()
    assert isinstance(parsed.frame, SECTIONS[title][kind])
    assert json.loads(text).items() <= json.loads(dump_frame(parsed.frame)).items()


@pytest.mark.parametrize("title", SECTIONS)
def test_an_example_with_an_unknown_field_is_parsed_and_the_field_is_named(title):
    for kind, text in examples(title).items():
        more = json.dumps(json.loads(text) | {"from_the_future": 1})

        parsed = parse_frame(more, SECTIONS[title])

        assert parsed.unknown == (f"{kind}.from_the_future",)
        assert parsed.frame == parse_frame(text, SECTIONS[title]).frame


@pytest.mark.parametrize("title", ["From the customer", "From the agent"])
def test_an_example_without_a_required_field_is_refused_by_its_name(title):
    from dataclasses import MISSING, fields

    from handoff_service.refusals import BadFrame

    for kind, text in examples(title).items():
        required = [
            part.name
            for part in fields(SECTIONS[title][kind])
            if part.default is MISSING and part.default_factory is MISSING
        ]
        for name in required:
            less = {key: value for key, value in json.loads(text).items() if key != name}
            with pytest.raises(BadFrame) as refused:
                parse_frame(json.dumps(less), SECTIONS[title])
            assert refused.value.names == (name,)


def test_every_frame_class_is_in_a_table():
    tables = {cls for table in SECTIONS.values() for cls in table.values()}
    classes = {
        cls
        for cls in (vars(frames) | vars(agent_frames)).values()
        if "type" in getattr(cls, "__dataclass_fields__", ())
    }

    assert classes == tables


def test_the_page_names_every_code_and_the_code_every_page_entry():
    listed = re.findall(r"^\| `(\w+)` \|", section("Codes of refusals"), re.MULTILINE)

    def codes(cls):
        return {cls.code}.union(*(codes(sub) for sub in cls.__subclasses__()))

    made = codes(Refusal) | {PasswordRefused.code, LastAdmin.code, "unavailable", "server_error"}
    assert set(listed) == made
    assert len(listed) == len(set(listed))
    assert made <= set(WORDS)
    assert all(words_for(code).endswith(".") for code in made)


def test_the_page_names_every_event():
    rows = dict(re.findall(r"^\| `([\w.]+)` \| (.+) \|$", section("Events"), re.MULTILINE))

    assert set(rows) == {kind.value for kind in EventType}
    for kind, hidden in AGENTS_ONLY_FIELDS.items():
        for name in hidden:
            assert name in rows[kind].split("for agents")[1]


def makers(text, name):
    body = text.split(f"export const {name} = {{")[1].split("\n};")[0]
    return set(re.findall(r"^  (\w+): \(", body, re.MULTILINE))


def test_the_pages_can_make_exactly_the_frames_that_are_read():
    assert makers(PAGES_OWN, "customer") == set(FROM_CUSTOMER)
    assert makers(CONSOLES_OWN, "frames") == set(FROM_AGENT)


def test_the_pages_know_no_frame_that_is_never_sent():
    body = PAGES_OWN.split("SERVER_FIELDS")[1].split("});")[0]
    known = set(re.findall(r"^  (\w+): \{", body, re.MULTILINE))

    sent = set(TO_CUSTOMER) | set(TO_AGENT)
    assert known <= sent
    assert sent - known <= {"read"}, "a frame that no page understands"
