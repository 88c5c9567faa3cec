"""The real embedding model, exported once and kept in var/, and an index of small articles."""

import shutil
from pathlib import Path

import pytest

from kb_index.articles import load_articles
from kb_index.build import build_index
from kb_index.embedding import Embedder
from kb_index.plan import plan_build
from kb_index.retriever import Retriever

ROOT = Path(__file__).parents[2]
ARTICLES = ROOT / "tests" / "fixtures" / "kb"


@pytest.fixture(scope="session")
def model_dir():
    """The bundled model; exported at the first run, found again (< 1 s) at every other."""
    from kb_index.export.exporter import export_model
    from kb_index.export.sources import find_source

    return export_model(find_source("bundled"), ROOT / "var" / "models", report=print).folder


@pytest.fixture(scope="session")
def embedder(model_dir):
    return Embedder.load(model_dir)


@pytest.fixture
def articles_dir(tmp_path):
    """A copy of the fixture articles that a test may change."""
    return Path(shutil.copytree(ARTICLES, tmp_path / "articles"))


@pytest.fixture
def build(embedder):
    """Build an index of a folder of articles; returns what `build_index` says, or None."""

    def run(articles_dir, kb_dir, *, now_ms=1000, reuse=()):
        articles = load_articles(articles_dir).articles
        plan = plan_build(articles, kb_dir, model_fingerprint=embedder.fingerprint)
        if plan.up_to_date:
            return None
        return build_index(
            articles,
            kb_dir,
            plan=plan,
            load_embedder=lambda: embedder,
            now_ms=now_ms,
            reuse=reuse,
        )

    return run


@pytest.fixture(scope="session")
def fixture_index(embedder, tmp_path_factory):
    """An index of the fixture articles, to copy from or to read only."""
    kb_dir = tmp_path_factory.mktemp("index") / "kb"
    articles = load_articles(ARTICLES).articles
    plan = plan_build(articles, kb_dir, model_fingerprint=embedder.fingerprint)
    build_index(articles, kb_dir, plan=plan, load_embedder=lambda: embedder, now_ms=1000)
    return kb_dir


@pytest.fixture(scope="session")
def retriever(fixture_index, embedder):
    return Retriever.open(fixture_index, embedder)
