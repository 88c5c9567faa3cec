// The socket that comes back by itself, against a WebSocket whose other end the test plays.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { LiveSocket, socketUrl } from "../../handoff_service/web/shared/socket.js";

class PlayedSocket {
  /** @type {PlayedSocket[]} */
  static all = [];
  readyState = 0;
  /** @type {any[]} */
  sent = [];
  /** @type {any} */ onopen;
  /** @type {any} */ onmessage;
  /** @type {any} */ onclose;

  constructor() {
    PlayedSocket.all.push(this);
  }
  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  async accept() {
    this.readyState = 1;
    this.onopen();
    await Promise.resolve();
    await Promise.resolve();
  }
  /** @param {object} frame */
  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
  drop() {
    this.readyState = 3;
    this.onclose();
  }
}

function setUp() {
  PlayedSocket.all = [];
  let seq = 0;
  const heard = {
    frames: /** @type {string[]} */ ([]),
    connections: /** @type {string[]} */ ([]),
  };
  const live = new LiveSocket({
    url: "ws://test/ws",
    hello: () => ({ type: "hello", last_seq: seq++ }),
    onFrame: (frame) => heard.frames.push(frame.type),
    onConnection: (connection) => heard.connections.push(connection),
    WebSocketClass: /** @type {any} */ (PlayedSocket),
    random: () => 1,
  });
  live.start();
  return { live, heard, latest: () => /** @type {PlayedSocket} */ (PlayedSocket.all.at(-1)) };
}

async function welcomed() {
  const parts = setUp();
  await parts.latest().accept();
  parts.latest().say({ type: "welcome", v: 1 });
  return parts;
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
});

test("hello comes first, and only a welcome makes the line online", async () => {
  const { live, heard, latest } = setUp();
  await latest().accept();
  assert.deepEqual(latest().sent, [{ type: "hello", last_seq: 0 }]);
  assert.equal(live.send({ type: "message" }), false);

  latest().say({ type: "welcome", v: 1 });
  assert.equal(live.send({ type: "message" }), true);
  assert.deepEqual(heard.connections, ["connecting", "online"]);
});

test("a dropped line comes back after its wait with a hello of its own", async () => {
  const { latest, heard } = await welcomed();
  latest().drop();
  assert.equal(heard.connections.at(-1), "offline");

  mock.timers.tick(499);
  assert.equal(PlayedSocket.all.length, 1);
  mock.timers.tick(1);
  await latest().accept();
  assert.deepEqual(latest().sent, [{ type: "hello", last_seq: 1 }]);
});

test("the waits grow until a welcome, then begin anew", async () => {
  const { latest } = setUp();
  for (const wait of [500, 1000, 2000]) {
    latest().drop();
    const before = PlayedSocket.all.length;
    mock.timers.tick(wait - 1);
    assert.equal(PlayedSocket.all.length, before);
    mock.timers.tick(1);
    assert.equal(PlayedSocket.all.length, before + 1);
  }
  await latest().accept();
  latest().say({ type: "welcome", v: 1 });
  latest().drop();
  mock.timers.tick(500);
  assert.equal(PlayedSocket.all.length, 5);
});

test("a line that answers no ping is given up within ten seconds of waking", async () => {
  const { live, latest, heard } = await welcomed();
  live.check();
  assert.equal(latest().sent.at(-1).type, "ping");
  mock.timers.tick(10_000);
  assert.ok(heard.connections.includes("offline"));
});

test("a line that answers stays", async () => {
  const { heard, latest } = await welcomed();
  for (let round = 0; round < 5; round += 1) {
    mock.timers.tick(20_000);
    assert.equal(latest().sent.at(-1).type, "ping");
    latest().say({ type: "pong" });
  }
  assert.equal(heard.connections.at(-1), "online");
  assert.equal(PlayedSocket.all.length, 1);
});

test("a line that is never welcomed is given up", async () => {
  const { latest, heard } = setUp();
  await latest().accept();
  mock.timers.tick(10_000);
  assert.ok(heard.connections.includes("offline"));
});

test("frames this version does not know are ignored", async () => {
  const { heard, latest } = await welcomed();
  latest().say({ type: "confetti" });
  latest().onmessage({ data: "{" });
  assert.deepEqual(heard.frames, ["welcome"]);
});

test("after stop nothing is tried again", async () => {
  const { live, latest } = await welcomed();
  live.stop();
  latest().onclose?.();
  mock.timers.tick(60_000);
  assert.equal(PlayedSocket.all.length, 1);
});

test("the socket's address follows the page's", () => {
  const at = (/** @type {string} */ url) => /** @type {any} */ (new URL(url));
  assert.equal(
    socketUrl("/ws/agent", at("https://a.example:8443/x")),
    "wss://a.example:8443/ws/agent",
  );
  assert.equal(socketUrl("/ws/agent", at("http://127.0.0.1:80/")), "ws://127.0.0.1/ws/agent");
});
