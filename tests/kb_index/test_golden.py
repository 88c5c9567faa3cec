"""Reading golden questions, and keeping their vectors."""

import json
from dataclasses import replace

import numpy as np
import pytest

from kb_index import kept_outcomes
from kb_index.errors import EvaluationInputBroken
from kb_index.golden import GoldenQuestion, read_golden
from kb_index.kept_vectors import KeptVectors


def test_questions_of_all_locales_are_read(tmp_path):
    (tmp_path / "en.jsonl").write_text(
        '{"id": "1", "question": " wifi gone ", "gold": ["wifi"], "locale": "en", "kind": "x"}\n\n'
    )
    (tmp_path / "ko.jsonl").write_text('{"id": "2", "question": "학생 할인", "gold": []}')
    (tmp_path / "notes.jsonl").write_text("not of a locale")

    assert read_golden(tmp_path) == [
        GoldenQuestion("1", "wifi gone", "en", frozenset({"wifi"})),
        GoldenQuestion("2", "학생 할인", "ko", frozenset()),
    ]
    assert read_golden(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "en.jsonl, line 1: not JSON"),
        ("[]", "line 1: no id, question, gold"),
        ('{"id": 1, "question": "x"}', "line 1: no gold"),
        ('{"id": 1, "question": "x", "gold": "wifi"}', "gold is no list"),
        ('{"id": 1, "question": "x", "gold": [], "locale": "ru"}', "locale ru in the file of en"),
    ],
)
def test_a_broken_line_is_named(tmp_path, line, reason):
    (tmp_path / "en.jsonl").write_text(line)

    with pytest.raises(EvaluationInputBroken, match=reason):
        read_golden(tmp_path)


@pytest.fixture
def kept(tmp_path, embedder):
    """Open the kept vectors anew; counts how often the model was asked for."""
    loads = []

    def load():
        loads.append(1)
        return embedder

    def open_kept(settings=embedder.settings):
        return KeptVectors(tmp_path, settings, load_embedder=load)

    open_kept.loads = loads
    return open_kept


@pytest.mark.model
def test_kept_vectors_are_the_models_and_need_it_once(kept, embedder):
    texts = ["wifi gone", "where is my money", "wifi gone"]
    first = kept()
    first.embed_queries(texts)
    first.save()

    assert np.array_equal(kept().embed_queries(texts), embedder.embed_queries(texts))
    assert len(kept.loads) == 1


@pytest.mark.model
@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 torn", json.dumps({}).encode()])
def test_a_damaged_file_is_made_again(kept, tmp_path, damage):
    for _ in range(2):
        vectors = kept()
        vectors.embed_queries(["one"])
        vectors.save()
        [file] = tmp_path.glob("golden-*.npz")
        file.write_bytes(damage)

    assert len(kept.loads) == 2


@pytest.mark.model
def test_another_model_has_a_file_of_its_own(kept, tmp_path, embedder):
    for vectors in (kept(), kept(replace(embedder.settings, fingerprint="other"))):
        vectors.embed_queries(["one"])
        vectors.save()

    assert len(list(tmp_path.glob("golden-*.npz"))) == 2


def test_outcomes_are_kept_by_question_and_by_code(tmp_path, monkeypatch):
    one = GoldenQuestion("1", "wifi gone", "en", frozenset({"wifi"}))
    other = replace(one, gold=frozenset())
    kept_outcomes.write_outcomes(tmp_path, {one: [3, "en/wifi", 0.9]}, site="a")

    def known(folder=tmp_path, site="a"):
        return kept_outcomes.read_outcomes(folder, [one, other], site=site)

    assert known() == {one: [3, "en/wifi", 0.9]}
    assert known(tmp_path / "none") == known(site="other cut-offs") == {}
    monkeypatch.setattr(kept_outcomes, "code_stamp", lambda: "of tomorrow")
    assert known() == {}
