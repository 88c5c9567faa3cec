"""Which words a reply takes (language, tone, moment, turn), in Rasa's environment."""

import json
import os
import subprocess

import pytest

from bot.components.languages import LOCALES
from bot.tone import read_tones
from tests.bot.conftest import RASA_PYTHON, ROOT, Bot, Process, free_port

pytestmark = [pytest.mark.model, pytest.mark.timeout(120)]

#: Reads a case a line, prints the reply. A case: `name`, `language`, `tone`, `kwargs`, `slots`
#: and `said`, a list of ["user", intent, text], ["bot", text, response, asks], ["handoff"] and
#: ["session"], the last one the customer's message with `metadata` and `message_id` of the case.
SCRIPT = """
import asyncio, json, os, sys
from bot import lean; lean.install(serving=True)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from bot.stores.tracker import recent_events
from bot.turn import TurnFailed
from bot.wording import Wording

domain = Domain.from_path("bot/domain")
domain.responses.update(json.loads(os.environ["RESPONSES"]))

def event(said, case, last):
    kind, *rest = said
    if kind == "user":
        intent, text = rest
        extra = {"metadata": case.get("metadata"), "message_id": case.get("message_id")}
        return UserUttered(text, {"name": intent}, **(extra if last else {}))
    if kind == "bot":
        text, name, asks = rest
        return BotUttered(text, metadata={"utter_action": name, "metadata": {"asks": asks}})
    return ActionExecuted("action_request_handoff") if kind == "handoff" else SessionStarted()

def reply(case):
    tracker = DialogueStateTracker("c", domain.slots)
    events = [event(s, case, s is case["said"][-1]) for s in case["said"]]
    slots = {"language": case["language"], **case.get("slots", {})}
    for e in events[:-1]:
        tracker.update(e)
        if not isinstance(e, UserUttered):  # between turns the store keeps only so much
            kept = recent_events(tracker)
            tracker = DialogueStateTracker.from_events("c", kept, domain.slots)
    for e in [*(SlotSet(*slot) for slot in slots.items()), events[-1]]:
        tracker.update(e)
    wording = Wording(EndpointConfig(tone=case.get("tone", "")), domain)
    spoken = wording.generate(case["name"], tracker, "baton", **case.get("kwargs", {}))
    try:
        return asyncio.run(spoken)
    except TurnFailed as failure:
        return {"text": failure.message}

for line in sys.stdin:
    print("case " + json.dumps(reply(json.loads(line))), flush=True)
"""
HELLO = ["user", "greet", "hello"]
QUESTION = ["user", "ask_order", "where is my parcel?"]
EXTRA = {
    "utter_test": [
        {"condition": [{"type": "slot", "name": "language", "value": "en"}], "text": text}
        for text in ("one", "two", "three")
    ],
    "utter_gap": [
        {"condition": [{"type": "slot", "name": "language", "value": "en"}], "text": "a {gap}"}
    ],
}


@pytest.fixture(scope="module")
def speaker():
    process = subprocess.Popen(
        [str(RASA_PYTHON), "-W", "ignore", "-c", SCRIPT],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT), "RESPONSES": json.dumps(EXTRA)},
    )  # fmt: skip
    with process:
        yield process
        process.stdin.close()


@pytest.fixture
def replies(speaker):
    """Return the function that tells the reply to each case."""

    def reply(case):
        whole = {"name": "utter_greet", "language": "en", "said": [HELLO], **case}
        print(json.dumps(whole), file=speaker.stdin, flush=True)
        line = next(line for line in speaker.stdout if line.startswith("case "))
        return json.loads(line.removeprefix("case "))

    return lambda *cases: [reply(case) for case in cases]


@pytest.fixture
def texts(replies):
    return lambda *cases: [reply["text"] for reply in replies(*cases)]


def test_every_locale_speaks_in_both_tones(texts):
    formal = texts(*({"language": locale} for locale in LOCALES))
    casual = texts(*({"language": locale, "tone": "casual"} for locale in LOCALES))
    mixed = texts(*({"language": locale, "tone": "ru=casual"} for locale in LOCALES))

    assert all(one != other for one, other in zip(formal, casual, strict=True))
    assert mixed == [c if x == "ru" else f for x, f, c in zip(LOCALES, formal, casual, strict=True)]
    assert "{" not in "".join(formal + casual)


def test_a_missing_casual_variant_is_the_formal_one(texts):
    hour = {"metadata": {"local_hour": 9}}

    formal, casual = texts(hour, {**hour, "tone": "casual"})

    assert formal.split("!")[0] == casual.split("!")[0] == "Good morning"
    assert formal != casual


def test_the_greeting_goes_by_the_customers_hour(texts):
    hours = {None: "Hello", 2: "Hello", 5: "Good morning", 12: "Good afternoon",
             17: "Good afternoon", 18: "Good evening", 23: "Hello"}  # fmt: skip

    said = texts(*({"metadata": {"local_hour": hour}} for hour in hours))
    russian, simplified, traditional, korean = texts(
        *(
            {"language": x, "metadata": {"local_hour": 20}}
            for x in ("ru", "zh-Hans", "zh-Hant", "ko")
        )
    )

    assert [text.split("!")[0] for text in said] == list(hours.values())
    assert russian.startswith("Добрый вечер!")
    assert simplified.startswith("晚上好！")
    assert traditional.startswith("晚安，您好！")
    assert korean.startswith("안녕하세요!")


def test_the_second_greeting_is_short_and_an_open_question_is_taken_up(texts):
    person = [QUESTION, ["user", "request_person", "a person"], ["handoff"]]
    bot_says = ["bot", "…", "utter_affirm", None]

    first, again, opened, settled, *handed_over = texts(
        {},
        {"said": [["session"], HELLO, ["bot", "Hello!", "utter_greet", None], HELLO]},
        {"said": [QUESTION, ["bot", "…", "utter_answer", None], ["session"], HELLO]},
        {"said": [QUESTION, ["user", "thank_you", "thanks"], HELLO]},
        {"said": [*person, HELLO]},
        {"said": [*person, bot_says, ["user", "affirm", "ok"], bot_says, HELLO]},
    )

    assert len(again) < len(first) / 2
    assert "“where is my parcel?”" in opened
    assert "parcel" not in settled + "".join(handed_over)


def test_after_a_hand_back_a_greeting_or_thanks_asks_about_the_problem(texts):
    back = {"metadata": {"handed_back": {"agent_name": "Ann"}}}
    said = [QUESTION, ["user", "request_person", "a person"], ["handoff"], HELLO]

    with_problem, thanked, without = texts(
        {**back, "said": said, "slots": {"problem": "where is\nmy parcel? " + "x" * 80}},
        {**back, "said": said, "slots": {"problem": "late"}, "name": "utter_welcome"},
        {**back, "said": said},
    )

    assert "“where is my parcel? xxx" in with_problem
    assert "…”" in with_problem
    assert "“late”" in thanked
    assert "“" not in without


@pytest.mark.parametrize("locale", LOCALES)
def test_yes_and_no_answer_what_was_asked(locale, texts):
    def after(name, asks=None):
        return {"language": locale, "said": [["bot", "…", name, asks], HELLO]}

    yes = texts(*({"name": "utter_affirm", **after(*x)} for x in (
        ("utter_bot",), ("utter_answer",), ("utter_greet", "go_on"),
        ("utter_greet", "still_open"))))  # fmt: skip
    no = texts(*({"name": "utter_rephrase", **after(*x)} for x in (
        ("utter_bot",), ("utter_welcome", "anything_else"), ("utter_greet", "go_on"),
        ("utter_greet", "still_open"))))  # fmt: skip

    assert len(set(yes)) == len(set(no)) == 3
    assert yes[3] == yes[2]
    assert no[3] == no[1]


def test_variants_take_turns_and_a_repeated_turn_says_the_same(texts):
    case = {"name": "utter_test"}
    first = texts(*({**case, "message_id": f"m{n}"} for n in range(20)))

    again = texts(*({**case, "message_id": f"m{n}"} for n in range(20)))
    following = texts(
        *(
            {**case, "message_id": f"m{n}", "said": [["bot", text, "utter_test", None], HELLO]}
            for n, text in enumerate(first)
        )
    )

    assert first == again
    assert set(first) == {"one", "two", "three"}
    assert all(now != before for now, before in zip(following, first, strict=True))


def test_a_placeholder_without_a_value_fails_the_turn_and_is_named(texts):
    unfilled, unknown, filled = texts(
        {"name": "utter_gap"},
        {"name": "utter_nowhere"},
        {"name": "utter_gap", "kwargs": {"gap": 1}},
    )

    assert "{gap} of utter_gap" in unfilled
    assert "utter_nowhere" in unknown
    assert filled == "a 1"


def test_a_reply_holds_text_and_buttons_and_no_conditions(replies):
    [reply] = replies({"name": "utter_insult"})

    assert [button["payload"] for button in reply["buttons"]] == ["request_person"]
    assert set(reply) == {"text", "buttons"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", {}), ("formal", {}), ("casual", dict.fromkeys(LOCALES, "casual")),
     (" ru = casual , ko=formal,", {"ru": "casual"}), ("zh-Hans=casual", {"zh-Hans": "casual"})],
)  # fmt: skip
def test_the_setting_gives_every_locale_a_tone(text, expected):
    assert read_tones(text) == dict.fromkeys(LOCALES, "formal") | expected


@pytest.mark.parametrize("text", ["rude", "fr=casual", "ru=warm", "ru", "ru=casual,ru=formal"])
def test_a_tone_that_is_none_is_named_with_what_is_expected(text):
    with pytest.raises(ValueError, match=r"expected formal, casual, or .*ru=casual"):
        read_tones(text)


def test_rasa_speaks_in_the_tone_of_its_environment(environment, trained_model, actions, tmp_path):
    port = str(free_port())
    url = f"http://127.0.0.1:{port}"
    rasa = Process(
        [str(RASA_PYTHON), "-m", "bot.serve", "--model", str(trained_model)],
        environment | {"BATON_RASA_PORT": port, "BATON_TONE": "ru=casual"},
        health=f"{url}/webhooks/baton/health",
        log=tmp_path / "log",
    ).start()
    try:
        bot = Bot(url, environment["BATON_RASA_TOKEN"])
        russian = bot.replies("casual", "привет", locale="ru")[0]["text"]
        english = bot.replies("formal", "good evening")[0]["text"]
    finally:
        rasa.stop()

    assert russian.startswith("Привет!")
    assert english.startswith("Hello!")


def test_rasa_does_not_start_in_a_tone_that_is_none(environment):
    result = subprocess.run(
        [str(RASA_PYTHON), "-m", "bot.serve"],
        cwd=ROOT, env=os.environ | environment | {"BATON_TONE": "warm"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.returncode == 2
    assert result.stderr.startswith("BATON_TONE: 'warm' in 'warm'; expected formal, casual, or")
    assert "Traceback" not in result.stderr
