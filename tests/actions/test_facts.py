"""Facts of a turn, as actions read them from the tracker."""

from rasa_sdk import Tracker

from actions.facts import Facts, HandedBack, facts
from tests.actions.calls import call


def read(metadata, *, before=()):
    return facts(
        Tracker.from_dict(call("action_answer", metadata=metadata, events=before)["tracker"])
    )


def test_what_was_not_said_has_a_safe_default():
    assert read({}) == Facts(on_duty=True, waiting=False, disliked=False, local_hour=None)


def test_a_tracker_without_any_message_has_the_defaults():
    empty = call("action_answer")["tracker"] | {"events": []}

    assert facts(Tracker.from_dict(empty)) == Facts()


def test_facts_are_those_of_the_latest_message():
    older = {"event": "user", "text": "hi", "metadata": {"waiting": True, "flags": ["vip"]}}
    told = {
        "locale": "ko", "page": {"url": "https://shop.example/hub", "title": "Hub"},
        "on_duty": False, "disliked": True, "flags": ["at_risk"], "local_hour": 0,
    }  # fmt: skip

    assert read(told, before=[older]) == Facts(
        locale="ko",
        page={"url": "https://shop.example/hub", "title": "Hub"},
        on_duty=False,
        waiting=False,
        disliked=True,
        flags=frozenset({"at_risk"}),
        local_hour=0,
    )


def test_who_is_known_is_told_and_shown_in_no_log():
    known = read({"known": {"email": "kim@shop.example"}})

    assert known.known == {"email": "kim@shop.example"}
    assert "kim" not in repr(known)


def test_what_the_agent_did_is_told():
    back = {"agent_name": "Ann", "note": "Refund is on its way.", "articles": ["/help/en/refunds"]}

    assert read({"handed_back": back}).handed_back == HandedBack(
        "Ann", "Refund is on its way.", ("/help/en/refunds",)
    )
