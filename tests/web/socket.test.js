// The socket that comes back by itself, against a WebSocket whose other end the test plays.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { createLiveSocket, socketUrl } from "../../handoff_service/web/shared/socket.js";

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
    this.onclose?.();
  }
}

function setUp() {
  PlayedSocket.all = [];
  let seq = 0;
  const heard = {
    frames: /** @type {string[]} */ ([]),
    connections: /** @type {string[]} */ ([]),
  };
  const live = createLiveSocket({
    url: "ws://test/ws",
    hello: () => ({ type: "hello", last_seq: seq++ }),
    onFrame: (frame) => heard.frames.push(frame.type),
    onConnection: (connection) => heard.connections.push(connection),
    connect: () => /** @type {any} */ (new PlayedSocket()),
    random: () => 1,
  });
  live.start();
  return { live, heard, latest: () => /** @type {PlayedSocket} */ (PlayedSocket.all.at(-1)) };
}

/** Let time pass as it does: timers that a timer starts count from when it fired. @param {number} ms */
function pass(ms) {
  for (let step = 0; step < ms; step += 1) mock.timers.tick(1);
}

async function welcomed() {
  const parts = setUp();
  await parts.latest().accept();
  parts.latest().say({ type: "welcome", v: 1 });
  return parts;
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
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
    const pings = latest().sent.length;
    mock.timers.tick(5_000);
    assert.equal(latest().sent.length, pings + 1);
    latest().say({ type: "pong" });
  }
  assert.equal(heard.connections.at(-1), "online");
  assert.equal(PlayedSocket.all.length, 1);
});

test("a line that falls silent is given up within ten seconds of its last word", async () => {
  const { heard, latest } = await welcomed();
  pass(3_000);
  latest().say({ type: "pong" });
  pass(9_499);
  assert.equal(heard.connections.at(-1), "online");
  pass(1);
  assert.equal(heard.connections.at(-1), "offline");
});

test("whoever talks is not asked", async () => {
  const { latest } = await welcomed();
  for (let round = 0; round < 5; round += 1) {
    mock.timers.tick(4_000);
    latest().say({ type: "typing", on: true });
  }
  assert.deepEqual(
    latest().sent.map(({ type }) => type),
    ["hello"],
  );
});

test("who is told to come back later stays away for longer", async () => {
  const { latest } = await welcomed();
  latest().onclose({ code: 1013 });
  mock.timers.tick(3_999);
  assert.equal(PlayedSocket.all.length, 1);
  mock.timers.tick(1);
  assert.equal(PlayedSocket.all.length, 2);
  latest().onclose({ retryAfterMs: 30_000 });
  mock.timers.tick(29_999);
  assert.equal(PlayedSocket.all.length, 2);
});

/** The other way, told apart by its class. */
class PlayedPoll extends PlayedSocket {}

test("where no socket comes through the other way is taken, and sockets are tried again", async () => {
  PlayedSocket.all = [];
  const ways = /** @type {boolean[]} */ ([]);
  const live = createLiveSocket({
    url: "ws://test/ws",
    hello: () => ({ type: "hello" }),
    onFrame: () => {},
    onConnection: () => {},
    onWay: (polls) => ways.push(polls),
    connect: () => /** @type {any} */ (new PlayedSocket()),
    poll: () => /** @type {any} */ (new PlayedPoll()),
    random: () => 1,
  });
  const latest = () => /** @type {PlayedSocket} */ (PlayedSocket.all.at(-1));
  live.start();
  latest().drop();
  mock.timers.tick(500);
  assert.ok(latest() instanceof PlayedPoll);
  await latest().accept();
  latest().say({ type: "welcome", v: 1 });
  const poll = latest();

  mock.timers.tick(4_000);
  poll.say({ type: "pong" });
  mock.timers.tick(4_000);
  poll.say({ type: "pong" });
  mock.timers.tick(2_000);
  assert.ok(!(latest() instanceof PlayedPoll), "after ten seconds a socket is tried");
  latest().drop();
  assert.equal(live.isOnline(), true, "in vain: the polls go on");

  for (let second = 0; second < 20; second += 4) {
    poll.say({ type: "pong" });
    mock.timers.tick(4_000);
  }
  assert.equal(PlayedSocket.all.length, 4, "and again after twenty");
  latest().onopen();
  assert.equal(poll.readyState, 3);
  await latest().accept();
  latest().say({ type: "welcome", v: 1 });
  assert.deepEqual(ways, [true, false]);
});

test("when both ways fail they take turns; a way that was heard is kept", async () => {
  PlayedSocket.all = [];
  const live = createLiveSocket({
    url: "ws://test/ws",
    hello: () => ({ type: "hello" }),
    onFrame: () => {},
    onConnection: () => {},
    polls: true,
    connect: () => /** @type {any} */ (new PlayedSocket()),
    poll: () => /** @type {any} */ (new PlayedPoll()),
    random: () => 1,
  });
  live.start();
  const polled = () => PlayedSocket.all.map((each) => each instanceof PlayedPoll);
  for (const wait of [500, 1000, 2000]) {
    PlayedSocket.all.at(-1)?.drop();
    mock.timers.tick(wait);
  }
  assert.deepEqual(polled(), [true, false, true, false]);
  const socket = /** @type {PlayedSocket} */ (PlayedSocket.all.at(-1));
  await socket.accept();
  socket.say({ type: "welcome", v: 1 });
  socket.drop();
  mock.timers.tick(500);
  assert.deepEqual(polled().slice(3), [false, false]);
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
