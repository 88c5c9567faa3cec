"""The review queue: what is asked, what it may mean, and what reviewers say."""

from collections.abc import Iterable
from dataclasses import asdict

from aiohttp import web

from handoff_service.access import CALLER
from handoff_service.api.bodies import answer, read_body, read_values
from handoff_service.api.help_pages.articles import Articles
from handoff_service.api.learning import queue_bodies as bodies
from handoff_service.archive.learning import review_queue, reviews
from handoff_service.archive.learning.changes import read_catalogue
from handoff_service.archive.learning.review_codes import Reason, score_at
from handoff_service.archive.learning.verdicts import Decision, Verdict
from handoff_service.archive.tables.learn_turns import LearnTurnRow
from handoff_service.refusals import BadFrame, NotFound, Stale
from handoff_service.services import SERVICES, Services


async def show_queue(request: web.Request) -> web.Response:
    """List groups, those whose decision would change most first."""
    services, me = request.app[SERVICES], request[CALLER].account.account_id
    query = read_values(request.query, bodies.QueueQuery)
    wanted = review_queue.Wanted(
        language=query.language,
        reason=query.reason,
        second_opinion_of=me if query.blind else None,
    )
    try:
        page = await review_queue.read_queue(
            services.database, wanted, after=query.after, limit=query.limit
        )
    except review_queue.CursorInvalid as error:
        raise BadFrame(["after"]) from error
    decisions = await reviews.decisions_of(
        services.database, [group.group_id for group in page.groups]
    )
    views = [
        _group(services, group, _seen(decisions.get(group.group_id, ()), me, blind=query.blind), me)
        for group in page.groups
    ]
    told = await reviews.count_agreement(services.database)
    return answer(
        bodies.QueueAnswer(views, page.open, bodies.AgreementView(**asdict(told)), page.after)
    )


async def show_group(request: web.Request) -> web.Response:
    """Show one group with its phrases, a page at a time."""
    services, me = request.app[SERVICES], request[CALLER].account.account_id
    query = read_values(request.query, bodies.GroupQuery)
    group_id = _group_id(request)
    try:
        group = await review_queue.read_group(services.database, group_id)
    except reviews.NoSuchGroup:
        raise NotFound from None
    decisions = await reviews.decisions_of(services.database, [group_id])
    phrases = await review_queue.phrases_of(
        services.database, group_id, after=query.after, limit=query.limit + 1
    )
    page = [bodies.PhraseView(**asdict(each)) for each in phrases[: query.limit]]
    return answer(
        bodies.GroupAnswer(
            _group(services, group, _seen(decisions.get(group_id, ()), me, blind=query.blind), me),
            page,
            page[-1].phrase_id if len(phrases) > query.limit else None,
        )
    )


async def decide_group(request: web.Request) -> web.Response:
    """Keep what a reviewer says of a group, in the place of what they said before."""
    services, caller = request.app[SERVICES], request[CALLER]
    body = await read_body(request, bodies.DecisionBody)
    word = reviews.Word(
        verdict=Verdict(body.verdict),
        intent=_plain(body.intent),
        article_id=_plain(body.article_id),
        locale=_plain(body.locale),
        without=frozenset(body.without),
        note=_plain(body.note) or "",
    )
    try:
        decision, state = await reviews.decide(
            services.database,
            _group_id(request),
            word,
            reviewer=caller.account.account_id,
            now_ms=services.clock.now_ms(),
        )
    except reviews.NoSuchGroup:
        raise NotFound from None
    except reviews.DecisionInvalid as error:
        raise BadFrame([error.field]) from error
    services.watching.note_learning()
    return answer(
        bodies.DecisionAnswer(decision.decision_id, decision.group_id, state.value), status=201
    )


async def withdraw_decision(request: web.Request) -> web.Response:
    """Take a decision back, one's own or another's, as long as nothing came of it."""
    services, caller = request.app[SERVICES], request[CALLER]
    try:
        decision, state = await reviews.withdraw(
            services.database,
            request.match_info["decision_id"],
            actor=caller.account.account_id,
            now_ms=services.clock.now_ms(),
        )
    except reviews.NoSuchDecision:
        raise NotFound from None
    except reviews.DecisionApplied:
        raise Stale from None
    services.watching.note_learning()
    return answer(bodies.DecisionAnswer(decision.decision_id, decision.group_id, state.value))


async def show_choices(request: web.Request) -> web.Response:
    """List what a group may mean: intents and articles, the likeliest first."""
    services = request.app[SERVICES]
    query = read_values(request.query, bodies.ChoicesQuery)
    group = None
    if query.near is not None:
        try:
            group = await review_queue.read_group(services.database, query.near)
        except reviews.NoSuchGroup:
            raise NotFound from None
    example = group.example if group else None
    known = group.near if group else {}
    said = [example.intent, example.runner_up] if example else []
    told = (*known.get("decided", ()), *known.get("intents", ()), *said)
    near = [name for name in told if name]
    catalogue = await read_catalogue(services.database)
    intents = [
        bodies.IntentChoice(**each, suggested=each["name"] in near)
        for each in (catalogue.intents if catalogue else ())
    ]
    intents.sort(key=lambda each: (_rank(near, each.name), each.name))
    language = example.language if example else ""
    cited = [each["article_id"] for each in known.get("articles", ())]
    if example and example.article_id:
        cited.append(example.article_id)
    articles = [
        bodies.ArticleChoice(each.id, each.title, each.locale, each.id in cited)
        for each in services.articles.list(language)
    ]
    articles.sort(key=lambda each: (_rank(cited, each.article_id), each.title.casefold()))
    return answer(bodies.ChoicesAnswer(intents, articles))


def _rank(near: list[str], name: str) -> int:
    return near.index(name) if name in near else len(near)


def _seen(decisions: Iterable[Decision], me: str, *, blind: bool) -> list[Decision]:
    """Return the decisions that a reviewer may see who is to decide for themselves, or not."""
    return [each for each in decisions if not blind or each.reviewer == me]


def _group_id(request: web.Request) -> int:
    text = request.match_info["group_id"]
    if not (text.isascii() and text.isdecimal() and len(text) < 16):
        raise NotFound
    return int(text)


def _plain(text: str | None) -> str | None:
    return text.replace("\0", "").strip() or None if text else None


def _group(
    services: Services, group: review_queue.Group, decisions: Iterable[Decision], me: str
) -> bodies.ReviewGroupView:
    return bodies.ReviewGroupView(
        group_id=group.group_id,
        score=round(score_at(group.score, services.clock.now_ms()), 3),
        reasons=[Reason(reason) for reason in group.reasons],
        phrases=group.phrases,
        turns=group.turns,
        conversations=group.conversations,
        languages=list(group.languages),
        last_ms=group.last_ms,
        state=group.state.value,
        example=_example(services.articles, group.example) if group.example else None,
        others=[bodies.PhraseView(**asdict(phrase)) for phrase in group.others],
        decisions=[
            bodies.DecisionView(
                decision_id=each.decision_id,
                reviewer=each.reviewer,
                verdict=each.verdict.value,
                intent=each.intent,
                article_id=each.article_id,
                locale=each.locale,
                note=each.note,
                at_ms=each.at_ms,
                mine=each.reviewer == me,
                applied=each.applied is not None,
            )
            for each in decisions
        ],
    )


def _example(articles: Articles, turn: LearnTurnRow) -> bodies.ExampleView:
    article = articles.find(turn.article_locale or "", turn.article_id or "")
    return bodies.ExampleView(
        conversation_id=turn.conversation_id,
        seq=turn.seq,
        at_ms=turn.at_ms,
        text=turn.text,
        language=turn.language,
        intent=turn.intent,
        intent_confidence=turn.intent_confidence,
        scope_confidence=turn.scope_confidence,
        runner_up=turn.runner_up,
        did=turn.did,
        reply_seq=turn.reply_seq,
        answer_confidence=turn.answer_confidence,
        article_id=turn.article_id,
        article_locale=turn.article_locale,
        article_title=article.title if article else None,
        vote=turn.vote,
        mark=turn.mark,
        handoff_reason=turn.handoff_reason,
        agent_answer=turn.agent_answer,
    )
