"""Canned replies and macros as a file: what it may say, and what is told of the rest."""

import pytest

from handoff_service.domain import LOCALES
from handoff_service.errors import RepliesError
from handoff_service.replies.catalogue import Do, choose_text, for_teams
from handoff_service.replies.file import PROJECT_FILE, find_replies, read_replies

GOOD = """
replies:
  refund:
    shortcut: 환불
    title: Refund
    texts: {en: "Refund of {{ order }}.", ko: "{{order}} 환불"}
    teams: [billing]
macros:
  done:
    title: Done
    acts: [{reply: refund}, {tag: refund}, {priority: 7}, {park: 24}]
"""


@pytest.fixture
def problems(tmp_path):
    """A function that returns what is told of a text, without the file's name."""

    def read(text):
        file = tmp_path / "replies.yml"
        file.write_text(text, "utf-8")
        with pytest.raises(RepliesError) as refused:
            read_replies(file)
        return [problem.removeprefix(f"{file}:") for problem in refused.value.problems]

    return read


def test_a_file_is_read_as_replies_and_macros(tmp_path):
    file = tmp_path / "replies.yml"
    file.write_text(GOOD, "utf-8")

    found = read_replies(file)

    reply, macro = found.replies["refund"], found.macros["done"]
    assert (reply.shortcut, reply.teams) == ("환불", ("billing",))
    assert reply.texts["ko"] == "{{order}} 환불"
    assert [(act.do, act.value) for act in macro.acts] == [
        (Do.REPLY, "refund"), (Do.TAG, "refund"), (Do.PRIORITY, "7"), (Do.PARK, "24"),
    ]  # fmt: skip


def test_the_demo_company_has_every_reply_in_every_language():
    found = read_replies(PROJECT_FILE)

    assert len(found.replies) == 12
    assert all(tuple(reply.texts) == LOCALES for reply in found.replies.values())


def test_without_the_usual_file_there_is_nothing_but_a_chosen_one_must_be_there(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)

    assert not find_replies(None).replies
    with pytest.raises(RepliesError, match="cannot be read"):
        find_replies(tmp_path / "mine.yml")


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("refund:", "Refund!:", "3: 'Refund!' is no id"),
        ("shortcut: 환불", "shortcut: two words", "4: 'two words' is no shortcut"),
        ("{{ order }}", "{{ odrer }}", "6: {{ odrer }} is no placeholder; expected customer.name"),
        ("{{order}} 환불", "{{order 환불", "6: {{ or }} alone is no placeholder"),
        ("ko:", "kr:", "6: 'kr' is unknown; expected en, zh-Hans"),
        ("teams: [billing]", "teams: billing", "7: expected a list of teams"),
        ("title: Refund", "titel: Refund", "5: 'titel' is unknown"),
        ("{reply: refund}", "{reply: nothing}", "11: there is no reply 'nothing'"),
        ("{reply: refund}", "{park: 1}", "11: nothing can follow park; put it last"),
        ("{tag: refund}", "{reply: refund}", "11: only one reply fits into a message"),
        ("{priority: 7}", "{priority: 10}", "11: '10' is not a whole number 0…9"),
        ("{priority: 7}", "{dance: 7}", "11: expected exactly one of close, note, park"),
        ("acts: [{reply: refund}, {tag: refund}, {priority: 7}, {park: 24}]", "acts: []",
         "11: expected 1…10 acts"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_with_its_line_and_the_remedy(problems, line, instead, told):
    assert line in GOOD

    found = problems(GOOD.replace(line, instead))

    assert any(problem.startswith(told) for problem in found), found


def test_two_replies_cannot_have_one_shortcut(problems):
    twice = GOOD.replace("macros:", "  other: {shortcut: 환불, title: O, texts: {en: x}}\nmacros:")

    assert problems(twice) == ["8: /환불 is the shortcut of 'refund' too; change one"]


def test_a_text_is_chosen_in_the_customers_language_else_in_the_nearest():
    assert choose_text({"en": "x", "ko": "y"}, "ko") == "ko"
    assert choose_text({"en": "x", "zh-Hans": "y"}, "zh-Hant") == "zh-Hans"
    assert choose_text({"en": "x", "zh-Hans": "y"}, "ko") == "en"
    assert choose_text({"ru": "x"}, "ko") == "ru"


def test_what_names_no_team_is_everybodys():
    assert for_teams((), ())
    assert for_teams(("billing",), ("billing", "sales"))
    assert not for_teams(("billing",), ("sales",))
