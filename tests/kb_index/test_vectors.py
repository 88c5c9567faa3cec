from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kb_index.errors import IndexBroken
from kb_index.vectors import FLAT_LIMIT, Kind, Vectors, choose_kind, count_lists

DIMENSION = 32
N = 6_000


def clustered(n, seed):
    """Draw unit vectors around 60 centres that are the same for every seed."""
    centres = np.random.default_rng(1).standard_normal((60, DIMENSION))
    rng = np.random.default_rng(seed)
    rows = centres[rng.integers(60, size=n)] + 0.6 * rng.standard_normal((n, DIMENSION))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


ROWS = clustered(N, 2)
#: Not of length 1: a search takes the mean of questions away from a question.
QUERIES = clustered(50, 3) - 0.1


def exact(query, n, rows):
    return rows[np.argsort(-(ROWS[rows] @ query), kind="stable")[:n]]


def recall(found, wanted):
    return len(set(found.tolist()) & set(wanted.tolist())) / len(wanted)


@pytest.fixture(scope="module", params=list(Kind), ids=lambda kind: kind.value)
def vectors(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("vectors")
    Vectors.build(ROWS, kind=request.param).save(folder)
    return Vectors.open(folder)


def test_the_kind_follows_the_number_of_vectors():
    assert choose_kind(1) is Kind.FLAT
    assert choose_kind(FLAT_LIMIT) is Kind.FLAT
    assert choose_kind(FLAT_LIMIT + 1) is Kind.LISTS
    assert [count_lists(n) for n in (1, 50_000, 1_000_000)] == [2, 512, 2048]


def test_nearest_vectors_are_found(vectors):
    found = [vectors.nearest(query, 10) for query in QUERIES]

    recalls = [
        recall(one, exact(q, 10, np.arange(N))) for one, q in zip(found, QUERIES, strict=True)
    ]
    assert np.mean(recalls) >= (1.0 if vectors.kind is Kind.FLAT else 0.97)
    for query, rows in zip(QUERIES, found, strict=True):
        assert rows.dtype == np.int64
        similarities = vectors.similarities(query, rows)
        assert (np.diff(similarities) <= 1e-6).all(), "best first"


@pytest.mark.parametrize(
    "within",
    [[range(100, 180)], [range(1000, 3000)], [range(50), range(50, 90), range(5000, 6000)]],
    ids=["a small one", "a large one", "several"],
)
def test_only_rows_within_the_ranges_are_found(vectors, within):
    rows = np.concatenate([np.arange(part.start, part.stop) for part in within])

    found = [vectors.nearest(query, 10, within=within) for query in QUERIES]

    assert all(np.isin(one, rows).all() for one in found)
    assert all(len(one) == 10 for one in found)
    recalls = [recall(one, exact(q, 10, rows)) for one, q in zip(found, QUERIES, strict=True)]
    assert np.mean(recalls) >= (1.0 if vectors.kind is Kind.FLAT else 0.97)


def test_no_more_rows_are_found_than_there_are(vectors):
    assert sorted(vectors.nearest(QUERIES[0], 10, within=[range(7, 10)])) == [7, 8, 9]
    assert len(vectors.nearest(QUERIES[0], 10, within=[])) == 0
    assert len(vectors.nearest(QUERIES[0], 10, within=[range(5, 5)])) == 0
    everything = [range(10), range(10, N)]
    assert len(vectors.nearest(QUERIES[0], 10, within=everything)) == 10


def test_similarities_are_inner_products(vectors):
    rows = np.array([5, 5999, 0, 5, *range(2000)])

    found = vectors.similarities(QUERIES[0], rows)

    tolerance = 1e-6 if vectors.kind is Kind.FLAT else 1e-4
    assert np.allclose(found, ROWS[rows] @ QUERIES[0], atol=tolerance)
    assert found.dtype == np.float32
    assert vectors.similarities(QUERIES[0], rows[:0]).shape == (0,)


def test_a_rebuilt_index_has_the_same_vectors(vectors, tmp_path):
    Vectors.build(vectors.matrix(), kind=vectors.kind).save(tmp_path)
    again = Vectors.open(tmp_path)

    assert np.allclose(vectors.matrix(), ROWS, atol=1e-4)
    assert np.array_equal(again.matrix(), vectors.matrix()), "rebuilding loses nothing more"
    assert (len(again), again.dimension) == (N, DIMENSION)


def test_an_opened_index_finds_what_the_built_one_found(tmp_path):
    for kind in Kind:
        built = Vectors.build(ROWS, kind=kind)
        built.save(tmp_path / kind)
        opened = Vectors.open(tmp_path / kind)

        for query in QUERIES:
            found, expected = opened.nearest(query, 20), built.nearest(query, 20)
            assert recall(found, expected) >= 0.95, "all but twins, which rounding may swap"
            assert np.array_equal(found[:3], expected[:3])


def test_an_empty_index_finds_nothing(tmp_path):
    Vectors.build(np.zeros((0, DIMENSION), np.float32)).save(tmp_path)
    empty = Vectors.open(tmp_path)

    assert len(empty) == 0
    assert len(empty.nearest(QUERIES[0], 10)) == 0
    assert empty.matrix().shape == (0, DIMENSION)


def test_threads_share_an_index(vectors):
    alone = [vectors.nearest(query, 10).tolist() for query in QUERIES]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda query: vectors.nearest(query, 10).tolist(), QUERIES))

    assert together == alone


def test_an_opened_index_is_mapped_not_read(tmp_path):
    for kind in Kind:
        Vectors.build(ROWS, kind=kind).save(tmp_path / kind)
        opened = Vectors.open(tmp_path / kind)

        assert str(tmp_path / kind / "index.faiss") in Path("/proc/self/maps").read_text()
        assert len(opened) == N


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "garbage"])
@pytest.mark.parametrize("name", ["index.faiss", "vectors.json", "rows.i16"])
def test_a_damaged_file_is_named(tmp_path, kind, name, damage):
    Vectors.build(ROWS[:300], kind=kind).save(tmp_path)
    path = tmp_path / name
    if not path.exists():
        assert (kind, name) == (Kind.FLAT, "rows.i16")
        return
    whole = path.read_bytes()
    path.unlink()
    if damage != "missing":
        kept = {"empty": b"", "cut": whole[: len(whole) // 2], "garbage": b"x" * len(whole)}
        path.write_bytes(kept[damage])
    if (name, damage) == ("rows.i16", "garbage"):
        assert len(Vectors.open(tmp_path)) == 300, "numbers are not checked, only builds read them"
        return

    with pytest.raises(IndexBroken, match="run `baton kb build`"):
        Vectors.open(tmp_path)


def test_an_index_of_another_size_is_refused(tmp_path):
    Vectors.build(ROWS[:300]).save(tmp_path)
    about = (tmp_path / "vectors.json").read_text()
    (tmp_path / "vectors.json").write_text(about.replace('"n": 300', '"n": 301'))

    with pytest.raises(IndexBroken, match="300 vectors of 32 numbers, not 301 of 32"):
        Vectors.open(tmp_path)
