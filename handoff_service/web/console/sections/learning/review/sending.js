// @ts-check
/** Decisions on their way to the server: one after the other, again while the network fails, kept over a reload. */

import { backoffMs } from "../../../../shared/backoff.js";
import { ApiError } from "../../../api.js";

/**
 * @typedef {object} Body
 * @property {"right"|"intent"|"article"|"new_intent"|"ignore"|"spam"} verdict
 * @property {string} [intent]
 * @property {string} [article_id]
 * @property {string} [locale]
 * @property {number[]} [without] phrases of the group that it does not cover
 *
 * @typedef {{id: number, kind: "decide", group_id: number, body: Body}} Decide
 * @typedef {{id: number, kind: "withdraw", of: number, decision_id: string|null}} Withdraw
 * @typedef {Decide|Withdraw} Step
 */

/** Answers that may be another the next time. */
const PASSING = new Set([408, 425, 429]);

/**
 * @param {object} given
 * @param {(path: string, body: object) => Promise<any>} given.post
 * @param {(path: string) => Promise<any>} given.del
 * @param {{read: () => Step[], write: (steps: readonly Step[]) => void}} given.store
 * @param {(run: () => void, ms: number) => unknown} [given.later]
 */
export function createSender({ post, del, store, later = setTimeout }) {
  /** @type {Step[]} */
  let steps = store.read();
  let last = Math.max(0, ...steps.map(({ id }) => id));
  let busy = false;
  let tries = 0;
  /** What the server called those that it has. @type {Map<number, string>} */
  const sent = new Map();
  /** @type {{changed: () => void, refused: (step: Step, problem: ApiError) => void}} */
  let told = { changed() {}, refused() {} };

  return {
    /** Who hears of it now. @param {typeof told} listener */
    tell(listener) {
      told = listener;
      void next();
    },
    /** Groups whose decisions are on their way. @returns {number[]} */
    groups: () => steps.flatMap((step) => (step.kind === "decide" ? [step.group_id] : [])),
    waiting: () => steps.length,
    /** Whether the last try has failed. */
    failing: () => tries > 0,
    /** @param {number} groupId @param {Body} body @returns {number} what it is withdrawn by */
    decide(groupId, body) {
      last += 1;
      put([...steps, { id: last, kind: "decide", group_id: groupId, body }]);
      void next();
      return last;
    },
    /** @param {number} id of a decision made here */
    withdraw(id) {
      const at = steps.findIndex((step) => step.id === id);
      // What has not begun its way need not be sent at all; of a try that failed nobody knows.
      if (at > 0 || (at === 0 && !busy && tries === 0)) return put(steps.toSpliced(at, 1));
      last += 1;
      put([...steps, { id: last, kind: "withdraw", of: id, decision_id: sent.get(id) ?? null }]);
      void next();
    },
    /** Try now what waits for another try. */
    again: () => void next(),
  };

  /** @param {Step[]} wanted */
  function put(wanted) {
    steps = wanted;
    store.write(steps);
    told.changed();
  }

  async function next() {
    const [step] = steps;
    if (busy || !step) return;
    busy = true;
    try {
      await send(step);
      tries = 0;
      done(step);
    } catch (problem) {
      if (isRefusal(problem)) {
        tries = 0;
        done(step);
        told.refused(step, problem);
      } else {
        later(() => void next(), backoffMs(tries));
        tries += 1;
        told.changed();
      }
    } finally {
      busy = false;
    }
    if (tries === 0) await next();
  }

  /** @param {Step} step */
  async function send(step) {
    if (step.kind === "decide") {
      const answer = await post(`/api/learning/groups/${step.group_id}/decisions`, step.body);
      sent.set(step.id, answer.decision_id);
    } else {
      const decision = step.decision_id ?? sent.get(step.of);
      // Without one the decision was refused: there is nothing to take back.
      if (decision !== undefined)
        await del(`/api/learning/decisions/${encodeURIComponent(decision)}`);
    }
  }

  /** @param {Step} step */
  function done(step) {
    const named = sent.get(step.id) ?? null;
    put(
      steps
        .filter(({ id }) => id !== step.id)
        .map((each) =>
          each.kind === "withdraw" && each.of === step.id ? { ...each, decision_id: named } : each,
        ),
    );
  }
}

/** @typedef {ReturnType<typeof createSender>} Sender */

/** @param {unknown} problem @returns {problem is ApiError} whether it will be refused the next time, too */
function isRefusal(problem) {
  return problem instanceof ApiError && problem.status < 500 && !PASSING.has(problem.status);
}

/** @param {string} name @returns {{read: () => Step[], write: (steps: readonly Step[]) => void}} this tab's store */
export function tabStore(name) {
  return {
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(name) ?? "[]");
      } catch {
        return [];
      }
    },
    write(steps) {
      try {
        if (steps.length) sessionStorage.setItem(name, JSON.stringify(steps));
        else sessionStorage.removeItem(name);
      } catch {
        // A full store keeps them in memory alone.
      }
    },
  };
}
