"""Errors of the knowledge-base library.

KbError
├── ArticlesBroken        one or more article files cannot be used (carries every problem)
├── SourcesBroken         one or more entries of sources.yml cannot be used (carries every problem)
├── SourceUnreadable      a source cannot be read at all, so that its articles would be lost
├── SynonymsBroken        one or more lines of the synonyms cannot be used (carries every problem)
├── ModelMissing          there is no embedding model in the folder
├── ModelBroken           the folder holds something, but not a usable embedding model
├── ModelSourceMissing    the model to export cannot be found or fetched
├── ModelUnsupported      the model to export has parts that serving cannot run
├── ModelNotFaithful      the exported model's vectors differ too much from the source's
├── IndexMissing          no index has been built yet
├── IndexMismatch         the index was built with another model or other settings
├── IndexBroken           a file of the index is missing or damaged
├── VersionMissing        there is no such version of the index, or none to go back to
├── EvaluationInputBroken a line of an evaluation file cannot be used
├── TuningInputBroken     a file given to a tuning cannot be used
└── TuningImpossible      the articles or the environment do not allow a tuning

Each message names the thing and the remedy; `code` is stable and safe to show.
"""

from __future__ import annotations


class KbError(Exception):
    """A situation of the knowledge base that the caller can name and mend."""

    code = "kb_error"


class ModelMissing(KbError):
    """The model folder does not exist or lacks a file."""

    code = "model_missing"

    def __init__(self, folder: str, missing: str) -> None:
        super().__init__(
            f"no embedding model in {folder} ({missing} is missing): "
            "run `baton model export bundled`"
        )
        self.folder = folder


class ModelBroken(KbError):
    """The model folder is there, but a file in it cannot be used."""

    code = "model_broken"

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(
            f"the embedding model in {folder} cannot be used ({reason}): "
            "run `baton model export bundled` to make it again"
        )
        self.folder = folder


class ModelSourceMissing(KbError):
    """The model named for export is neither bundled, a folder, nor reachable on the hub."""

    code = "model_source_missing"


class ModelUnsupported(KbError):
    """The model named for export is not a text model that ONNX can carry."""

    code = "model_unsupported"


class ModelNotFaithful(KbError):
    """The rebuilt or quantised model gives other vectors than its source."""

    code = "model_not_faithful"

    def __init__(self, stage: str, cosine: float, least: float) -> None:
        super().__init__(
            f"the {stage} model's vectors differ from the source's: lowest cosine "
            f"{cosine:.4f}, at least {least} is needed; nothing was changed"
        )
        self.stage = stage
        self.cosine = cosine


class ArticlesBroken(KbError):
    """Article files with problems; `problems` holds one line each."""

    code = "articles_broken"

    def __init__(self, problems: list[str]) -> None:
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        super().__init__(f"{count} in the articles:\n" + "\n".join(f"  {p}" for p in problems))
        self.problems = problems


class SourcesBroken(KbError):
    """Entries of sources.yml with problems; `problems` holds one line each."""

    code = "sources_broken"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("the sources cannot be used:\n" + "\n".join(f"  {p}" for p in problems))
        self.problems = problems


class SourceUnreadable(KbError):
    """A source cannot be read at all, so that none of its articles could be kept."""

    code = "source_unreadable"

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"the source {source} cannot be read: {reason}")
        self.source = source
        self.reason = reason


class SynonymsBroken(KbError):
    """The file of synonyms has problems; `problems` holds one line each."""

    code = "synonyms_broken"

    def __init__(self, problems: list[str]) -> None:
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        super().__init__(f"{count} in the synonyms:\n" + "\n".join(f"  {p}" for p in problems))
        self.problems = problems


class IndexMissing(KbError):
    """There is no live index in the folder."""

    code = "index_missing"

    def __init__(self, folder: str) -> None:
        super().__init__(f"no index in {folder}: run `baton kb build`")
        self.folder = folder


class IndexMismatch(KbError):
    """The index belongs to another embedding model, chunker or analyzer."""

    code = "index_mismatch"

    def __init__(self, folder: str, *, what: str, index_has: object, needed: object) -> None:
        super().__init__(
            f"the index in {folder} was built with another {what} "
            f"({index_has}, now {needed}): run `baton kb build`"
        )
        self.folder = folder
        self.what = what


class IndexBroken(KbError):
    """A file of the index is missing or damaged."""

    code = "index_broken"

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(f"the index in {folder} is damaged ({reason}): run `baton kb build`")
        self.folder = folder


class VersionMissing(KbError):
    """The named version of the index is not on disk, or none is there to go back to."""

    code = "version_missing"


class CalibrationBroken(KbError):
    """The site's own calibration cannot be used."""

    code = "calibration_broken"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"the calibration {path} cannot be used ({reason}): "
            "run `baton kb calibrate` to make it again, or remove the file"
        )
        self.path = path


class EvaluationInputBroken(KbError):
    """An evaluation file lacks a field or is not JSON Lines."""

    code = "evaluation_input_broken"


class TuningInputBroken(KbError):
    """A file given to a tuning lacks a field or is not JSON Lines."""

    code = "tuning_input_broken"


class TuningImpossible(KbError):
    """There is too little to learn from or to judge by, or a library is missing."""

    code = "tuning_impossible"
