"""The stock project is Rasa's default around Baton's content, in English."""

from pathlib import Path

import pytest
import yaml

from baton.launcher.system import RASA_PYTHON
from baton.stock.project import EPOCHS, fingerprint, stock_files

ROOT = Path(__file__).resolve().parents[2]
URL = "http://127.0.0.1:1/webhook"


@pytest.fixture(scope="module")
def files():
    [site_packages] = (RASA_PYTHON.parents[1] / "lib").glob("python*/site-packages")
    return stock_files(ROOT, site_packages, actions_url=URL)


def read(files, name):
    return yaml.safe_load(files[name])


def test_pipeline_and_policies_are_rasas_defaults(files):
    config = read(files, "config.yml")

    assert [part["name"] for part in config["pipeline"]] == [
        *("WhitespaceTokenizer", "RegexFeaturizer", "LexicalSyntacticFeaturizer"),
        *("CountVectorsFeaturizer", "CountVectorsFeaturizer", "DIETClassifier"),
        *("EntitySynonymMapper", "ResponseSelector", "FallbackClassifier"),
    ]
    assert {policy["name"] for policy in config["policies"]} == {
        *("MemoizationPolicy", "RulePolicy", "UnexpecTEDIntentPolicy", "TEDPolicy"),
    }
    parts = [*config["pipeline"], *config["policies"]]
    assert {part["epochs"] for part in parts if "epochs" in part} == {EPOCHS}


def test_channel_is_rest_and_stores_are_rasas_own(files):
    assert read(files, "credentials.yml") == {"rest": {}}
    assert read(files, "endpoints.yml") == {"action_endpoint": {"url": URL}}


def test_every_question_intent_leads_to_the_search(files):
    rules = read(files, "data/rules.yml")["rules"]
    on = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    domain = read(files, "domain.yml")

    asked = {intent for intent in domain["intents"] if intent.startswith("ask_")} - {"ask_help"}
    assert len(asked) > 10
    assert {on[intent] for intent in asked} == {"action_answer"}
    assert on["nlu_fallback"] == "action_answer"
    said = {action for action in on.values() if action.startswith("utter_")}
    assert said <= domain["responses"].keys()


def test_phrases_and_responses_are_english_and_unconditional(files):
    texts = files["data/nlu.yml"] + files["domain.yml"]
    responses = read(files, "domain.yml")["responses"]

    assert not [letter for letter in texts if "а" <= letter <= "я" or "가" <= letter <= "힣"]
    assert "utter_answer" in responses
    assert all("condition" not in one for variants in responses.values() for one in variants)


def test_another_port_is_the_same_model_and_another_phrase_is_not(files):
    moved = files | {"endpoints.yml": "x"}
    taught = files | {"data/nlu.yml": files["data/nlu.yml"] + "# more"}

    assert fingerprint(moved) == fingerprint(files) != fingerprint(taught)
