"""Rasa starts without the libraries the bot does not use, and says so when one is asked for."""

import pytest

from tests.bot.conftest import run_rasa

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


def test_serving_imports_none_of_the_left_out_libraries():
    printed = run_rasa(
        """
import sys
from bot import lean
assert lean.install(serving=True)
import rasa.core.run, rasa.server, bot.patches, bot.channels.baton, bot.stores.tracker
real = [n for n in lean.UNUSED_LIBRARIES + lean.UNUSED_WHEN_SERVING
        if n in sys.modules and getattr(sys.modules[n], "__file__", None)]
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
print(real, {"DIETClassifier", "TEDPolicy"} & set(DefaultV1Recipe._registered_components))
"""
    )

    assert printed.strip() == "[] set()"


def test_using_a_left_out_library_is_a_clear_error():
    printed = run_rasa(
        """
from bot import lean
lean.install(serving=True)
import tensorflow
try:
    tensorflow.constant(1)
except ImportError as error:
    print(error)
"""
    )

    assert "tensorflow.constant is left out" in printed
    assert "BATON_RASA_PLAIN_IMPORT=1" in printed


def test_the_stand_ins_can_be_switched_off():
    printed = run_rasa(
        "from bot import lean; print(lean.install(serving=True)); "
        "import importlib.util; print(importlib.util.find_spec('tensorflow').origin)",
        BATON_RASA_PLAIN_IMPORT="1",
    )

    assert printed.split()[0] == "False"
    assert printed.strip().endswith("__init__.py")


def test_too_late_is_an_error():
    printed = run_rasa(
        """
import sys, types
from bot import lean
sys.modules["rasa"] = types.ModuleType("rasa")
try:
    lean.install(serving=True)
except RuntimeError as error:
    print(error)
"""
    )

    assert "before rasa is imported" in printed


def test_missing_settings_are_named_together():
    from bot.serve import REQUIRED, missing_settings

    lines = missing_settings({})

    assert [line.split()[0] for line in lines] == list(REQUIRED)
    right = dict.fromkeys(REQUIRED, "5005") | {"BATON_REDIS_URL": "redis://127.0.0.1:6379"}
    assert missing_settings(right) == []
    assert "BATON_RASA_PORT is 'x'" in missing_settings(right | {"BATON_RASA_PORT": "x"})[0]
    [line] = missing_settings(right | {"BATON_REDIS_URL": "http://127.0.0.1"})
    assert line.startswith("BATON_REDIS_URL: it starts with none of redis://")
    [line] = missing_settings(right | {"BATON_TONE": "ru=warm"})
    assert line.startswith("BATON_TONE: 'ru=warm' in 'ru=warm'; expected formal, casual, or locale")
