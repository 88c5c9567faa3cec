"""What an evaluation sums up, on answers made by hand, and the files it reads."""

import pytest

from kb_index.errors import EvaluationInputBroken
from kb_index.evaluation import Answered, Evaluation, Question
from kb_index.evaluation_files import read_question_folder, read_questions


def answer(gold, ranked, confidence, *, given=False, kind=""):
    return Answered(Question("q", "?", frozenset(gold), kind), ranked, confidence, 2.0, given)


# by confidence: right, unanswerable, right, wrong, unanswerable
EVALUATION = Evaluation(
    "en",
    (
        answer({"a"}, ("a", "b"), 0.9, given=True),
        answer(set(), ("a",), 0.8, given=True, kind="near_miss"),
        answer({"b", "c"}, ("c",), 0.7, given=True),
        answer({"a"}, ("b", "c", "a"), 0.6),
        answer(set(), (), 0.0, kind="smalltalk"),
    ),
    n_chunks=7,
    index_s=1.234,
    titles={},
    cut=0.65,
)


def test_ranking_is_measured_over_the_questions_with_an_answer():
    summary = EVALUATION.summary()

    assert (summary["n_queries"], summary["n_unanswerable"]) == (5, 2)
    assert summary["recall_at_1"] == round(2 / 3, 4)
    assert summary["recall_at_5"] == 1
    assert summary["mrr_at_10"] == round((1 + 1 + 1 / 3) / 3, 4)
    assert summary["query_ms"] == {"p50": 2.0, "p95": 2.0}


def test_knowing_is_measured_over_all_questions():
    known = EVALUATION.summary()["answerable"]

    # of the six pairs of an answerable and an unanswerable one four are in order; near misses: 1/3
    assert known["auroc"] == round(4 / 6, 4)
    assert known["auroc_near_miss"] == round(1 / 3, 4)
    # five bins of one question: .1 + .8 + .3 + .6 + 0
    assert known["ece"] == round(1.8 / 5, 4)
    # precision by cut: 1, 1/2, 2/3, 1/2, 2/5
    assert known["coverage_at_80_precision"] == round(1 / 3, 4)
    assert known["coverage_at_95_precision"] == round(1 / 3, 4)
    assert (known["answered"], known["n"]) == (3, 5)
    assert known["wrong_answer_rate"] == round(1 / 3, 4)


def test_nothing_answered_has_no_rate_of_wrong_answers():
    silent = Evaluation(
        "en", (answer({"a"}, ("a",), 0.1), answer(set(), ("a",), 0.2)), 1, 0.0, titles={}, cut=1.01
    )

    assert silent.summary()["answerable"]["wrong_answer_rate"] is None
    assert silent.summary()["answerable"]["auroc_near_miss"] is None


@pytest.fixture
def folder(tmp_path):
    line = '{"id": "%s", "question": "%s?", "gold": [], "kind": "near_miss"}\n'
    (tmp_path / "ko.jsonl").write_text(line % ("k", "k"))
    (tmp_path / "en.jsonl").write_text(line % ("e", "e") + "\n")
    (tmp_path / "README.md").write_text("not a question")
    return tmp_path


def test_a_folder_is_read_by_locale_in_their_usual_order(folder):
    found = read_question_folder(folder, locale=None)

    assert found == {
        "en": [Question("e", "e?", frozenset(), "near_miss")],
        "ko": [Question("k", "k?", frozenset(), "near_miss")],
    }
    assert list(found) == ["en", "ko"]
    assert list(read_question_folder(folder, locale="ko")) == ["ko"]


def test_a_folder_without_questions_names_the_file_that_is_missed(folder):
    with pytest.raises(EvaluationInputBroken, match=r"no questions; expected ru\.jsonl"):
        read_question_folder(folder, locale="ru")
    with pytest.raises(EvaluationInputBroken, match=r"expected en\.jsonl or zh-Hans\.jsonl"):
        read_question_folder(folder / "none", locale=None)


def test_a_question_without_a_kind_is_of_none(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('{"id": 1, "question": "x", "gold": [2]}')

    assert read_questions(path) == [Question("1", "x", frozenset({"2"}))]
