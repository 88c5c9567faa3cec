"""Slots for a kind of conversation, and who of those ahead takes them."""

import pytest

from handoff_service.domain import Agent, Presence
from handoff_service.routing.policy import Requirement
from handoff_service.routing.staffing import Slots, Staffing


def agent(name, languages, *, capacity=2, load=0, skills=None):
    return Agent(
        name, name, tuple(languages.split()), capacity, Presence.ONLINE, load=load,
        skills=skills or {},
    )  # fmt: skip


def kind(language, *, skill=None, level=1, weight=1):
    return Requirement(language, skill, level, None, None, weight, lenient=False)


STAFF = Staffing(
    [
        agent("anna", "en", capacity=4, load=1),
        agent("bo", "en ko", capacity=2, load=2),
        agent("chi", "ko", skills={"billing": 2}),
    ]
)


@pytest.mark.parametrize(
    ("wanted", "slots"),
    [
        (kind("en"), Slots(6, 3)),
        (kind("ko"), Slots(4, 2)),
        (kind(None), Slots(8, 5)),
        (kind("ru"), Slots(0, 0)),
        (kind("ko", skill="billing"), Slots(4, 2)),
        (kind("ko", skill="billing", level=2), Slots(2, 2)),
        (kind("ko", skill="billing", level=3), Slots(0, 0)),
        (kind("en", weight=2), Slots(3, 1)),
        (kind("ko", weight=5), Slots(2, 1)),  # one who holds nothing takes anything
    ],
)
def test_slots_are_those_of_everybody_who_may_take_it(wanted, slots):
    assert STAFF.slots(wanted) == slots


@pytest.mark.parametrize(
    ("needed", "comes_to"),
    [
        (kind("ko", skill="billing", level=2), kind("ko", skill="billing", level=2)),
        (kind("ko", skill="billing", level=3), kind("ko")),
        (kind("ru"), kind("ru")),
    ],
)
def test_what_nobody_brings_is_given_up_in_a_while(needed, comes_to):
    assert STAFF.settled_for(needed) == comes_to


@pytest.mark.parametrize(
    ("before", "ahead"),
    [
        ({}, 0),
        ({kind("en"): 3}, 3),
        ({kind("ko"): 2}, 1),  # Bo, who has half of the capacity for Korean, speaks English
        ({kind(None): 4}, 3),
        ({kind("ru"): 9}, 0),  # nobody here takes them
        ({kind("en", weight=2): 2}, 4),
        ({kind("en"): 1, kind("ko"): 2}, 2),
    ],
)
def test_those_ahead_count_as_far_as_they_go_to_the_same_agents(before, ahead):
    assert STAFF.ahead(kind("en"), before) == pytest.approx(ahead)
