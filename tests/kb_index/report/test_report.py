"""The page shows what was measured, draws true plots, and carries nobody's markup."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from kb_index.evaluation import Answered, Evaluation, Question
from kb_index.metrics.coverage import Judged
from kb_index.report.page import write_report
from kb_index.report.plots import confidence_histogram, reliability_plot, risk_coverage_plot
from kb_index.report.svg import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Plot
from kb_index.report.worst import SHOWN, find_worst


def answer(name, gold, ranked, confidence, *, given=False, kind=""):
    question = Question(name, f"Question {name}?", frozenset(gold), kind)
    return Answered(question, tuple(ranked), confidence, 1.0, given)


RIGHT_GIVEN = answer("right", {"a"}, ["a", "b"], 0.9, given=True)
WRONG_GIVEN = answer("wrong", {"a"}, ["b", "a"], 0.8, given=True)
FOOLED = answer("fooled", set(), ["b"], 0.95, given=True, kind="near_miss")
MISSED = answer("missed", {"x"}, ["a", "b", "c", "d", "e", "x"], 0.3)
DOUBTED = answer("doubted", {"a"}, ["a"], 0.2)
LOW = answer("low", {"b"}, ["a", "b"], 0.4)
SILENT = answer("silent", set(), ["a"], 0.1, kind="smalltalk")
ALL = (RIGHT_GIVEN, WRONG_GIVEN, FOOLED, MISSED, DOUBTED, LOW, SILENT)


def evaluation(*answered, locale="en"):
    titles = {"a": "Article A", "b": "Article <B>", "x": "Article X"}
    return Evaluation(locale, answered or ALL, n_chunks=3, index_s=1.0, titles=titles, cut=0.6)


def test_the_worst_are_the_surely_wrong_the_missed_and_the_doubted():
    worst = find_worst(ALL)

    assert worst.wrong == (FOOLED, WRONG_GIVEN)  # the surest first
    assert worst.missed == (MISSED,)
    assert worst.doubted == (DOUBTED,)


def test_each_list_is_short():
    worst = find_worst([WRONG_GIVEN] * 30)

    assert len(worst.wrong) == SHOWN


@pytest.fixture
def page(tmp_path):
    comparison = {
        "en": {
            way: {"recall_at_1": 0.5, "recall_at_5": 0.875, "mrr_at_10": None}
            for way in ("meaning", "words", "rrf", "both")
        }
    }
    path = write_report(
        tmp_path / "new" / "folder",
        [evaluation(), evaluation(RIGHT_GIVEN, locale="ko")],
        today=date(2026, 1, 31),
        title="How well <it> answers",
        comparison=comparison,
    )
    return path.read_text(encoding="utf-8")


def test_the_page_shows_the_measures_and_the_worst_questions(page):
    text = re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL))

    assert "2026-01-31 · 8 questions, 2 of them without an answer" in text
    # of five answerable questions two are right at once, four within five
    assert "English 5 40.0 % 80.0 % " in text
    assert "Korean 1 100.0 % 100.0 % " in text
    assert "3 of 7 66.7 %" in text
    assert "no question without an answer" in text
    assert "words alone 50.0 % 87.5 % –" in text
    assert "Question fooled? no article (near miss) Article &lt;B&gt; 0.950" in text
    assert "Question missed? Article X Article A Article &lt;B&gt; c 0.300" in text


def test_the_page_needs_no_other_file_and_runs_nothing(page):
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert "url(" not in page
    assert "@import" not in page
    assert "How well &lt;it&gt; answers" in page
    assert "<it>" not in page
    assert "Article <B>" not in page


def test_questions_stand_in_their_language(page):
    assert '<section class="language" id="ko"' in page
    assert '<td lang="en">Question wrong?</td>' in page


def test_a_report_is_replaced_as_a_whole(tmp_path):
    for title in ("First", "Second"):
        write_report(tmp_path, [evaluation()], today=date(2026, 1, 31), title=title)

    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert "Second" in (tmp_path / "index.html").read_text()


def draw(markup):
    """Parse the drawing; what it draws stands in the units of the axes, 0 to 1."""
    svg = ElementTree.fromstring(str(markup).partition("<ul")[0])  # noqa: S314 - our own

    def point(x, y):
        across = (float(x) - LEFT) / (WIDTH - LEFT - RIGHT)
        up = (HEIGHT - BOTTOM - float(y)) / (HEIGHT - TOP - BOTTOM)
        return round(across, 2), round(up, 2)

    def lines(style):
        found = [one for one in svg.iter("polyline") if one.get("class") == style]
        return [[point(*pair.split(",")) for pair in one.get("points").split()] for one in found]

    return svg, point, lines


def test_a_plot_places_points_between_its_margins():
    plot = Plot("T", "about", "x", "y", x_end=2, y_end=10, percent=False)
    plot.line([(0, 0), (1, 5), (2, 10), (3, 99)], "curve")

    svg, _, lines = draw(plot.render())

    assert lines("curve") == [[(0, 0), (0.5, 0.5), (1, 1), (1, 1)]]
    assert svg.find("title").text == "T"
    ticks = [one.text for one in svg.iter("text") if one.get("class") == "tick"]
    assert ticks[0::2] == ["0", "2.5", "5", "7.5", "10"]


def test_risk_and_coverage_are_drawn_where_they_are_and_the_cut_in_use_is_marked():
    judged = [Judged(0.9, True, True), Judged(0.7, False, False), Judged(0.5, True, True)]

    svg, point, lines = draw(risk_coverage_plot(judged, cut=0.6))

    assert lines("curve") == [[(0.5, 0), (0.5, 0.5), (1, 0.33)]]
    dots = [point(one.get("cx"), one.get("cy")) for one in svg.iter("circle")]
    assert dots == [(0.5, 0.5)]
    assert "50% answered, 50% of the answers wrong" in str(svg.find("circle/title").text)


def test_nothing_is_marked_when_nothing_would_be_answered():
    svg, _, _ = draw(risk_coverage_plot([Judged(0.5, True, True)], cut=0.6))

    assert not list(svg.iter("circle"))


def test_reliability_draws_a_dot_for_each_bin():
    judged = [Judged(0.25, True, False), Judged(0.75, True, True)]

    _, _, lines = draw(reliability_plot(judged))

    assert lines("curve") == [[(0.25, 0), (0.75, 1)]]


def test_the_histogram_stacks_right_wrong_and_unanswerable():
    judged = [
        *[Judged(0.52, True, True)] * 3,
        Judged(0.53, True, False),
        Judged(0.54, False, False),
        Judged(1.0, True, True),
    ]

    svg, point, _ = draw(confidence_histogram(judged, cut=0.6))

    bars = list(svg.iter("rect"))
    # eight questions high: the ticks are whole numbers
    assert [one.get("class") for one in bars] == ["right", "wrong", "none", "right"]
    feet = [point(one.get("x"), float(one.get("y")) + float(one.get("height"))) for one in bars]
    assert [at for at, _ in feet] == [0.5, 0.5, 0.5, 0.95]
    assert [foot for _, foot in feet] == pytest.approx([0, 3 / 8, 4 / 8, 0], abs=0.01)


def test_a_cut_that_answers_nothing_is_not_marked():
    svg, _, _ = draw(confidence_histogram([Judged(0.5, True, True)], cut=1.01))

    assert not [one for one in svg.iter("path") if one.get("class") == "mark"]
    assert "cut-off," not in risk_coverage_plot([Judged(0.5, True, True)], cut=1.01)


def test_plots_of_no_question_are_empty_but_whole():
    for plot in (
        risk_coverage_plot([], cut=0.5),
        reliability_plot([]),
        confidence_histogram([], cut=0.5),
    ):
        draw(plot)
