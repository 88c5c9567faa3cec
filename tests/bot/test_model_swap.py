"""A running bot takes another model, and keeps the old one when the new one is no good."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from learning.errors import SwapFailed
from learning.live import swap
from tests.bot.conftest import fetch

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


def serving(bot):
    return fetch(f"{bot.url}/webhooks/baton/health")[1]["checks"]["model"]["model"]


@pytest.fixture
def other_model(trained_model, tmp_path):
    """The same model under another name."""
    return shutil.copy(trained_model, tmp_path / "other.tar.gz")


def test_the_new_model_serves_and_conversations_go_on(bot, sender, trained_model, other_model):
    bot.say(sender, "the hub keeps crashing, error E-417, I reset it twice since yesterday")

    swap(bot.url, token=bot.token, new=other_model, old=trained_model)
    served = serving(bot)
    [reply] = bot.replies(sender, "Hub 2")
    swap(bot.url, token=bot.token, new=trained_model, old=other_model)

    assert served == "other.tar.gz"
    assert reply["kind"] in {"triage", "handoff"}, "the triage begun under the old model goes on"
    assert serving(bot) == trained_model.name


def test_an_answer_names_the_model_that_gave_it_also_when_it_is_asked_for_again(
    bot, sender, trained_model, other_model
):
    said = bot.say(sender, "how do I reset my password?", message_id="m1")
    swap(bot.url, token=bot.token, new=other_model, old=trained_model)
    again = bot.say(sender, "how do I reset my password?", message_id="m1")
    later = bot.say(sender, "hello", message_id="m2")
    swap(bot.url, token=bot.token, new=trained_model, old=other_model)

    assert again == said, "what was sent twice, or to two bots, is answered once"
    assert said["release"] == trained_model.name.removesuffix(".tar.gz")
    assert later["release"] == "other"


def test_turns_are_answered_while_a_model_is_loaded(bot, sender, trained_model, other_model):
    """A turn that begins during the load ends before it: by the model that served until then."""
    loaded = []
    with ThreadPoolExecutor() as threads:

        def load():
            swap(bot.url, token=bot.token, new=other_model, old=trained_model)
            loaded.append(True)

        begun = threads.submit(load)
        during = []
        while not begun.done():
            answer = bot.say(sender, "hello")
            if not loaded:
                during.append(answer["release"])
        begun.result()
    swap(bot.url, token=bot.token, new=trained_model, old=other_model)

    assert during.count(trained_model.name.removesuffix(".tar.gz")) >= 4


@pytest.mark.parametrize("content", [None, b"no archive"])
def test_a_broken_model_is_refused_and_the_old_one_serves(
    bot, sender, trained_model, tmp_path, content
):
    broken = tmp_path / "broken.tar.gz"
    if content:
        broken.write_bytes(content)

    with pytest.raises(SwapFailed, match=f"{trained_model.name} serves again"):
        swap(bot.url, token=bot.token, new=broken, old=trained_model)

    assert serving(bot) == trained_model.name
    assert bot.replies(sender, "hello")[0]["kind"] == "smalltalk"


def test_a_wrong_token_changes_nothing(bot, trained_model, other_model):
    with pytest.raises(SwapFailed):
        swap(bot.url, token="wrong", new=other_model, old=None)

    assert serving(bot) == trained_model.name


def test_a_rasa_that_is_gone_is_named(trained_model, other_model):
    with pytest.raises(SwapFailed, match="does not answer"):
        swap("http://127.0.0.1:9", token="t", new=other_model, old=trained_model)
