"""Compares the articles with the live index and says what a build would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kb_index import versions
from kb_index.articles import Article
from kb_index.errors import IndexBroken, IndexMissing
from kb_index.manifest import Manifest, name_version, read_manifest
from kb_index.synonyms import Synonyms

NO_SYNONYMS = Synonyms()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build: `hashes` maps locale/id to content hash; lists hold locale/id."""

    version: str
    model_fingerprint: str
    hashes: dict[str, str]
    synonyms: Synonyms
    changed: tuple[str, ...]  # new or different articles
    dropped: tuple[str, ...]  # articles of the live index that are gone
    up_to_date: bool


def plan_build(
    articles: Sequence[Article],
    kb_dir: Path,
    *,
    model_fingerprint: str,
    synonyms: Synonyms = NO_SYNONYMS,
) -> Plan:
    """Plan a build; cheap, loads neither model nor index."""
    hashes = {article.key: article.content_hash() for article in articles}
    version = name_version(hashes, model_fingerprint=model_fingerprint, synonyms=synonyms.as_json())
    live = live_manifest(kb_dir)
    before = live.articles if live else {}
    return Plan(
        version=version,
        model_fingerprint=model_fingerprint,
        hashes=hashes,
        synonyms=synonyms,
        changed=tuple(key for key, digest in hashes.items() if before.get(key) != digest),
        dropped=tuple(key for key in before if key not in hashes),
        up_to_date=live is not None and live.version == version,
    )


def live_manifest(kb_dir: Path) -> Manifest | None:
    """Return the manifest of the live index, None when there is no usable one."""
    try:
        return read_manifest(versions.version_folder(kb_dir, versions.live_version(kb_dir)))
    except (IndexMissing, IndexBroken):
        return None
