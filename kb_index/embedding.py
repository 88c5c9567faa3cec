"""Embeds texts with an exported int8 ONNX model: numpy, onnxruntime and tokenizers only.

Runs on Python 3.10 and later, since the Rasa side imports it too.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from kb_index.errors import ModelBroken, ModelMissing
from kb_index.model_settings import (
    MODEL_FILE,
    SETTINGS_FILE,
    TOKENIZER_FILE,
    ModelSettings,
    read_settings,
)

FloatMatrix = npt.NDArray[np.float32]  # (n, d)
FloatVector = npt.NDArray[np.float32]  # (d,)

#: Names in the ONNX graph. Token vectors are there for scores over single tokens; serving one
#: question asks for the sentence vector alone.
IDS_INPUT = "input_ids"  # int64 (1, tokens)
SENTENCE_OUTPUT = "sentence_embedding"  # float32 (1, dimension)
TOKENS_OUTPUT = "token_embeddings"  # float32 (1, tokens, width)


class Embedder:
    """Turns texts into unit vectors; safe to share between threads.

    A text is always run by itself, never padded into a batch: dynamic int8 takes its scales from
    the whole input, so a neighbour in the batch would change a text's vector. On a CPU it costs
    nothing.
    """

    def __init__(
        self,
        settings: ModelSettings,
        *,
        session: onnxruntime.InferenceSession,
        tokenizer: Tokenizer,
    ) -> None:
        self.settings = settings
        self._session = session
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, model_dir: str | os.PathLike[str], *, model_file: str = MODEL_FILE) -> Embedder:
        """Load the model in `model_dir` (model.onnx, tokenizer.json, model.json).

        Raises:
            ModelMissing: the folder or a file of it is not there.
            ModelBroken: a file cannot be read as what it should be.
        """
        folder = Path(model_dir)
        for name in (SETTINGS_FILE, model_file, TOKENIZER_FILE):
            if not (folder / name).is_file():
                raise ModelMissing(str(folder), name)
        settings = read_settings(folder)
        with ThreadPoolExecutor(1) as pool:  # each of the two takes half a second or more
            opening = pool.submit(_open_session, folder, model_file)
            tokenizer = _read_tokenizer(folder, max_tokens=settings.max_tokens)
            session = opening.result()
        embedder = cls(settings, session=session, tokenizer=tokenizer)
        found = embedder.embed_queries(["?"]).shape[1]
        if found != settings.dimension:
            reason = f"vectors of {found} numbers, {SETTINGS_FILE} says {settings.dimension}"
            raise ModelBroken(str(folder), reason)
        return embedder

    @property
    def fingerprint(self) -> str:
        """Names the weights, tokenizer and settings; equal fingerprints give equal vectors."""
        return self.settings.fingerprint

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self.settings.dimension

    def embed_queries(self, texts: list[str], *, workers: int = 1) -> FloatMatrix:
        """Embed questions: float32 of shape (len(texts), dimension), each row of length 1.

        `workers` threads share the work; the result does not depend on their number.
        """
        return self._embed([self.settings.query_prefix + text for text in texts], workers=workers)

    def embed_passages(self, texts: list[str], *, workers: int = 1) -> FloatMatrix:
        """Embed passages: float32 of shape (len(texts), dimension), each row of length 1.

        Tokens past the model's limit are left out; `workers` as in `embed_queries`.
        """
        return self._embed([self.settings.passage_prefix + text for text in texts], workers=workers)

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a passage, prefix and special tokens included, up to the limit."""
        return len(self._tokenizer.encode(self.settings.passage_prefix + text).ids)

    def _embed(self, texts: list[str], *, workers: int) -> FloatMatrix:
        if not texts:
            return np.zeros((0, self.settings.dimension), dtype=np.float32)
        if workers == 1 or len(texts) == 1:
            rows = [self._embed_one(text) for text in texts]
        else:
            with ThreadPoolExecutor(workers) as pool:
                rows = list(pool.map(self._embed_one, texts))
        return np.stack(rows)

    def _embed_one(self, text: str) -> FloatVector:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        output = self._session.run([SENTENCE_OUTPUT], {IDS_INPUT: ids})[0]
        vector = np.asarray(output[0], dtype=np.float32)
        return vector / max(float(np.linalg.norm(vector)), 1e-12)


def _read_tokenizer(folder: Path, *, max_tokens: int) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    except Exception as error:  # tokenizers raises nothing finer
        raise ModelBroken(str(folder), f"{TOKENIZER_FILE}: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _open_session(folder: Path, model_file: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # a server embeds for many at once; a thread each is fairest
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(
            str(folder / model_file), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors share no public base
        raise ModelBroken(str(folder), f"{model_file}: {error}") from error
