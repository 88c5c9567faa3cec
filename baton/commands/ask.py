"""`baton ask`: one question through the running system, as a customer asks it."""

import asyncio
import json
import textwrap
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from baton.client.address import address_options, find_url, wrong_use
from baton.client.customer import Customer
from baton.client.errors import ClientError
from baton.client.events import REQUESTED, Event
from baton.client.phrases import LOCALES

#: Width of the human-readable answer, in characters.
WIDTH = 96


@click.command("ask")
@click.argument("text")
@click.option("--lang", type=click.Choice(LOCALES), default="en", help="Locale of the page.")
@address_options
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON on stdout.")
def command(text: str, lang: str, url: str | None, folder: Path, *, as_json: bool) -> None:
    """Ask TEXT and print the answer with its sources (exit 2: no system answers)."""
    try:
        answer = asyncio.run(ask(find_url(url, folder), text, locale=lang))
    except ClientError as error:
        raise wrong_use(error) from None
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1) if as_json else _readable(answer))


async def ask(url: str, text: str, *, locale: str) -> dict[str, Any]:
    """Ask as a new customer.

    Returns:
        {"kind","text","sources":[{"article_id","title","url","quote"}],"choices","confidence",
        "intent","language","ms"}: `ms` from the message's frame out to the answer's event in;
        `choices` the titles of buttons; `confidence` 0…1, None where the answer is not from an
        article.

    Raises:
        NotReachable: nothing answers.
        NotInTime: no answer in time.
    """
    async with Customer(url, locale=locale) as customer:
        begun = time.perf_counter()
        answers = await customer.say(text)
        took_s = customer.arrived[answers[0].seq] - begun
        if answers[-1].type == REQUESTED:
            await customer.cancel_handoff()  # nobody is there to be helped
        language = customer.language
    return _answer(answers) | {"language": language, "ms": round(took_s * 1000)}


def _answer(answers: list[Event]) -> dict[str, Any]:
    last = answers[-1]
    sources = [asdict(source) for event in answers for source in event.sources]
    intent = next((e.data["intent"] for e in answers if e.data.get("intent")), None)
    return {
        "kind": last.kind,
        "text": "\n\n".join(event.text for event in answers),
        "sources": sources,
        "choices": [button["title"] for button in last.data.get("buttons") or []],
        "confidence": last.data.get("confidence"),
        "intent": intent,
    }


def _readable(answer: dict[str, Any]) -> str:
    lines = [*answer["text"].splitlines(), ""]
    for source in answer["sources"]:
        lines += [f"» {source['title']}  {source['url']}"]
        quote = source["quote"].splitlines()
        lines += [textwrap.fill(line, WIDTH, initial_indent="  ") for line in quote]
    lines += [f"[ {title} ]" for title in answer["choices"]]
    confidence = answer["confidence"]
    sure = "" if confidence is None else f", confidence {confidence:.2f}"
    return "\n".join(
        [*lines, "", f"({answer['kind']}, {answer['language']}{sure}, {answer['ms']} ms)"]
    )
