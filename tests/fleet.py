"""Several Redis servers that belong together: replicas with sentinels, and a cluster."""

import contextlib
import subprocess
import time
from urllib.parse import quote

import redis
from redis.crc import key_slot

from tests.conftest import START_S, RedisServer, free_port

#: After so long without an answer a server counts as down, milliseconds.
DOWN_MS = 1000
SERVICE = "desk"


def wait_until(ready, what):
    """Ask again and again: servers that agree with each other tell nobody."""
    deadline = time.monotonic() + START_S
    while True:
        with contextlib.suppress(redis.RedisError):
            if ready():
                return
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {START_S} s: {what}")
        time.sleep(0.05)


def client(server):
    return redis.Redis(port=server.port, decode_responses=True, retry=None)


def replicas_online(server):
    password = server.options.get("requirepass")
    with redis.Redis(port=server.port, password=password, retry=None) as asked:
        info = asked.info("replication")
    return sum(
        isinstance(value, dict) and value.get("state") == "online" for value in info.values()
    )


def confirms(server):
    """Return whether a replica confirms what is written to `server` now."""
    with client(server) as asked:
        asked.set("written", 1)
        return asked.wait(1, 200) == 1


class Fleet:
    """Servers that are started and stopped together."""

    def __init__(self, program, *, replicas):
        self.program, self.replicas, self.servers = program, replicas, []

    def add(self, **options):
        server = RedisServer(self.program, **options).start()
        self.servers.append(server)
        return server

    def of(self, port):
        return next(server for server in self.servers if server.port == port)

    def stop(self):
        for server in self.servers:
            server.stop()

    def primary(self):
        """Return the server that takes the writes, as its watchers say."""
        raise NotImplementedError


class Sentinels(Fleet):
    """One primary, `replicas` of it, three sentinels."""

    def __init__(self, program, *, replicas=1, password=None):
        super().__init__(program, replicas=replicas)
        self.password = password
        auth = {"requirepass": password, "masterauth": password} if password else {}
        first = self.add(**auth)
        for _ in range(replicas):
            self.add(replicaof=f"127.0.0.1 {first.port}", **{"repl-diskless-sync-delay": 0}, **auth)
        wait_until(lambda: replicas_online(first) == replicas, "replicas online")
        self.sentinels = [Sentinel(program, first.port, password) for _ in range(3)]
        wait_until(lambda: all(s.agrees(replicas) for s in self.sentinels), "sentinels agree")
        nodes = ",".join(f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels)
        user = f":{quote(password, safe='')}@" if password else ""
        self.url = f"redis+sentinel://{user}{nodes}/{SERVICE}/0"

    def primary(self):
        (_, port) = self.sentinels[0].ask("get-master-addr-by-name")
        return self.of(int(port))

    def stop(self):
        for sentinel in self.sentinels:
            sentinel.stop()
        super().stop()


class Sentinel(RedisServer):
    """One of those who watch."""

    def __init__(self, program, primary_port, password):
        super().__init__(program)
        self.config = self.folder / "sentinel.conf"
        lines = [
            f"port {self.port}",
            "bind 127.0.0.1",
            f"dir {self.folder}",
            f"sentinel monitor {SERVICE} 127.0.0.1 {primary_port} 2",
            f"sentinel down-after-milliseconds {SERVICE} {DOWN_MS}",
            f"sentinel failover-timeout {SERVICE} 4000",
        ]
        if password:
            lines.append(f'sentinel auth-pass {SERVICE} "{password}"')
        self.config.write_text("\n".join(lines) + "\n")
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(program), str(self.config), "--sentinel"], stdout=log, stderr=log
            )
        self._await_answer()

    def ask(self, command):
        with client(self) as asked:
            return asked.execute_command(f"SENTINEL {command}", SERVICE)

    def agrees(self, replicas):
        """Return whether it knows the replicas and both other sentinels."""
        with client(self) as asked:
            state = asked.sentinel_master(SERVICE)
        return (int(state["num-slaves"]), int(state["num-other-sentinels"])) == (replicas, 2)


class Cluster(Fleet):
    """Three primaries and a replica of each; `key` tells whose slot matters."""

    def __init__(self, program, *, key):
        super().__init__(program, replicas=1)
        self.key = key
        for _ in range(6):
            self.add(
                **{
                    "cluster-enabled": "yes",
                    "cluster-port": free_port(),
                    "cluster-node-timeout": DOWN_MS,
                    "repl-diskless-sync-delay": 0,
                }
            )
        first, *others = self.servers
        bus = first.options["cluster-port"]
        for server in others:
            with client(server) as asked:
                asked.execute_command("CLUSTER MEET", "127.0.0.1", first.port, bus)
        wait_until(lambda: all(len(nodes(s)) == 6 for s in self.servers), "six nodes known")
        bounds = [0, 5461, 10923, 16384]
        for index, server in enumerate(self.servers[:3]):
            with client(server) as asked:
                asked.execute_command("CLUSTER ADDSLOTSRANGE", bounds[index], bounds[index + 1] - 1)
        for index, server in enumerate(self.servers[3:]):
            name = my_id(self.servers[index])
            wait_until(lambda s=server, n=name: replicate(s, n), "a replica follows")
        wait_until(lambda: all(healthy(s) for s in self.servers), "the cluster is well")
        wait_until(lambda: all(linked(s) for s in self.servers[3:]), "replicas are linked")
        self.url = (
            f"redis+cluster://127.0.0.1:{self.servers[1].port},127.0.0.1:{self.servers[2].port}"
        )

    def primary(self):
        slot = key_slot(self.key.encode())
        for server in self.servers:
            with contextlib.suppress(redis.RedisError), client(server) as asked:
                for start, end, owner, *_ in asked.execute_command("CLUSTER SLOTS", raw=True):
                    if start <= slot <= end:
                        return self.of(owner[1])
        raise AssertionError("nobody has the slot")


def nodes(server):
    with client(server) as asked:
        return asked.execute_command("CLUSTER NODES")


def my_id(server):
    with client(server) as asked:
        return asked.execute_command("CLUSTER MYID")


def replicate(server, node_id):
    with client(server) as asked:
        return asked.execute_command("CLUSTER REPLICATE", node_id)


def healthy(server):
    with client(server) as asked:
        state = asked.execute_command("CLUSTER INFO")
    return state["cluster_state"] == "ok" and state["cluster_known_nodes"] == "6"


def linked(server):
    with client(server) as asked:
        return asked.info("replication")["master_link_status"] == "up"
