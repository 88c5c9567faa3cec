"""What a topic may be is told by the intents and articles that are there; strays are left out."""

import numpy as np
import pytest

from handoff_service.archive.learning.topics import FoundTopic, pair
from handoff_service.archive.learning.unanswered import Asked, Unanswered
from learning.discovery.comparing import Known, belonging
from learning.discovery.job import DAY_MS, WEEK_MS, describe
from learning.discovery.topics import Topic

NOW_MS = 1_795_000_000_000
RETURNS = ("returns", "en", 0.8)


def known(hit=None):
    """A bot with an intent at 0° and one at 90°; every look-up gives `hit`."""
    samples = np.array([[1, 0, 0], [0, 1, 0]], np.float32)
    return Known(("ask_refund", "ask_camera"), samples, lambda _text, _language: hit)


@pytest.mark.parametrize(
    ("place", "hit", "understood", "kind", "near"),
    [
        ((1, 0, 0), None, "ask_order", "existing_intent", {"intent": "ask_refund"}),
        ((1, 0, 0), RETURNS, "ask_refund", "existing_intent", {"article_id": "returns"}),
        ((1, 0, 0), None, "ask_refund", "missing_article", {"intent": "ask_refund"}),
        ((0, 0, 1), RETURNS, None, "new_intent", {"article_id": "returns", "similarity": 0.8}),
        ((0, 0, 1), None, "ask_refund", "missing_article", {}),
    ],
)
def test_a_topic_is_what_is_missing(place, hit, understood, kind, near):
    vectors = np.tile(np.array(place, np.float32), (3, 1))
    told = known(hit).judge([("how so", "en")] * 3, vectors, [understood] * 3)
    assert told.kind == kind
    assert near.items() <= told.near.items()


def test_an_article_counts_where_half_of_the_phrases_find_it():
    found = {"a": RETURNS, "b": None, "c": None, "d": RETURNS}
    bot = Known((), np.zeros((0, 3), np.float32), lambda text, _language: found[text])
    vectors = np.ones((3, 3), np.float32)
    assert bot.judge([(t, "en") for t in "abc"], vectors, []).kind == "missing_article"
    assert bot.judge([(t, "en") for t in "abd"], vectors, []).near["article_id"] == "returns"


def test_what_is_far_from_its_topic_is_left_out_and_nothing_alike_is_no_topic():
    together = np.tile(np.array([1, 0, 0, 0, 0], np.float32), (5, 1))
    stray = np.array([[0, 0, 0, 0, 1]], np.float32)
    assert sorted(belonging(np.vstack([together, stray])).tolist()) == [0, 1, 2, 3, 4]
    assert len(belonging(np.eye(8, dtype=np.float32))) == 0
    assert belonging(stray).tolist() == [0]


def asked(phrase_id, text, *talks, language="en", days=0):
    turns = [Asked(talk, NOW_MS - days * DAY_MS, None) for talk in talks]
    return Unanswered(phrase_id, text, language, b"", turns)


def test_a_topic_counts_conversations_week_by_week_and_few_make_none():
    phrases = [
        asked(1, "gift cards?", "c_1", "c_2", "c_2"),
        asked(2, "礼品卡", "c_3", language="zh-Hans", days=8),
        asked(3, "gift card", "c_4", days=89),
        asked(4, "my cat", "c_5", "c_6"),
        asked(5, "red", "c_7"), asked(6, "no", "c_8"), asked(7, "up", "c_9"),
    ]  # fmt: skip
    places = np.eye(7, dtype=np.float32)
    places[:3] = places[0]
    found = [
        Topic("gift card", "new_intent", 2, (0, 1, 2)),
        Topic("cat", "new_intent", 3, (3,)),
        Topic("", "new_intent", 4, (4, 5, 6)),
    ]
    topics = describe(phrases, places, found, known_3d(places), now_ms=NOW_MS)
    assert [(t.kind, t.size) for t in topics] == [("missing_article", 4), ("noise", 3)]
    first, noise = topics
    assert (first.label, first.medoid, first.languages) == ("gift card", 3, ["en", "zh-Hans"])
    assert first.phrase_ids[0] == 1, "what is asked most comes first"
    assert first.trend == [0] * 10 + [1, 2], "of twelve weeks; the 13th is not shown"
    assert noise.label == "red", "never empty"
    assert 12 * WEEK_MS < 90 * DAY_MS


def known_3d(places):
    """A bot that knows nothing."""
    return Known((), np.zeros((0, places.shape[1]), np.float32), lambda _text, _language: None)


def test_topics_are_known_again_by_what_they_share():
    def topic(*phrases):
        return FoundTopic(
            label="", kind="noise", medoid=1, size=3, languages=(), trend=(), near={},
            phrase_ids=phrases,
        )  # fmt: skip

    old = {"t_a": [1, 2, 3, 4], "t_b": [7, 8]}
    assert pair(old, [topic(7, 8), topic(2, 3, 4, 5)]) == {0: "t_b", 1: "t_a"}
    assert pair(old, [topic(1, 2), topic(3, 4, 1)]) == {1: "t_a"}, "each once, the most alike"
    assert pair(old, [topic(1, 5, 6), topic(9)]) == {}
