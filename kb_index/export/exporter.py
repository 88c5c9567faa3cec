"""Exports an embedding model for serving, and proves that it is still the same model."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kb_index.embedding import Embedder, FloatMatrix
from kb_index.errors import ModelNotFaithful, ModelUnsupported
from kb_index.export.generic_questions import measure_questions, questions_hash
from kb_index.export.sources import ModelSource
from kb_index.links import point_to
from kb_index.model_settings import MODEL_FILE, SETTINGS_FILE, TOKENIZER_FILE

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

#: Part of every fingerprint: raise it when the way of exporting changes the vectors.
RECIPE = "onnx17-int8-per-channel-1"
#: Lowest cosine allowed of the source against what was rebuilt or written in fp32.
LEAST_REBUILT = 0.999
#: What both are measured on: questions and passages as customers and articles have them.
CHECK_TEXTS = (
    "How do I reset my password?",
    "The hub keeps rebooting since the update to v2.3.1 and shows the error code E-104.",
    "Open Settings > Hub > Wi-Fi, choose your network and enter its password.",
    "如何重置我的密码？",
    "路由器重启以后，中枢一直显示离线，指示灯是琥珀色的。",
    "打开设置 > 中枢 > 固件，然后点击立即检查。",
    "要怎麼重設我的密碼？",
    "更新韌體之後中樞一直重新啟動，該怎麼辦？",
    "請到帳戶 > 帳單 > 發票下載 PDF 檔案。",
    "Как сбросить пароль?",
    "После обновления прошивки хаб всё время перезагружается.",
    "Деньги возвращаются тем же способом в течение 5–7 рабочих дней.",
    "비밀번호를 재설정하려면 어떻게 해야 하나요?",
    "펌웨어를 업데이트한 뒤로 허브가 계속 다시 시작됩니다.",
    "설정 > 허브 > Wi-Fi에서 네트워크를 선택하고 비밀번호를 입력합니다.",
)

_FP32_FILE = "fp32.onnx"
_E5_NAME = re.compile(r"(^|[-_/])e5[-_]", re.IGNORECASE)

Report = Callable[[str], None]


@dataclass(frozen=True)
class Exported:
    """Where the model is, its fingerprint, and whether this call had to make it."""

    folder: Path
    fingerprint: str
    made: bool


def export_model(source: ModelSource, models_dir: Path, *, report: Report) -> Exported:
    """Export `source` and point `models_dir/current` at it.

    A model tuned from this very source stays in use: `baton model use` takes it back.

    Raises:
        ModelUnsupported: the model cannot be carried by ONNX.
        ModelNotFaithful: the rebuilt or quantised vectors are too far from the source's.
    """
    exported = write_model(source, models_dir, report=report)
    in_use = models_dir / "current"
    if _is_made_by(in_use, {"tuned_from": source.key}):
        report(f"{in_use.resolve().name}, tuned from it, stays in use")
    else:
        point_to(in_use, exported.folder.name)
    return exported


def write_model(source: ModelSource, models_dir: Path, *, report: Report) -> Exported:
    """Export `source` to `models_dir/<name>-<fingerprint>`; what is in use does not change.

    Does nothing when the same source was exported before. A half-written folder never gets the
    final name.

    Raises:
        ModelUnsupported: the model cannot be carried by ONNX.
        ModelNotFaithful: the rebuilt or quantised vectors are too far from the source's.
    """
    models_dir.mkdir(parents=True, exist_ok=True)
    known = _find_exported(models_dir, source.key)
    if known is not None:
        fingerprint = json.loads((known / SETTINGS_FILE).read_text(encoding="utf-8"))["fingerprint"]
        return Exported(known, fingerprint, made=False)
    report(f"loading {source.name}")
    model = source.load()
    prefix, _ = read_prefixes(model, name=source.name)
    texts = [prefix + text for text in CHECK_TEXTS]
    reference = model.encode(texts, prompt="", normalize_embeddings=True, show_progress_bar=False)
    rebuilt = check_source(source, reference)
    settings = _describe(source, model, dimension=reference.shape[1])
    building = models_dir / f".building-{os.getpid()}"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir()
    try:
        _write(
            model,
            settings,
            building,
            reference=reference,
            rebuilt=rebuilt,
            least_int8=source.least_int8,
            report=report,
        )
        final = models_dir / f"{source.name}-{settings['fingerprint'][:8]}"
        shutil.rmtree(final, ignore_errors=True)
        building.rename(final)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Exported(final, settings["fingerprint"], made=True)


def check_source(source: ModelSource, reference: FloatMatrix) -> float | None:
    """Return the lowest cosine between a rebuilt model and its package's own engine.

    None for a model that was not rebuilt but loaded as it is.

    Raises:
        ModelNotFaithful: the cosine is below LEAST_REBUILT.
    """
    if source.own_engine is None:
        return None
    lowest = lowest_cosine(reference, source.own_engine(list(CHECK_TEXTS)))
    if lowest < LEAST_REBUILT:
        raise ModelNotFaithful("rebuilt", lowest, LEAST_REBUILT)
    return round(lowest, 5)


def lowest_cosine(left: FloatMatrix, right: FloatMatrix) -> float:
    """Return the lowest cosine between rows of one number; both (n, d), rows of length 1."""
    return float((left * right).sum(axis=1).min())


def _write(
    model: SentenceTransformer,
    settings: dict[str, Any],
    folder: Path,
    *,
    reference: FloatMatrix,
    rebuilt: float | None,
    least_int8: float,
    report: Report,
) -> None:
    from kb_index.export import onnx_model

    (folder / TOKENIZER_FILE).write_text(_tokenizer_json(model), encoding="utf-8")
    (folder / SETTINGS_FILE).write_text(json.dumps(settings), encoding="utf-8")
    report("writing ONNX")
    onnx_model.write_fp32(model, folder / _FP32_FILE)
    report("quantising to int8")
    onnx_model.quantise(folder / _FP32_FILE, folder / MODEL_FILE)
    report("checking the vectors")
    fp32 = _check_file(folder, _FP32_FILE, reference, stage="fp32", least=LEAST_REBUILT)
    int8 = _check_file(folder, MODEL_FILE, reference, stage="int8", least=least_int8)
    (folder / _FP32_FILE).unlink()
    settings["cosine"] = {"rebuilt": rebuilt, "fp32": fp32, "int8": int8}
    mean, axes = measure_questions(Embedder.load(folder))
    settings |= {"question_mean": mean, "language_axes": axes}
    (folder / SETTINGS_FILE).write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def _check_file(
    folder: Path, file: str, reference: FloatMatrix, *, stage: str, least: float
) -> float:
    exported = Embedder.load(folder, model_file=file)
    lowest = lowest_cosine(reference, exported.embed_queries(list(CHECK_TEXTS)))
    if lowest < least:
        raise ModelNotFaithful(stage, lowest, least)
    return round(lowest, 5)


def _describe(source: ModelSource, model: SentenceTransformer, *, dimension: int) -> dict[str, Any]:
    query_prefix, passage_prefix = read_prefixes(model, name=source.name)
    settings: dict[str, Any] = {
        "name": source.name,
        "dimension": dimension,
        "query_prefix": query_prefix,
        "passage_prefix": passage_prefix,
        "max_tokens": int(model.max_seq_length or 512),
        "pooling": _pooling(model),
        "normalize": True,
        "source": source.key,
        "tuned_from": source.tuned_from,
        "recipe": RECIPE,
        "questions": questions_hash(),
        "question_mean": [0.0] * dimension,  # this and the next: known once it is exported
        "language_axes": [],
    }
    return {**settings, "fingerprint": _fingerprint(model, settings)}


def read_prefixes(model: SentenceTransformer, *, name: str) -> tuple[str, str]:
    """Return the prefixes of questions and of passages, from the model's prompts.

    Models of the e5 family without prompts get those of their model card: "query: ", "passage: ".
    """
    prompts = {key: value or "" for key, value in model.prompts.items()}
    query = prompts.get("query", "")
    passage = prompts.get("document") or prompts.get("passage", "")
    if not query and not passage and _E5_NAME.search(name):
        return "query: ", "passage: "
    return query, passage


def _pooling(model: SentenceTransformer) -> str:
    from sentence_transformers.sentence_transformer.modules import Pooling

    modes = [str(part.pooling_mode) for part in model if isinstance(part, Pooling)]
    if not modes:
        raise ModelUnsupported("the model has no pooling: it gives no sentence vectors")
    return modes[0]


def _tokenizer_json(model: SentenceTransformer) -> str:
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ModelUnsupported("the model has no fast tokenizer (tokenizer.json)")
    return str(backend.to_str())


def _fingerprint(model: SentenceTransformer, settings: dict[str, Any]) -> str:
    """Hash the weights, the tokenizer and the settings that shape a vector."""
    shaping = ("query_prefix", "passage_prefix", "max_tokens", "pooling", "recipe")
    digest = hashlib.sha256()
    digest.update(json.dumps({key: settings[key] for key in shaping}, sort_keys=True).encode())
    digest.update(_tokenizer_json(model).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.numpy()).data)
    return digest.hexdigest()[:16]


def _find_exported(models_dir: Path, key: str) -> Path | None:
    """Return the folder that was made from the source `key` by the present recipe."""
    folders = [file.parent for file in sorted(models_dir.glob(f"*/{SETTINGS_FILE}"))]
    own = [one for one in folders if not one.is_symlink() and not one.name.startswith(".")]
    return next((one for one in own if _is_made_by(one, {"source": key})), None)


def _is_made_by(folder: Path, stated: dict[str, str]) -> bool:
    """Whether the folder holds a whole model of the present recipe that states this of itself."""
    try:
        settings = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    complete = (folder / MODEL_FILE).is_file() and (folder / TOKENIZER_FILE).is_file()
    made_by = {**stated, "recipe": RECIPE, "questions": questions_hash()}
    return complete and made_by.items() <= settings.items()
