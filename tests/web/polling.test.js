// The stand-in for a WebSocket, against a real server on loopback that plays the service.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { createPolling } from "../../handoff_service/web/shared/polling.js";

/** @typedef {{status?: number, headers?: Record<string, string>, body: object}|null} Answer null: none */

/** @type {import("node:http").Server} */
let server;
const realFetch = globalThis.fetch;
/** What came, and what is said to it. */
const played = {
  polls: /** @type {any[]} */ ([]),
  /** @param {any} poll @returns {Answer} */
  answer: (poll) => ({ body: { seen: "", frames: [poll] } }),
};

before(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => (text += part));
    request.on("end", () => {
      const poll = { ...JSON.parse(text), authorization: request.headers.authorization };
      played.polls.push(poll);
      const answer = played.answer(poll);
      if (!answer) return;
      response.writeHead(answer.status ?? 200, answer.headers);
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  globalThis.fetch = (path, options) => realFetch(`http://127.0.0.1:${port}${path}`, options);
  /** @type {any} */ (globalThis).document = { hidden: false, addEventListener() {} };
});

after(() => {
  globalThis.fetch = realFetch;
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  played.polls = [];
});

/** Open one; `heard` resolves once it said `count` frames. */
async function open() {
  const socket = createPolling();
  const frames = /** @type {any[]} */ ([]);
  let told = () => {};
  socket.onmessage = (/** @type {{data: any}} */ { data }) => {
    frames.push(data);
    told();
  };
  const closed = new Promise((resolve) => (socket.onclose = resolve));
  await new Promise((resolve) => (socket.onopen = () => resolve(null)));
  /** @param {number} count */
  const heard = (count) =>
    new Promise((resolve) => {
      told = () => frames.length >= count && resolve(null);
      told();
    });
  return { socket, frames, heard, closed };
}

const HELLO = JSON.stringify({ type: "hello", token: "t", last_seq: 4, locale: "ko" });
/** @param {number} seq */
const event = (seq) => ({ type: "event", event: { seq } });

test("each poll says what was seen, and says again what the last answer gave it", async () => {
  const script = [
    { seen: "s1", frames: [{ type: "welcome" }, event(5)] },
    { seen: "s2", frames: [event(6)] },
  ];
  played.answer = () => {
    const body = script.shift();
    return body ? { body } : null;
  };
  const { socket, frames, heard } = await open();
  socket.send(HELLO);
  await heard(3);
  await new Promise((resolve) => server.once("request", resolve));
  socket.close();

  assert.deepEqual(
    played.polls.slice(0, 2).map(({ last_seq, seen, locale }) => [last_seq, seen, locale]),
    [
      [4, "", "ko"],
      [5, "s1", "ko"],
    ],
  );
  assert.equal(played.polls[0].authorization, "Bearer t");
  assert.deepEqual(frames, [{ type: "welcome" }, event(5), event(6)]);
});

test("what is written goes at once, beside the poll that is held", async () => {
  played.answer = ({ frames: [frame] }) =>
    frame && { body: { seen: "", frames: [{ type: "ack", message_id: frame.message_id }] } };
  const { socket, frames, heard } = await open();
  socket.send(HELLO);
  socket.send(JSON.stringify({ type: "message", message_id: "m" }));
  await heard(1);
  socket.close();

  assert.deepEqual(frames, [{ type: "ack", message_id: "m" }]);
  assert.equal(played.polls.find((poll) => poll.frames.length).hold_ms, 0);
});

test("a write that is refused is told with its id; the talk goes on", async () => {
  played.answer = ({ frames: [frame] }) =>
    frame && { status: 413, body: { error: { code: "too_large" } } };
  const { socket, frames, heard } = await open();
  socket.send(HELLO);
  socket.send(JSON.stringify({ type: "message", message_id: "m" }));
  await heard(1);

  assert.deepEqual(frames, [{ type: "error", code: "too_large", message_id: "m" }]);
  assert.equal(socket.readyState, 1);
  socket.close();
});

test("a poll that is refused ends it, for as long as the service asks", async () => {
  const headers = { "Retry-After": "7" };
  played.answer = () => ({ status: 429, headers, body: { error: { code: "rate_limited" } } });
  const { socket, frames, closed } = await open();
  socket.send(HELLO);

  assert.deepEqual(await closed, { retryAfterMs: 7_000 });
  assert.equal(frames[0].code, "rate_limited");
});

test("an answer that is not ours ends it", async () => {
  played.answer = () => ({ status: 502, body: [] });
  const { socket, closed } = await open();
  socket.send(HELLO);
  await closed;
  assert.equal(socket.readyState, 3);
});
