"""Writes a sentence-transformers model as ONNX (fp32) and quantises it to int8."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb_index.embedding import IDS_INPUT, SENTENCE_OUTPUT, TOKENS_OUTPUT
from kb_index.errors import ModelUnsupported

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

#: Understood by every onnxruntime from 1.16 on, thus by both environments.
_OPSET = 17
#: How the names of nodes above the transformer begin; its own begin with /model/.
_ABOVE = "/parts."


def write_fp32(model: SentenceTransformer, target: Path) -> None:
    """Write the whole pipeline (transformer, pooling, …) as one graph for one unpadded text.

    The graph takes only token ids: with one text at a time nothing is masked, and leaving the mask
    out saved a seventh of the time of a question (measured).

    Raises:
        ModelUnsupported: the model's first part is no transformer, or a part of it cannot be
        traced.
    """
    import torch
    from sentence_transformers.sentence_transformer.modules import Transformer

    if not isinstance(model[0], Transformer):
        raise ModelUnsupported(
            f"the model starts with {type(model[0]).__name__}, only transformers can be exported"
        )

    class Pipeline(torch.nn.Module):  # type: ignore[misc]  # torch is not read
        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(list(model))

        def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            body: Any = self.parts[0].model
            hidden = body(input_ids=input_ids, attention_mask=None).last_hidden_state
            features = {"token_embeddings": hidden, "attention_mask": torch.ones_like(input_ids)}
            for part in list(self.parts)[1:]:
                features = part(features)
            return features["sentence_embedding"], hidden

    example = torch.tensor([model.tokenizer("a short example").input_ids])
    try:
        model[0].model.set_attn_implementation("eager")  # a plain graph that onnxruntime can fuse
        with torch.no_grad(), warnings.catch_warnings():
            # torch's newer exporter (dynamo) took three times as long and gave a slower graph
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Pipeline().eval(),
                (example,),
                str(target),
                input_names=[IDS_INPUT],
                output_names=[SENTENCE_OUTPUT, TOKENS_OUTPUT],
                dynamic_axes={IDS_INPUT: {1: "tokens"}, TOKENS_OUTPUT: {1: "tokens"}},
                opset_version=_OPSET,
                dynamo=False,
            )
    except (RuntimeError, TypeError, AttributeError, ValueError) as error:
        raise ModelUnsupported(f"the model cannot be written as ONNX: {error}") from error


def quantise(source: Path, target: Path) -> None:
    """Quantise the weights of an fp32 ONNX file to int8; activations get their scales at run time.

    A scale for each output channel and seven-bit weights keep the highest cosine (0.997; plain int8
    0.990): without VNNI instructions eight bits overflow the 16-bit sums. Layers above the pooling
    stay fp32: they cost nothing, and a sentence vector has a few large numbers beside which eight
    bits lose the small ones.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    graph = onnx.load(str(source), load_external_data=False).graph
    above = [node.name for node in graph.node if node.name.startswith(_ABOVE)]
    above += [f"{name}_MatMul" for name in above]  # what the quantiser calls a Gemm
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises pre-processing on the root logger
    try:
        quantize_dynamic(
            source,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            nodes_to_exclude=above,
        )
    finally:
        root.setLevel(level)
