"""Reading golden questions, and keeping their vectors."""

import json
from dataclasses import replace

import numpy as np
import pytest

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
    kept().prepare(texts)

    again = kept()
    again.prepare(texts)

    assert np.array_equal(again.embed_queries(texts), embedder.embed_queries(texts))
    assert len(kept.loads) == 1


@pytest.mark.model
def test_only_vectors_of_todays_questions_stay(kept, tmp_path):
    kept().prepare(["one", "two"])
    kept().prepare(["two", "three"])

    [file] = tmp_path.glob("golden-*.npz")
    with np.load(file) as stored:
        assert stored["vectors"].shape[0] == 2
    kept().prepare(["two", "three"])
    assert len(kept.loads) == 2


@pytest.mark.model
@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 torn", json.dumps({}).encode()])
def test_a_damaged_file_is_made_again(kept, tmp_path, damage):
    kept().prepare(["one"])
    [file] = tmp_path.glob("golden-*.npz")
    file.write_bytes(damage)

    kept().prepare(["one"])

    assert len(kept.loads) == 2


@pytest.mark.model
def test_another_model_has_a_file_of_its_own(kept, tmp_path, embedder):
    kept().prepare(["one"])
    kept(replace(embedder.settings, fingerprint="other")).prepare(["one"])

    assert len(list(tmp_path.glob("golden-*.npz"))) == 2
