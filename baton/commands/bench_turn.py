"""`baton bench turn`: how long a customer waits for the bot, alone and beside a stock Rasa."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import uvloop

from baton.client.address import address_options, find_secret, find_url, wrong_use
from baton.client.crowds import bot_crowd, stock_crowd, system_crowd
from baton.client.errors import ClientError, Refused
from baton.client.load import WARM_UP_TURNS, Asking, measure
from baton.client.machine import cpu_ms, cpu_ms_per_turn, machine
from baton.client.phrases import LOCALES
from baton.client.questions import ROOT, Question, read_questions
from baton.client.versus import Side, versus
from baton.launcher.data_dir import DataDir
from baton.launcher.system import CannotRun
from baton.stock.project import EPOCHS
from baton.stock.system import StockRasa

#: Names of the sides in the output of --against stock.
BATON, BOT, STOCK = "baton", "baton_bot_alone", "stock"


@click.command("turn")
@click.option("--customers", type=click.IntRange(1, 5000), default=1, show_default=True)
@click.option("--turns", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option(
    "--against",
    type=click.Choice(["stock"]),
    help="Measure a stock Rasa project in the same run: same intents, questions and answers.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1, 100),
    default=4,
    show_default=True,
    help="With --against: how often each is measured, forwards and backwards by turns.",
)
@address_options
@click.option("--json", "as_json", is_flag=True, help="Figures as JSON on stdout.")
def command(
    customers: int,
    turns: int,
    against: str | None,
    rounds: int,
    url: str | None,
    folder: Path,
    *,
    as_json: bool,
) -> None:
    """Time a customer's message in → the bot's message out, on knowledge-base questions.

    Each of the customers asks TURNS questions, one after the other, in five languages by turns
    (exit 1: a turn was not answered).

    --against stock trains, once, and starts a stock Rasa on the index of --data: Rasa's default
    pipeline and policies (trained for one epoch, which changes what it understands but not its
    size, so not its speed), REST channel, stores in memory, rasa-sdk's server with the same
    actions; only triage is left out. English questions; one customer, then as many as
    --customers. Baton is measured from WebSocket to WebSocket and, for the like, at its bot's own
    channel. It needs 2 GB of memory and some minutes the first time.
    """
    target = _Target(find_url(url, folder), folder)
    try:
        if against:
            figures = uvloop.run(_against_stock(target, customers, turns=turns, rounds=rounds))
        else:
            figures = uvloop.run(_alone(target, customers, turns=turns))
    except asyncio.CancelledError:
        raise SystemExit(128 + signal.SIGTERM) from None
    except (ClientError, CannotRun, ValueError, OSError) as error:
        raise wrong_use(error) from None
    if as_json:
        click.echo(json.dumps(figures, indent=1))
    else:
        _print(figures)
    if _errors(figures):
        raise SystemExit(1)


@dataclass(frozen=True, slots=True)
class _Target:
    """The running system: its address and, on the same machine, its data folder."""

    url: str
    folder: Path

    def running(self) -> dict[str, Any]:
        return DataDir(self.folder).running() or {}

    def secret(self) -> str | None:
        try:
            return find_secret(self.folder)
        except Refused:
            _say("no secrets.json in --data: the rate limits of the system apply")
            return None


async def _alone(target: _Target, customers: int, *, turns: int) -> dict[str, Any]:
    pids = target.running().get("pids", {})
    about = {"customers": customers, "machine": machine()}
    crowd = system_crowd(target.url, locales=LOCALES, secret=target.secret())
    asking = Asking(read_questions(ROOT))
    total = customers * (turns + WARM_UP_TURNS)
    before = cpu_ms(pids)
    with _progress(total) as on_turn:
        tally = await measure(crowd, asking, customers=customers, turns=turns, on_turn=on_turn)
    spent = cpu_ms_per_turn(before, cpu_ms(pids), total)
    return {**tally.figures(), **about, "cpu_ms_per_turn": spent}


async def _against_stock(
    target: _Target, customers: int, *, turns: int, rounds: int
) -> dict[str, Any]:
    data = DataDir(target.folder)
    running = target.running()
    if not running:
        raise CannotRun(
            f"no system runs from {target.folder}. Remedy: start it with make run, or give --data"
        )
    english = [question for question in read_questions(ROOT) if question.locale == "en"]
    about = {"machine": machine(), "rounds": rounds, "turns_a_customer": turns}
    figures: dict[str, Any] = {}
    this = asyncio.current_task()
    if this:  # told to end, it ends the stock bot first, as after Ctrl-C
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    async with StockRasa(data, say=_say) as stock:
        sides = _sides(target, running, stock, english)
        for name, crowd in {"one_customer": 1, "at_once": customers}.items():
            if name == "at_once" and customers == 1:
                continue
            total = len(sides) * rounds * crowd * (turns + WARM_UP_TURNS)
            with _progress(total) as on_turn:
                measured = await versus(
                    sides,
                    rival=STOCK,
                    customers=crowd,
                    turns=turns,
                    rounds=rounds,
                    on_turn=on_turn,
                )
            figures[name] = {"customers": crowd, **measured}
    trained = {"epochs": EPOCHS, "project": str(stock.project), "model_mb": stock.model_mb}
    return {**about, "stock_project": trained, **figures}


def _sides(
    target: _Target, running: dict[str, Any], stock: StockRasa, english: list[Question]
) -> dict[str, Side]:
    system = system_crowd(target.url, locales=["en"], secret=target.secret())
    bot = bot_crowd(running["ports"]["rasa"], token=DataDir(target.folder).secrets()["rasa_token"])
    # Each side goes through all questions by itself: none profits from another's caches.
    return {
        BATON: Side(system, Asking(english)),
        BOT: Side(bot, Asking([*english[len(english) // 2 :], *english[: len(english) // 2]])),
        STOCK: Side(stock_crowd(stock.url), Asking(english)),
    }


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal, nothing elsewhere; what is yielded counts one on."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=total, label="turns", file=sys.stderr, hidden=hidden) as bar:
        yield lambda: bar.update(1)


def _errors(figures: dict[str, Any]) -> int:
    """Return the turns that were not answered, whichever side asked them."""
    if "errors" in figures:
        return int(figures["errors"])
    return sum(_errors(value) for value in figures.values() if isinstance(value, dict))


def _print(figures: dict[str, Any], *, prefix: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
            click.echo(f"{prefix}{name}")
            _print(value, prefix=f"{prefix}  ")
        else:
            click.echo(f"{prefix}{name:18} {value}")


def _say(line: str) -> None:
    click.echo(line, err=True)
