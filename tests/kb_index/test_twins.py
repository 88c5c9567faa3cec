"""Articles that there are in several languages."""

from dataclasses import replace

import numpy as np
import pytest

from kb_index.articles import Article
from kb_index.build import build_index
from kb_index.evidence import Query, gather
from kb_index.plan import plan_build
from kb_index.retriever import Retriever
from kb_index.searching import IndexVersion
from kb_index.synonyms import Synonym, Synonyms
from kb_index.twins import hear_twins
from kb_index.versions import live_version

pytestmark = pytest.mark.model


def article(locale, article_id, title, body):
    return Article(article_id, locale, title, "2026-01-01", (), body)


ARTICLES = [
    article("en", "refund", "Refunds", "We return your money within five days."),
    article("en", "solar", "Solar panel", "The solar panel charges the camera in daylight."),
    article("en", "wifi", "Change the Wi-Fi", "Open Settings and choose another network."),
    article("ko", "solar", "태양광 패널", "태양광 패널은 낮에 카메라를 충전합니다."),
    article("ru", "refund", "Возврат денег", "Мы возвращаем деньги в течение пяти дней."),
]


@pytest.fixture(scope="module")
def kb_dir(embedder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("twins") / "kb"
    plan = plan_build(ARTICLES, folder, model_fingerprint=embedder.fingerprint)
    build_index(ARTICLES, folder, plan=plan, load_embedder=lambda: embedder, now_ms=1)
    return folder


@pytest.fixture(scope="module")
def retriever(kb_dir, embedder):
    return Retriever.open(kb_dir, embedder)


@pytest.fixture(scope="module")
def opened(kb_dir, embedder):
    return IndexVersion.open(kb_dir, live_version(kb_dir), model=embedder.settings)._opened


def test_an_article_has_the_mean_of_its_own_meaning_and_its_translations(opened, embedder):
    queries = [Query("refund", embedder.embed_queries(["refund"])[0])]
    english = gather(opened, queries, locales=["en"])
    russian = gather(opened, queries, locales=["ru"])

    heard = hear_twins(opened, queries, english)

    refund, solar, wifi = range(3)
    assert heard.meaning[refund] == pytest.approx((english.meaning[0] + russian.meaning[0]) / 2)
    assert heard.title[refund] == pytest.approx((english.title[0] + russian.title[0]) / 2)
    assert heard.meaning[wifi] == english.meaning[wifi]
    assert heard.words[solar] == english.words[solar]


def test_without_translations_nothing_changes(opened, embedder):
    queries = [Query("wifi", embedder.embed_queries(["wifi"])[0])]
    evidence = gather(opened, queries, locales=["en"])

    alone = evidence.take(np.array([2]))

    assert hear_twins(opened, queries, alone) is alone


def test_the_own_language_is_preferred_even_when_the_question_is_in_another(retriever):
    hits = retriever.search("when do I get my money back", locale="ru").hits

    assert [(hit.article_id, hit.locale) for hit in hits][:1] == [("refund", "ru")]


def test_an_article_that_was_not_translated_is_found_in_another_language_once(retriever):
    hits = retriever.search("солнечная панель заряжает камеру", locale="ru").hits

    found = [(hit.article_id, hit.locale) for hit in hits]
    assert {article_id for article_id, _ in found} == {"refund", "solar", "wifi"}
    assert len(found) == 3


def test_a_pinned_question_is_answered_with_its_article(embedder, tmp_path):
    question = "What about the thing on the roof?"
    pinned = [
        replace(one, answers=(question,)) if one.key == "en/solar" else one for one in ARTICLES
    ]
    plan = plan_build(pinned, tmp_path, model_fingerprint=embedder.fingerprint)
    build_index(pinned, tmp_path, plan=plan, load_embedder=lambda: embedder, now_ms=1)

    result = Retriever.open(tmp_path, embedder).search(
        "what about the THING on the roof", locale="en"
    )

    assert (result.hits[0].article_id, result.decision.value) == ("solar", "answer")
    assert result.confidence >= 0.99


def test_a_synonym_finds_what_articles_call_otherwise(embedder, tmp_path):
    synonyms = Synonyms({"en": (Synonym("solar panel", ("sun tile",)),)})
    plan = plan_build(ARTICLES, tmp_path, model_fingerprint=embedder.fingerprint, synonyms=synonyms)
    build_index(ARTICLES, tmp_path, plan=plan, load_embedder=lambda: embedder, now_ms=1)
    index = IndexVersion.open(tmp_path, live_version(tmp_path), model=embedder.settings)
    asked = ["is my sun tile any good", index.rewrite("is my sun tile any good", locale="en")]
    forms = [Query(text, embedder.embed_queries([text])[0]) for text in asked]

    alone, both = (index.search(queries, locales=["en"], k=1)[0] for queries in (forms[:1], forms))

    assert asked[1] == "is my solar panel any good"
    assert both.article_id == "solar"
    assert both.score > alone.score
