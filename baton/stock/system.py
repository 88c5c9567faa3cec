"""A running stock Rasa: trained once, then two processes on loopback until the block ends."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from baton.launcher.data_dir import DataDir
from baton.launcher.processes import Program, inherited_environment, spawn
from baton.launcher.system import RASA_PYTHON, ROOT, SERVICE_PYTHON, CannotRun, free_port
from baton.stock.project import fingerprint, stock_files

#: Longest start (s): tensorflow's import and the loading of four networks on a busy machine.
START_S = 240.0
#: Seconds between looks at a port; nothing tells us when a server listens.
LOOK_S = 0.2
#: Seconds to end after SIGTERM.
STOP_S = 10.0
MODEL_FILE = "model.tar.gz"
_RASA_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


class StockRasa:
    """`async with StockRasa(data) as stock`: a stock bot answers at `stock.url`.

    Args:
        data: folder whose index and embedding model the action searches; the trained project is
            kept there too, under `stock/`.
        say: told what takes long.
    """

    def __init__(self, data: DataDir, *, say: Callable[[str], None]) -> None:
        self._data, self._say = data, say
        self._port, self._actions_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._running: list[asyncio.subprocess.Process] = []

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    @property
    def model_mb(self) -> float:
        """Return the size of the trained model's file."""
        return round((self.project / MODEL_FILE).stat().st_size / 1e6, 1)

    @property
    def pids(self) -> dict[str, int]:
        """Return the process ids: rasa, actions."""
        return dict(zip(("rasa", "actions"), (p.pid for p in self._running), strict=True))

    async def _start(self) -> None:
        """Train if need be, start both, wait until both answer.

        Raises:
            CannotRun: with what ended, and where its log is.
        """
        self.project = project = await self._trained_project()
        rasa = ["run", "--port", str(self._port), "--interface", "127.0.0.1"]
        await self._run("rasa", [*_rasa(), *rasa, "--model", MODEL_FILE], project)
        await self._run("actions", [str(SERVICE_PYTHON), "-m", "baton.stock.action_server"], ROOT)
        addresses = [f"{self.url}/", f"http://127.0.0.1:{self._actions_port}/health"]
        for name, process, address in zip(
            ("rasa", "actions"), self._running, addresses, strict=True
        ):
            await self._until_answering(name, process, address)

    async def _trained_project(self) -> Path:
        """Return the folder of the trained project; interrupted, it leaves no half one."""
        if not RASA_PYTHON.exists():
            raise CannotRun("the environment .venv-rasa is missing. Remedy: make setup")
        [site_packages] = (RASA_PYTHON.parents[1] / "lib").glob("python*/site-packages")
        actions_url = f"http://127.0.0.1:{self._actions_port}/webhook"
        files = stock_files(ROOT, site_packages, actions_url=actions_url)
        folder = self._data.path.resolve() / "stock" / fingerprint(files)
        if not (folder / MODEL_FILE).exists():
            self._say("training the stock Rasa, once: some minutes …")
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".training-") as beside:
                _write(Path(beside), files)
                await self._train(Path(beside))
                shutil.copytree(beside, folder, ignore=shutil.ignore_patterns(".rasa"))
        (folder / "endpoints.yml").write_text(files["endpoints.yml"], encoding="utf-8")
        return folder

    async def _train(self, folder: Path) -> None:
        command = [*_rasa(), "train", "--out", ".", "--fixed-model-name", "model"]
        process = await self._run("training", command, folder)
        if await process.wait() or not (folder / MODEL_FILE).exists():
            raise CannotRun(f"the stock Rasa could not be trained: {self._log('training')}")
        self._running.remove(process)

    async def _run(self, name: str, argv: list[str], folder: Path) -> asyncio.subprocess.Process:
        data = self._data
        data.create()
        environment = inherited_environment() | (
            {
                "PYTHONPATH": str(ROOT),
                "OPENBLAS_NUM_THREADS": "1",  # as Baton's own action server
                "OMP_NUM_THREADS": "1",
                "BATON_ACTIONS_PORT": str(self._actions_port),
                "BATON_KB_DIR": str(data.kb.resolve()),
                "BATON_MODEL_DIR": str(data.model.resolve()),
            }
            if name == "actions"
            else _RASA_ENVIRONMENT
        )
        self._log(name).unlink(missing_ok=True)
        process = await spawn(Program(name, argv, environment, folder, self._log(name)))
        self._running.append(process)
        return process

    async def _until_answering(
        self, name: str, process: asyncio.subprocess.Process, address: str
    ) -> None:
        end = asyncio.get_running_loop().time() + START_S
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            while asyncio.get_running_loop().time() < end:
                if process.returncode is not None:
                    raise CannotRun(f"the stock {name} ended at its start: {self._log(name)}")
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with http.get(address) as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(LOOK_S)
        raise CannotRun(
            f"the stock {name} did not answer within {START_S:.0f} s: {self._log(name)}"
        )

    def _log(self, name: str) -> Path:
        return self._data.logs / f"stock-{name}.log"

    async def _stop(self) -> None:
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self._running:
            await _until_ended(process)
        self._running.clear()


async def _until_ended(process: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(process.wait(), STOP_S)
    except TimeoutError:
        process.kill()
        await process.wait()


def _rasa() -> list[str]:
    return [os.fspath(RASA_PYTHON), "-m", "rasa"]


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
