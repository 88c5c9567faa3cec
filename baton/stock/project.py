"""Writes the stock Rasa project: Baton's intents, actions and answers, and Rasa's defaults."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

#: Epochs of each network. Rasa's default of 100 would train for half an hour; the networks have
#: the same size after one epoch, and a turn takes the same time.
EPOCHS = 1
#: Rasa's own default pipeline and policies, inside its package.
_DEFAULT_CONFIG = "rasa/engine/recipes/config_files/default_config.yml"


def stock_files(root: Path, site_packages: Path, *, actions_url: str) -> dict[str, str]:
    """Return the project's files, {name: content}.

    Pipeline and policies are those that Rasa takes for a configuration that names none. Phrases
    and responses are the English ones. Triage is left out, which spares the stock bot its form.

    Args:
        root: folder of Baton's project.
        site_packages: of Rasa's environment.
        actions_url: where the action server will listen.

    Raises:
        OSError: a file of Baton or Rasa is missing.
    """
    phrases = dict(_english_phrases(root))
    responses = dict(_english_responses(root))
    answers = {intent: action for intent, action in _first_actions(root) if intent in phrases}
    ours = _read(root / "bot" / "domain" / "domain.yml")
    domain = {
        "version": "3.1",
        "session_config": ours["session_config"],
        "intents": sorted(phrases),
        "entities": ours["entities"],
        "slots": ours["slots"],
        "responses": responses,
        "actions": sorted(action for action in ours["actions"] if action.startswith("action_")),
    }
    config = _read(site_packages / _DEFAULT_CONFIG)
    config["assistant_id"] = "stock"
    for part in [*config["pipeline"], *config["policies"]]:
        if "epochs" in part:
            part["epochs"] = EPOCHS
    nlu = [{"intent": intent, "examples": text} for intent, text in sorted(phrases.items())]
    content = {
        "config.yml": config,
        "domain.yml": domain,
        "data/nlu.yml": {"version": "3.1", "nlu": nlu},
        "data/rules.yml": {"version": "3.1", "rules": _rules(answers)},
        "data/stories.yml": {"version": "3.1", "stories": _stories(answers)},
        "endpoints.yml": {"action_endpoint": {"url": actions_url}},
        "credentials.yml": {"rest": {}},
    }
    return {name: yaml.safe_dump(value, allow_unicode=True) for name, value in content.items()}


def fingerprint(files: dict[str, str]) -> str:
    """Name what a model is trained from: everything but addresses."""
    trained = {name: text for name, text in sorted(files.items()) if name != "endpoints.yml"}
    return hashlib.sha256(json.dumps(trained).encode()).hexdigest()[:16]


def _english_phrases(root: Path) -> Iterator[tuple[str, str]]:
    for file in sorted((root / "data" / "nlu").glob("*.yml")):
        for item in _read(file)["nlu"]:
            if "intent" in item and (item.get("metadata") or {}).get("language", "en") == "en":
                yield item["intent"], item["examples"]


def _english_responses(root: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for file in sorted((root / "bot" / "domain" / "responses").glob("*.yml")):
        for name, variants in _read(file)["responses"].items():
            english = [
                {key: value for key, value in variant.items() if key != "condition"}
                for variant in variants
                if [c["value"] for c in variant.get("condition") or [{"value": "en"}]] == ["en"]
            ]
            if english:
                yield name, english


def _first_actions(root: Path) -> Iterator[tuple[str, str]]:
    """Yield what Baton's unconditional rules do first on an intent."""
    for file in sorted((root / "data" / "rules").glob("*.yml")):
        for rule in _read(file)["rules"]:
            steps = rule["steps"]
            intents = [step.get("intent") for step in steps[0].get("or") or [steps[0]]]
            if "condition" not in rule and len(steps) > 1 and "action" in steps[1]:
                yield from ((intent, steps[1]["action"]) for intent in intents if intent)


def _rules(answers: dict[str, str]) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = [
        {"rule": f"on {intent}", "steps": [{"intent": intent}, {"action": action}]}
        for intent, action in sorted(answers.items())
    ]
    unsure = {"rule": "unsure", "steps": [{"intent": "nlu_fallback"}, {"action": "action_answer"}]}
    return [*rules, unsure]


def _stories(answers: dict[str, str]) -> list[dict[str, Any]]:
    """Return a conversation of greeting, request and thanks for each intent: TED learns on them."""
    first, last = ("greet", "thank_you") if {"greet", "thank_you"} <= answers.keys() else ("", "")
    stories = []
    for intent in sorted(answers):
        turns = [name for name in (first, intent, last) if name]
        steps = [
            step
            for name in dict.fromkeys(turns)
            for step in ({"intent": name}, {"action": answers[name]})
        ]
        stories.append({"story": f"about {intent}", "steps": steps})
    return stories


def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))
