"""What `baton doctor` looks at: each check says what it found and how to mend it."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from redis.asyncio import Redis
from redis.exceptions import RedisError

from baton.launcher.data_dir import DataDir
from baton.launcher.findings import Finding
from baton.launcher.hours_check import check_hours
from baton.launcher.proactive_check import check_first_words
from baton.launcher.redis_server import NoRedisServer, find_server
from baton.launcher.retention_check import check_retention
from baton.launcher.routing_check import check_routing
from baton.launcher.sites_check import check_sites
from baton.launcher.system import RASA_PYTHON, SERVICE_PYTHON
from handoff_rules.reading import BadRules, read_rules
from handoff_service.durability import Durability
from handoff_service.errors import StoreUnavailable
from handoff_service.store.health import FAULTS, REMEDIES, Health, read_health
from live_redis.address import FORM, BadAddress, read_address
from live_redis.pool import open_pool

#: Oldest server with the commands the store uses (Streams with XAUTOCLAIM, Lua flags).
OLDEST_REDIS = 7
#: Free space (GB) that environments, models and a year of transcripts of a small shop need.
WANTED_DISK_GB = 5.0


def examine(data: DataDir, *, port: int, redis_url: str | None) -> Iterator[Finding]:
    """Yield the finding of every check, in the order in which faults build on each other."""
    running = data.running()
    yield _python(SERVICE_PYTHON, "services Python", wanted=(3, 11), exact=False)
    yield _python(RASA_PYTHON, "Rasa Python", wanted=(3, 10), exact=True)
    yield _rasa()
    yield _redis_server(redis_url)
    yield _disk(data.path)
    yield _port(port, running)
    yield _artefact("embedding model", data.model / "model.json", "baton model export bundled")
    yield _artefact("index", data.kb / "current" / "manifest.json", "baton kb build")
    yield _index_fits_model(data)
    yield _artefact("Rasa model", data.rasa_models / "current.json", "baton train")
    yield from check_hours()
    yield from check_routing()
    yield from check_sites()
    yield from check_first_words()
    yield from check_retention()
    yield _handoff_rules()
    if redis_url or running:
        url = redis_url or _embedded_url(data, running or {})
        yield _redis_persistence(url)
    if running:
        yield from _readiness(running["url"])
    else:
        yield Finding("running system", ok=True, found="none runs from this data folder")


def _python(python: Path, name: str, *, wanted: tuple[int, int], exact: bool) -> Finding:
    text = ".".join(map(str, wanted)) + ("" if exact else " or newer")
    if not python.exists():
        return Finding(
            name, ok=False, found=f"{python.parent.parent.name} is missing", remedy="make setup"
        )
    answer = _output(python, "import sys; print('%d.%d' % sys.version_info[:2])")
    version = tuple(int(part) for part in answer.split(".")) if answer else ()
    fits = version == wanted if exact else version >= wanted
    remedy = (
        ""
        if fits
        else f"make clean setup (Python {text} must be found by uv, pyenv or on the PATH)"
    )
    return Finding(name, ok=fits, found=answer or "does not start", remedy=remedy)


def _rasa() -> Finding:
    if not RASA_PYTHON.exists():
        return Finding("Rasa", ok=False, found="not installed", remedy="make setup")
    version = _output(RASA_PYTHON, "import importlib.metadata as m; print(m.version('rasa'))")
    return Finding(
        "Rasa",
        ok=bool(version),
        found=version or "not installed",
        remedy="" if version else "make setup",
    )


def _redis_server(redis_url: str | None) -> Finding:
    if redis_url:
        return Finding(
            "Redis server", ok=True, found="BATON_REDIS_URL is set; no embedded one is needed"
        )
    try:
        server = find_server()
    except NoRedisServer as error:
        return Finding("Redis server", ok=False, found="none", remedy=str(error))
    answer = subprocess.run(
        [str(server), "--version"], capture_output=True, text=True, check=False
    ).stdout
    version = next((w[2:] for w in answer.split() if w.startswith("v=")), "")
    ok = version.split(".")[0].isdigit() and int(version.split(".")[0]) >= OLDEST_REDIS
    remedy = "" if ok else f"Redis or Valkey {OLDEST_REDIS} or newer is needed: make setup"
    return Finding("Redis server", ok=ok, found=f"{server.name} {version}", remedy=remedy)


def _disk(folder: Path) -> Finding:
    existing = next(p for p in (folder.resolve(), *folder.resolve().parents) if p.exists())
    free_gb = shutil.disk_usage(existing).free / 1e9
    ok = free_gb >= WANTED_DISK_GB
    return Finding(
        "disk",
        ok=ok,
        found=f"{free_gb:.0f} GB free",
        remedy="" if ok else f"free {WANTED_DISK_GB:.0f} GB",
    )


def _port(port: int, running: dict[str, Any] | None) -> Finding:
    if running and running["ports"]["service"] == port:
        return Finding("port", ok=True, found=f"{port} is ours (pid {running['pid']})")
    with closing(socket.socket()) as probe:
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    found = f"{port} is {'taken by another program' if taken else 'free'}"
    return Finding("port", ok=not taken, found=found, remedy="baton up --port N" if taken else "")


def _artefact(name: str, file: Path, command: str) -> Finding:
    if not file.exists():
        return Finding(name, ok=False, found="missing", remedy=command)
    try:
        json.loads(file.read_text())
    except ValueError:
        return Finding(name, ok=False, found=f"{file.name} is not JSON", remedy=command)
    return Finding(name, ok=True, found=str(file.parent.resolve().name))


def _index_fits_model(data: DataDir) -> Finding:
    name = "index fits model"
    try:
        manifest = json.loads((data.kb / "current" / "manifest.json").read_text())
        model = json.loads((data.model / "model.json").read_text())
    except (OSError, ValueError):
        return Finding(name, ok=False, found="one of them is missing", remedy="baton kb build")
    ok = model["fingerprint"] in json.dumps(manifest)
    found = "same model" if ok else "built with another embedding model"
    return Finding(name, ok=ok, found=found, remedy="" if ok else "baton kb build")


def _handoff_rules() -> Finding:
    name = "handoff rules"
    try:
        rules = read_rules()
    except BadRules as error:
        found = "; ".join(error.problems)
        return Finding(name, ok=False, found=found, remedy="correct the file, then baton train")
    return Finding(name, ok=True, found=f"{len(rules.reasons)} reasons to call a person")


def _redis_persistence(url: str) -> Finding:
    name = "Redis persistence"
    wanted = os.environ.get("BATON_REDIS_DURABILITY") or Durability.ALWAYS
    try:
        durability = Durability(wanted)
        health = asyncio.run(_health(url))
    except BadAddress as error:
        return Finding(name, ok=False, found=f"BATON_REDIS_URL: {error}", remedy=FORM)
    except ValueError:
        found = f"BATON_REDIS_DURABILITY is {wanted!r}"
        return Finding(name, ok=False, found=found, remedy="always, everysec or none")
    except StoreUnavailable as error:
        return Finding(name, ok=False, found=f"no use: {error}", remedy=FAULTS[error.fault])
    except RedisError as error:
        found = f"Redis refuses: {error}"
        return Finding(name, ok=False, found=found, remedy="check BATON_REDIS_URL")
    problems = health.problems(durability)
    on_disk = {Durability.ALWAYS: "every write on disk", Durability.EVERYSEC: "on disk each second"}
    return Finding(
        name,
        ok=not problems,
        found=", ".join(problems) or on_disk.get(durability, "nothing is asked for"),
        remedy="; ".join(REMEDIES[code] for code in problems),
    )


async def _health(url: str) -> Health:
    options: dict[str, Any] = {"timeout": 3, "socket_timeout": 3, "socket_connect_timeout": 3}
    pool = open_pool(read_address(url), key="baton", decode_responses=True, **options)
    async with Redis.from_pool(pool) as client:
        return await read_health(client)


def _readiness(url: str) -> Iterator[Finding]:
    try:
        with urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310 (the URL of run.json)
            body = json.load(answer)
    except HTTPError as error:  # 503 carries the same body
        body = json.load(error)
    except (URLError, TimeoutError) as error:
        yield Finding(
            "running system",
            ok=False,
            found=f"{url} does not answer: {error}",
            remedy="see logs/service.log",
        )
        return
    for part, check in body.get("checks", {}).items():
        why = "" if check["ok"] else str(check.get("why", "not ready"))
        yield Finding(
            f"running {part}",
            ok=check["ok"],
            found=why or "ready",
            remedy=f"see logs/{part}.log" if why else "",
        )


def _embedded_url(data: DataDir, running: dict[str, Any]) -> str:
    return f"redis://:{data.secrets()['redis_password']}@127.0.0.1:{running['ports']['redis']}/0"


def _output(python: Path, code: str) -> str:
    run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run
    answer = run([str(python), "-c", code], capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else ""
