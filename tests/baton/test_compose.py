"""docker-compose.yml: what the runbook promises of it, readable without a container engine."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]


def test_only_the_service_publishes_a_port():
    published = [name for name, service in SERVICES.items() if service.get("ports")]

    assert published == ["handoff_service"]


@pytest.mark.parametrize("name", OURS)
def test_each_of_our_images_has_its_dockerfile_and_runs_as_a_plain_user(name):
    dockerfile = (ROOT / SERVICES[name]["build"]["dockerfile"]).read_text()

    assert "\nUSER baton\n" in dockerfile


@pytest.mark.parametrize("name", OURS)
def test_what_an_image_copies_exists(name):
    dockerfile = (ROOT / SERVICES[name]["build"]["dockerfile"]).read_text()
    copies = [line.split()[1:-1] for line in dockerfile.splitlines() if line.startswith("COPY")]
    sources = [word for words in copies for word in words if not word.startswith("--")]

    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_every_lasting_process_has_a_health_check():
    lasting = [name for name in SERVICES if name != "prepare"]

    assert [name for name in lasting if "healthcheck" not in SERVICES[name]] == []


def test_every_secret_has_a_line_in_the_example():
    text = (ROOT / "docker-compose.yml").read_text()
    example = (ROOT / "docs" / "compose.env.example").read_text()
    secrets = {part.split(":")[0] for part in text.split("${")[1:] if ":?" in part.split("}")[0]}

    assert secrets
    assert [name for name in sorted(secrets) if f"{name}=" not in example] == []
