"""When a version counts as worse: rules on counts worked by hand, and what customers get."""

from types import SimpleNamespace

import pytest

from kb_index.confidence import Decision
from kb_index.gate import Change, Outcome, Standing, Verdict, ask, sign_test, why_worse
from kb_index.golden import GoldenQuestion

GOLD = GoldenQuestion("q", "where is my money", "en", frozenset({"refunds"}))
NO_GOLD = GoldenQuestion("n", "a student discount?", "en", frozenset())


def change(before, after, question=GOLD, ranks=(1, 1)):
    return Change(
        question,
        Outcome(before, "en/a", 0.9, ranks[0]),
        Outcome(after, "en/b", 0.8, ranks[1]),
    )


def changes(*, worse=0, better=0, same=0):
    return (
        [change(Standing.RIGHT, Standing.OFFERED)] * worse
        + [change(Standing.PERSON, Standing.RIGHT)] * better
        + [change(Standing.RIGHT, Standing.RIGHT)] * same
    )


def reasons(compared, *, n_dropped=0):
    return why_worse(compared, n_dropped=n_dropped, n_known=len(compared) + n_dropped)


@pytest.mark.parametrize(
    ("worse", "better", "p"),
    [(0, 0, 1.0), (1, 0, 0.5), (5, 0, 1 / 32), (4, 1, 6 / 32), (7, 1, 9 / 256), (0, 3, 1.0)],
)
def test_the_sign_test_counts_throws_of_a_coin(worse, better, p):
    assert sign_test(worse, better) == pytest.approx(p)


@pytest.mark.parametrize(
    ("worse", "better", "same", "reason"),
    [
        (0, 0, 200, None),
        (0, 9, 200, None),
        (4, 0, 196, None),  # p = 0.0625, and no more than 2 % of 200
        (5, 0, 195, "5 questions got worse and 0 better, beyond chance"),
        (6, 1, 993, None),
        (7, 1, 992, "beyond chance"),
        (2, 0, 8, None),
        (3, 0, 7, "3 of 10 questions got worse and 0 better"),  # chance may explain it
        (40, 35, 125, "40 of 200 questions got worse and 35 better"),
        (40, 36, 124, None),
    ],
)
def test_how_many_questions_may_get_worse(worse, better, same, reason):
    found = reasons(changes(worse=worse, better=better, same=same))

    assert bool(found) == bool(reason)
    assert len(found) <= 1
    assert reason is None or reason in found[0]


@pytest.mark.parametrize(
    ("fooled", "mended", "n", "refused"),
    [(1, 0, 99, True), (1, 1, 99, False), (1, 0, 100, False), (2, 0, 150, True)],
)
def test_unanswerable_questions_may_not_newly_be_answered(fooled, mended, n, refused):
    compared = (
        [change(Standing.PERSON, Standing.WRONG, NO_GOLD)] * fooled
        + [change(Standing.WRONG, Standing.PERSON, NO_GOLD)] * mended
        + [change(Standing.PERSON, Standing.PERSON, NO_GOLD)] * (n - fooled - mended)
        + changes(same=200)
    )

    found = reasons(compared)

    assert bool(found) == refused
    assert not refused or f"{fooled - mended} more of {n} unanswerable" in found[0]


@pytest.mark.parametrize(
    ("n_dropped", "same", "refused"),
    [(2, 4, False), (3, 7, True), (20, 180, False), (21, 179, True)],
)
def test_a_tenth_of_the_questions_may_lose_their_articles(n_dropped, same, refused):
    found = reasons(changes(same=same), n_dropped=n_dropped)

    assert bool(found) == refused
    assert not refused or "lost every article that answers them" in found[0]


def test_every_rule_gives_its_own_reason():
    fooled = [change(Standing.PERSON, Standing.WRONG, NO_GOLD)] * 5

    assert len(reasons([*fooled, *changes(same=10)], n_dropped=9)) == 3


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((Standing.PERSON, 1), (Standing.PERSON, 2), "worse"),
        ((Standing.OFFERED, 3), (Standing.OFFERED, 2), "same"),
        ((Standing.PERSON, 3), (Standing.PERSON, 0), "worse"),
        ((Standing.PERSON, 4), (Standing.PERSON, 0), "same"),
        ((Standing.WRONG, 2), (Standing.PERSON, 0), "better"),
        ((Standing.RIGHT, 1), (Standing.OFFERED, 1), "worse"),
    ],
)
def test_what_is_worse_for_a_question(before, after, verdict):
    found = change(before[0], after[0], ranks=(before[1], after[1]))

    assert (found.is_worse, found.is_better) == (verdict == "worse", verdict == "better")


class Found:
    """A search that found these articles; stands for no part, it is what a search returns."""

    def __init__(self, decision, *keys):
        parts = [key.split("/") for key in keys]
        hits = tuple(SimpleNamespace(locale=locale, article_id=name) for locale, name in parts)
        self._result = SimpleNamespace(hits=hits, confidence=0.5, decision=decision)

    def search(self, text, *, locale):
        assert text and locale == "en"
        return self._result


@pytest.mark.parametrize(
    ("found", "question", "standing"),
    [
        (Found(Decision.ANSWER, "en/refunds"), GOLD, Standing.RIGHT),
        (Found(Decision.ANSWER, "ru/refunds"), GOLD, Standing.OFFERED),
        (Found(Decision.ANSWER, "en/hub", "en/refunds"), GOLD, Standing.WRONG),
        (Found(Decision.CLARIFY, "en/a", "en/b", "en/refunds"), GOLD, Standing.OFFERED),
        (Found(Decision.CLARIFY, "en/a", "en/b", "en/c", "en/refunds"), GOLD, Standing.PERSON),
        (Found(Decision.OFFER_PERSON, "en/refunds"), GOLD, Standing.PERSON),
        (Found(Decision.OFFER_PERSON), GOLD, Standing.PERSON),
        (Found(Decision.ANSWER, "en/refunds"), NO_GOLD, Standing.WRONG),
        (Found(Decision.CLARIFY, "en/refunds"), NO_GOLD, Standing.PERSON),
    ],
)
def test_what_the_customer_gets(found, question, standing):
    assert ask(found, question).standing is standing


def test_the_place_of_the_right_article_is_told():
    assert ask(Found(Decision.CLARIFY, "en/a", "ko/refunds"), GOLD).rank == 2
    assert ask(Found(Decision.CLARIFY, "en/a"), GOLD).rank == 0


def test_a_change_says_question_before_and_after():
    assert str(change(Standing.RIGHT, Standing.WRONG)) == (
        "[en] 'where is my money' (answered by refunds): "
        "answered rightly from en/a (0.90) → answered wrongly from en/b (0.80)"
    )


def test_a_verdict_prints_counts_and_changes():
    verdict = Verdict("b", "a", tuple(changes(worse=1, same=2)), (NO_GOLD,), 4, ())

    printed = verdict.as_json()

    assert printed["not_worse"]
    assert printed["before"] == {"right": 3, "offered": 0, "person": 0, "wrong": 0}
    assert printed["after"] == {"right": 2, "offered": 1, "person": 0, "wrong": 0}
    assert [one["id"] for one in printed["worse"]] == ["q"]
    assert (printed["questions"], printed["without_article"]) == (3, 4)
