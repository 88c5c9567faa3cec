"""What is unusual is found, what is usual is not, at the rate that is promised."""

import numpy as np
import pytest

from handoff_service.archive.questions import Question
from handoff_service.floor import spikes
from handoff_service.floor.spikes import find_spikes, tail, topic_words

DIMENSION, TOPICS = 64, 40
LANGUAGES = ("en", "ko")
#: Of quiet hours that raise a hint, as spikes.py says of ALARM; the test allows for three standard
#: deviations more.
FALSE_SHARE = 1 / 40


class Stream:
    """Customers who ask about topics, some more often than others, in bursts, in two languages.

    A question's vector is its topic's and its language's direction and something of its own.
    """

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.topics = self._units(TOPICS)
        self.languages = dict(zip(LANGUAGES, self._units(len(LANGUAGES)), strict=True))
        self.shares = 1 / np.arange(1, TOPICS + 1) ** 0.8
        self.shares /= self.shares.sum()
        self.customers = 0

    def _units(self, count):
        found = self.random.normal(size=(count, DIMENSION))
        return found / np.linalg.norm(found, axis=1, keepdims=True)

    def ask(self, topic, *, at_ms=0, language=None):
        self.customers += 1
        language = language or LANGUAGES[self.customers % 2]
        own = self.random.normal(size=DIMENSION) / np.sqrt(DIMENSION)
        vector = self.topics[topic] + 2 * self.languages[language] + 0.9 * own
        question = Question(f"c{self.customers}", at_ms, f"about topic{topic}", language)
        return question, vector / np.linalg.norm(vector)

    def hour(self, rate):
        bursts = self.random.gamma(spikes.STEADY, 1 / spikes.STEADY, TOPICS)
        counts = self.random.poisson(rate * self.shares * bursts)
        return [self.ask(topic) for topic, count in enumerate(counts) for _ in range(count)]

    def look(self, asked, past):
        return find_spikes(
            [question for question, _ in asked],
            np.array([vector for _, vector in asked], np.float32),
            past=[question for question, _ in past],
            past_vectors=np.array([vector for _, vector in past], np.float32),
        )


@pytest.fixture
def stream():
    return Stream(7)


def history(stream, *, rate=60, hours=10):
    return [asked for _ in range(hours) for asked in stream.hour(rate)]


@pytest.mark.parametrize("rate", [20, 100])
def test_quiet_hours_raise_no_more_hints_than_is_promised(stream, rate):
    past, hours = history(stream, rate=rate), 200

    alarms = sum(bool(stream.look(stream.hour(rate), past)) for _ in range(hours))

    assert alarms <= hours * FALSE_SHARE + 3 * (hours * FALSE_SHARE) ** 0.5


def test_many_who_ask_the_same_in_two_languages_are_one_hint(stream):
    past = history(stream)
    injected = [stream.ask(30, at_ms=number * 60_000) for number in range(20)]
    asked = stream.hour(60) + injected

    [spike] = stream.look(asked, past)

    names = {question.conversation_id for question, _ in injected}
    found = set(spike.conversation_ids)
    assert len(found & names) >= 17
    assert len(found - names) <= 3
    assert {question.language for question, _ in injected} == set(LANGUAGES)
    assert spike.question.text == "about topic30"
    assert spike.words == ("topic30",)
    assert spike.usual < 3


def test_what_is_asked_as_often_every_week_is_usual(stream):
    every_week = [stream.ask(30) for _ in range(150)]
    asked = stream.hour(60) + [stream.ask(30) for _ in range(20)]

    assert stream.look(asked, history(stream)) != []
    assert stream.look(asked, history(stream) + every_week) == []


def test_one_customer_who_asks_twenty_times_is_one(stream):
    question, _ = stream.ask(30)
    again = [(question, stream.ask(30, language=question.language)[1]) for _ in range(20)]

    assert stream.look(stream.hour(60) + again, history(stream)) == []


def test_without_a_history_nothing_is_unusual(stream):
    asked = [stream.ask(30) for _ in range(40)]

    assert stream.look(asked, stream.hour(20)[: spikes.LEAST_HISTORY - 1]) == []


def test_the_tail_is_that_of_the_negative_binomial():
    # By hand: r = 1/(1/0.5 + 1/3 + 1/1.5) = 1/3, h = r · 30/0.5 = 20, p = 20/(20 + 10) = 2/3;
    # P(X = 0) = p^r, P(X = 1) = r p^r (1-p).
    none = (2 / 3) ** (1 / 3)
    one = none / 3 / 3

    assert tail(0, exposure=10, known=0, history=30) == pytest.approx(1.0)
    assert tail(1, exposure=10, known=0, history=30) == pytest.approx(1 - none)
    assert tail(2, exposure=10, known=0, history=30) == pytest.approx(1 - none - one)


def test_words_are_those_that_others_do_not_use():
    def say(texts, name):
        return [Question(f"{name}{n}", 0, text, "en") for n, text in enumerate(texts)]

    these = say(["The app will not open", "app not opening!", "my app crashes on open"], "a")
    others = say(["my parcel is late", "where is my parcel", "will it be late"], "b")
    chinese = say(["应用打不开了", "我的应用打不开"], "z")

    assert topic_words(these, these + others) == ("open",)
    assert "打不" in topic_words(chinese, chinese + others)
