"""The whole road of one conversation: question, answer, triage, handoff, talk, rating."""

from baton.client.agent import Agent, Summary
from baton.client.customer import Customer
from baton.client.events import ASSIGNED, CLOSED, LEFT, RATED, REQUESTED, WRAPPED_UP, Event
from baton.client.phrases import phrases
from baton.client.report import Report, Step, expect

#: Article that answers `question` of the phrases in the demo knowledge base.
RIGHT_ARTICLE = "reset-password"
#: The triage asks three questions at most; one more turn is the handoff.
TRIAGE_TURNS = 4


async def leave_a_message(url: str, report: Report, *, locale: str, secret: str | None) -> None:
    """Ask for a person while nobody is on duty, and leave a message.

    Raises:
        Failed: a step failed; it is in the report.
    """
    words = phrases(locale)
    async with Customer(url, locale=locale, secret=secret) as customer:
        async with report.step("nobody on duty", locale) as step:
            if customer.on_duty:
                step.detail = "not tried: an agent is on duty"
                return
            told = (await customer.say(words.person))[-1]
            expect(told.type == REQUESTED, f"kind {told.kind}: {told.text[:80]}")
            expect(told.data["on_duty"] is False, "on_duty is true though nobody is")
            expect(told.text, "the customer is told nothing")
        async with report.step("leave a message", locale):
            await customer.leave_message("smoke@example.org", words.left)
            event = await customer.until_event(LEFT, what="message.left")
            expect(event.data["contact"] == "smoke@example.org", "another contact is stored")
            await customer.until_state("message_left")
            await customer.cancel_handoff()  # leaves nothing behind for real agents
            await customer.until_state("bot")


async def be_helped(
    url: str, report: Report, *, locale: str, secret: str | None, agent: Agent
) -> None:
    """Go from a question to a rating, with an agent who is online.

    Raises:
        Failed: a step failed; it is in the report.
    """
    async with Customer(url, locale=locale, secret=secret) as customer:
        await _be_answered(customer, report)
        requested = await _be_triaged(customer, report)
        offer = await _be_offered(customer, report, agent=agent, requested=requested)
        await _talk(customer, report, agent=agent, offer=offer)
        await _part(customer, report, agent=agent)


async def ask_for_a_person(
    url: str, report: Report, *, locale: str, secret: str | None, agent: Agent
) -> None:
    """Ask for a person in words, be accepted, come back to the bot, ask by one click.

    Raises:
        Failed: a step failed; it is in the report.
    """
    async with Customer(url, locale=locale, secret=secret) as customer:
        talk = customer.conversation_id
        async with report.step("ask for a person", locale):
            told = (await customer.say(phrases(locale).person))[-1]
            expect(told.type == REQUESTED, f"kind {told.kind}: {told.text[:80]}")
            expect(told.data["reason"] == "asked", f"reason {told.data['reason']}")
            await agent.until_offer(talk)
            await agent.accept(talk)
            await customer.until_agent()
        async with report.step("hand back", locale):
            await agent.hand_back(talk, "smoke")
            await customer.until_state("bot")
            answer = (await customer.say(phrases(locale).question))[-1]
            expect(answer.author == "bot", f"the bot is silent: {answer.type}")
        async with report.step("click for a person", locale):
            before = max(customer.events)
            await customer.request_person()
            await customer.until_event(REQUESTED, what="handoff", after=before)
            await agent.until_offer(talk)
            await agent.accept(talk)
            await customer.until_agent(after=before)
            await agent.close_conversation(talk)
            await customer.until_event(CLOSED, what="close", after=before)


async def _be_answered(customer: Customer, report: Report) -> None:
    locale = customer.locale
    async with report.step("answer", locale) as step:
        answer = (await customer.say(phrases(locale).question))[-1]
        expect(answer.kind == "answer", f"kind {answer.kind}: {answer.text[:80]}")
        expect(answer.sources, "the answer names no source")
        source = answer.sources[0]
        expect(source.article_id == RIGHT_ARTICLE, f"quotes {source.article_id}")
        expect(source.quote.strip() and source.title.strip(), "quote or title is empty")
        expect(f"/{locale}/" in source.url, f"article of another locale: {source.url}")
        step.detail = source.title
    async with report.step("article page", locale):
        path, _, anchor = source.url.partition("#")
        status, page = await customer.page(path)
        expect(status == 200, f"{path} answers {status}")
        expect(not anchor or f'id="{anchor}"' in page, f"{path} has no anchor {anchor}")
    async with report.step("slash text", locale):
        replies = await customer.say("/restart")
        expect(replies[-1].ends_a_turn, "no answer to /restart")
        again = (await customer.say(phrases(locale).question))[-1]
        expect(again.kind == "answer", f"after /restart the bot says {again.kind}")


async def _be_triaged(customer: Customer, report: Report) -> Event:
    words = phrases(customer.locale)
    async with report.step("triage", customer.locale) as step:
        replies = await customer.say(words.trouble)
        questions = 0
        while replies[-1].type != REQUESTED and questions < TRIAGE_TURNS:
            expect(
                replies[-1].kind == "triage", f"kind {replies[-1].kind}: {replies[-1].text[:80]}"
            )
            questions += 1
            replies = await customer.say(words.triage)
        expect(replies[-1].type == REQUESTED, f"no handoff after {questions} questions")
        expect(1 <= questions <= 3, f"{questions} questions asked, not one to three")
        step.detail = f"{questions} questions"
    async with report.step("handoff", customer.locale) as step:
        requested = replies[-1]
        expect(requested.data["on_duty"] is True, "nobody is on duty, says the system")
        expect(requested.data["place"] >= 1, f"place {requested.data['place']}")
        expect(requested.text, "the customer is told nothing")
        step.detail = requested.text
    return requested


async def _be_offered(
    customer: Customer, report: Report, *, agent: Agent, requested: Event
) -> Summary:
    async with report.step("offer", customer.locale) as step:
        offer = await agent.until_offer(customer.conversation_id)
        _check_offer(offer, customer, requested=requested)
        step.detail = f"{offer['topic']}, {offer['reason']}"
    return offer


def _check_offer(offer: Summary, customer: Customer, *, requested: Event) -> None:
    expect(offer["language"] == customer.locale, f"language {offer['language']}")
    expect(offer["topic"] and offer["reason"], "no topic or no reason")
    expect(offer["summary"], "no summary in the customer's words")
    answered = [part for part in offer["triage"] if part["answer"]]
    expect(answered, f"no triage answers: {offer['triage']}")
    tried = [part["article_id"] for part in offer["tried"]]
    expect(RIGHT_ARTICLE in tried, f"passages tried: {tried}")
    sent = [(e["seq"], e["type"]) for e in offer["transcript"] if e["seq"] <= requested.seq]
    seen = [(e.seq, e.type) for e in customer.transcript() if e.seq <= requested.seq]
    expect(sent == seen, f"the transcript has {len(sent)} of {len(seen)} events")


async def _talk(customer: Customer, report: Report, *, agent: Agent, offer: Summary) -> None:
    words, talk = phrases(customer.locale), customer.conversation_id
    async with report.step("accept", customer.locale) as step:
        await agent.accept(offer["conversation_id"])
        event = await customer.until_event(ASSIGNED, what="agent")
        expect(event.text, "the customer is not told who came")
        step.detail = event.text
    async with report.step("talk", customer.locale):
        await agent.say(talk, words.agent)
        said = await customer.until_said(words.agent)
        expect(said.author == "agent", f"author {said.author}")
        await customer.send(words.customer)
        heard = await agent.until_said(talk, words.customer)
        expect(heard.author == "customer", f"author {heard.author}")


async def _part(customer: Customer, report: Report, *, agent: Agent) -> None:
    locale, talk = customer.locale, customer.conversation_id
    async with report.step("wrap-up", locale):
        await agent.wrap_up(talk)
        asked = await customer.until_event(WRAPPED_UP, what="wrap-up")
        expect(asked.text, "the customer is not asked for a rating")
    async with report.step("rating", locale):
        await customer.rate(5, phrases(locale).comment)
        rated = await customer.until_event(RATED, what="rating")
        expect(rated.data["stars"] == 5, f"{rated.data['stars']} stars stored")
        expect(rated.data["comment"] == phrases(locale).comment, "another comment is stored")
    async with report.step("close", locale):
        await agent.close_conversation(talk)
        await customer.until_event(CLOSED, what="close")
    async with report.step("order", locale) as step:
        _check_order(customer, step)


def _check_order(customer: Customer, step: Step) -> None:
    texts = [e.text for e in customer.transcript() if e.author == "customer"]
    words = phrases(customer.locale)
    for text in (words.trouble, words.customer):
        expect(texts.count(text) == 1, f"{texts.count(text)} times in the transcript: {text[:40]}")
    expect(customer.repeated == 0, f"{customer.repeated} events came twice")
    bot_after = [e for e in customer.transcript() if e.author == "bot"]
    handed = next(e.seq for e in customer.transcript() if e.type == REQUESTED)
    expect(all(e.seq < handed for e in bot_after), "the bot spoke after the handoff")
    step.detail = f"{len(customer.events)} events"
