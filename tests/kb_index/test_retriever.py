"""Questions to the fixture articles, in five languages."""

import pytest

from kb_index.confidence import Decision
from kb_index.retriever import Retriever

pytestmark = pytest.mark.model

PASSWORD = {
    "en": "How do I reset my password?",
    "zh-Hans": "如何重置我的密码？",
    "zh-Hant": "要怎麼重設我的密碼？",
    "ru": "Как сбросить пароль?",
    "ko": "비밀번호를 어떻게 재설정하나요?",
}


@pytest.mark.parametrize(("locale", "question"), PASSWORD.items())
def test_the_password_question_finds_its_article_in_each_language(retriever, locale, question):
    result = retriever.search(question, locale=locale)

    hit = result.hits[0]
    assert (hit.article_id, hit.locale) == ("reset-password", locale)
    assert result.decision is not Decision.OFFER_PERSON
    assert result.confidence == hit.confidence
    assert all(other.confidence < hit.confidence for other in result.hits[1:])
    assert "**" not in hit.quote
    assert "](" not in hit.quote


def test_the_answer_quotes_the_steps_and_points_at_their_section(retriever):
    hit = retriever.search("how can I reset a password I forgot", locale="en").hits[0]

    assert hit.heading == "Reset a forgotten password"
    assert hit.anchor == "reset-a-forgotten-password"
    assert hit.quote.startswith("1. Open the sign-in page and choose Forgot password.\n2. ")
    assert hit.quote.endswith("4. Choose a new password of at least 10 characters.")
    assert hit.updated == "2026-05-06"


@pytest.mark.parametrize(
    ("locale", "question"),
    [
        ("en", "what is the capital of France"),
        ("zh-Hans", "明天北京会下雨吗"),
        ("zh-Hant", "請推薦一部電影"),
        ("ru", "какая столица Франции"),
        ("ko", "프랑스의 수도는 어디인가요"),
    ],
)
def test_a_question_that_no_article_answers_is_not_answered(retriever, locale, question):
    assert retriever.search(question, locale=locale).decision is not Decision.ANSWER


def test_an_error_code_finds_the_article_that_names_it(retriever):
    assert retriever.search("e104", locale="en").hits[0].article_id == "hub-lights"


def test_a_traditional_question_finds_a_simplified_article(retriever):
    hit = retriever.search("忘記密碼怎麼辦", locale="zh-Hans").hits[0]

    assert (hit.article_id, hit.locale) == ("reset-password", "zh-Hans")


def test_hits_are_distinct_articles_of_the_own_locale_first(retriever):
    result = retriever.search("password", locale="ko", k=5)

    ids = [hit.article_id for hit in result.hits]
    assert len(ids) == len(set(ids)) == 3
    assert result.hits[0].locale in ("ko", "en")


def test_a_locale_without_articles_gets_those_of_others(
    build, articles_dir, tmp_path, embedder, fixture_index
):
    for file in (articles_dir / "ko").iterdir():
        file.unlink()
    build(articles_dir, tmp_path / "kb", reuse=[fixture_index])
    retriever = Retriever.open(tmp_path / "kb", embedder)

    hits = retriever.search("비밀번호를 어떻게 재설정하나요?", locale="ko").hits

    assert hits[0].article_id == "reset-password"
    assert hits[0].locale != "ko"


@pytest.mark.parametrize("text", ["", "  \n\t", "\u3000"])
def test_a_blank_question_finds_nothing(retriever, text):
    result = retriever.search(text, locale="en")

    assert result.hits == ()
    assert result.decision is Decision.OFFER_PERSON


@pytest.mark.parametrize("text", ["🙂🙂🙂", "\x00\x07", "'; DROP TABLE", "<script>", "я" * 100_000])
def test_odd_text_is_searched_like_any_other(retriever, text):
    assert retriever.search(text, locale="en").decision in set(Decision)


def test_k_limits_the_hits(retriever):
    assert len(retriever.search("password", locale="en", k=1).hits) == 1


def test_an_article_can_be_asked_for_by_itself(retriever):
    hit = retriever.search_article("when will the money come", "refunds", locale="en")
    elsewhere = retriever.search_article("money", "refunds", locale="xx")

    assert hit.heading == "When does the money arrive?"
    assert elsewhere.article_id == "refunds"
    assert retriever.search_article("money", "no-such", locale="en") is None


def test_of_a_list_too_long_to_quote_the_articles_opening_is_shown(
    build, articles_dir, tmp_path, embedder, fixture_index
):
    steps = "\n".join(f"{n}. Turn the zirconium wheel to mark {n} and wait." for n in range(1, 40))
    file = articles_dir / "en" / "refunds.md"
    file.write_text(file.read_text(encoding="utf-8") + f"\n## The wheel\n{steps}\n")
    build(articles_dir, tmp_path / "kb", reuse=[fixture_index])

    hit = Retriever.open(tmp_path / "kb", embedder).search("zirconium wheel", locale="en").hits[0]

    assert hit.heading == "The wheel"
    assert hit.quote == "Within 14 days of the first payment you get all of it back."


def test_a_traditional_question_is_embedded_mostly_as_in_simplified_chinese(retriever, embedder):
    asked, simplified = embedder.embed_queries(["忘記密碼怎麼辦", "忘记密码怎么办"])

    found = retriever._embed("忘記密碼怎麼辦")

    assert found == pytest.approx(0.3 * asked + 0.7 * simplified, abs=1e-6)
    assert (retriever._embed("忘记密码怎么办") == simplified).all()
