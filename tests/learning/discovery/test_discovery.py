"""Groups are found by what is asked, in any order and language; bad files are told by line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from learning.discovery.across import by_language
from learning.discovery.counting import expect
from learning.discovery.features import Space
from learning.discovery.grouping import group
from learning.discovery.labels import name_groups
from learning.discovery.topics import find_topics
from learning.discovery.utterances import read_utterances
from learning.errors import InputBroken

SUBJECTS = ("invoice", "parcel", "password", "warranty")


def _made(each: int) -> tuple[list[str], np.ndarray]:
    """Four subjects, `each` utterances of every one, mixed, around directions of their own."""
    random = np.random.default_rng(3)
    middles = np.eye(len(SUBJECTS), 32)
    texts = [f"please {SUBJECTS[row % 4]} {row % 7}" for row in range(4 * each)]
    vectors = np.stack(
        [middles[row % 4] + 0.08 * random.normal(size=32) for row in range(4 * each)]
    )
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return texts, vectors.astype(np.float32)


@pytest.mark.parametrize("each", [20, 1800])  # more than are compared with each other, too
def test_what_asks_the_same_is_one_group(each: int) -> None:
    texts, vectors = _made(each)
    labels, _ = group(vectors, texts)
    assert len(set(labels.tolist())) == len(SUBJECTS)
    for subject in range(4):
        assert len(set(labels[subject::4].tolist())) == 1
    again, _ = group(vectors, texts)
    assert np.array_equal(labels, again)


def test_languages_share_groups_though_they_share_no_words() -> None:
    texts, vectors = _made(40)
    own = ("청구서", "배송", "비밀번호", "보증")
    texts += [f"{own[row % 4]} 주세요 {row % 7}" for row in range(len(texts))]
    korean = vectors + 1.5 * np.eye(1, 32, 31, dtype=np.float32)  # where all of a language lies
    korean /= np.linalg.norm(korean, axis=1, keepdims=True)
    labels, places = group(np.vstack([vectors, korean]), texts)
    assert places.shape[0] == len(labels) == len(texts)
    assert len(set(labels.tolist())) == len(SUBJECTS)
    for subject in range(4):
        assert len(set(labels[subject::4].tolist())) == 1


def test_few_words_of_another_language_go_with_the_rest() -> None:
    texts, _ = _made(20)
    texts[:3] = ["청구서", "배송", "비밀번호"]
    assert [part.tolist() for part in by_language(texts)] == [list(range(len(texts)))]
    parts = by_language([*texts, *["소포가 안 왔어요"] * 20, "包裹没到", "包裹沒到"])
    assert [len(part) for part in parts] == [len(texts) - 3 + 2, 23]


def test_characters_and_pairs_are_less_than_words() -> None:
    english = ["my parcel is late", "the parcel came late", "where is my refund", "refund is late"]
    korean = ["제 소포가 늦어요", "소포가 늦게 왔어요", "환불이 어디 있어요", "환불이 늦어요"]
    vectors = np.eye(4, 8, dtype=np.float32)
    words, pairs = (Space.of(vectors, texts) for texts in (english, korean))
    assert len(pairs.words[0].vocabulary_) > 1.5 * words.vocabulary
    assert pairs.vocabulary < 1.5 * words.vocabulary


def test_many_words_and_loose_places_let_expect_more_groups() -> None:
    _, dense = _made(20)
    loose = np.random.default_rng(1).normal(size=dense.shape).astype(np.float32)
    loose /= np.linalg.norm(loose, axis=1, keepdims=True)
    assert expect(dense, 100) < expect(dense, 400)
    assert expect(dense, 400) < expect(loose, 400)


def test_every_utterance_is_in_exactly_one_topic_and_what_asks_nothing_is_noise() -> None:
    texts, vectors = _made(12)
    texts += ["???", "", "42"]
    vectors = np.vstack([vectors, np.ones((3, 32), np.float32) / np.sqrt(32)]).astype(np.float32)
    topics = find_topics(texts, vectors)
    assert sorted(row for topic in topics for row in topic.members) == list(range(len(texts)))
    assert topics[-1].kind == "noise"
    assert topics[-1].members == (48, 49, 50)
    assert {topic.label.split()[0] for topic in topics[:-1]} == set(SUBJECTS)
    assert all(topic.medoid in topic.members for topic in topics)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_few_utterances_are_no_mistake(count: int) -> None:
    texts, vectors = _made(2)
    topics = find_topics(texts[:count], vectors[:count])
    assert sorted(row for topic in topics for row in topic.members) == list(range(count))


def test_the_same_text_over_and_over_is_one_topic() -> None:
    vectors = np.tile(np.eye(1, 8, dtype=np.float32), (30, 1))
    topics = find_topics(["where is my parcel"] * 30, vectors)
    assert [len(topic.members) for topic in topics] == [30]


def test_labels_are_words_of_the_language() -> None:
    texts = ["где моя посылка", "посылка не пришла", "отмените заказ", "отменить мой заказ"]
    labels = name_groups(texts, [[0, 1], [2, 3]])
    assert "посылка" in labels[0]
    assert "заказ" in labels[1]


def test_what_all_say_and_what_one_says_is_in_no_label() -> None:
    asked = ["invoice", "parcel", "password", "warranty", "refund", "address", "delivery", "agent"]
    said = ["hello, about the", "hello, the", "hello Smith here, the"]
    texts = [f"{start} {subject}" for subject in asked for start in said]
    labels = name_groups(texts, [range(at, at + 3) for at in range(0, len(texts), 3)])
    assert labels == asked


def test_a_file_is_read_with_ids_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "u.jsonl"
    lines = [{"id": 7, "text": "환불해 주세요", "language": "ko"}, {"id": "7", "text": "退款"}]
    file.write_text("\n\n".join(json.dumps(line) for line in lines) + "\n", "utf-8")
    assert [each.id for each in read_utterances(file)] == [7, "7"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "not JSON"),
        ("[1]", "not an object"),
        ('{"text": "a"}', "id must be"),
        ('{"id": true, "text": "a"}', "id must be"),
        ('{"id": 2}', "text must be"),
        ('{"id": 1, "text": "again"}', "line 1 already"),
    ],
)
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "u.jsonl"
    file.write_text('{"id": 1, "text": "a"}\n' + line + "\n", "utf-8")
    with pytest.raises(InputBroken) as caught:
        read_utterances(file)
    assert f"{file}:2: " in str(caught.value)
    assert told in str(caught.value)
