// @ts-check
/** The queue as the page holds it: what comes next, which one is looked at. Values, never changed in place. */

/**
 * @typedef {object} Example the turn that stands for a group
 * @property {string} conversation_id
 * @property {number} seq
 * @property {number} at_ms
 * @property {string} text
 * @property {string} language
 * @property {string|null} intent
 * @property {number|null} intent_confidence
 * @property {number|null} scope_confidence
 * @property {string|null} runner_up
 * @property {string} did
 * @property {number|null} answer_confidence
 * @property {string|null} article_id
 * @property {string|null} article_title
 * @property {1|-1|null} vote
 * @property {string|null} mark
 * @property {string|null} handoff_reason
 * @property {string|null} agent_answer
 *
 * @typedef {{phrase_id: number, text: string, language: string, turns: number}} Phrase
 * @typedef {{decision_id: string, reviewer: string, verdict: string, intent: string|null, article_id: string|null, at_ms: number}} Decision
 *
 * @typedef {object} Group
 * @property {number} group_id
 * @property {number} score
 * @property {string[]} reasons codes
 * @property {number} turns
 * @property {number} conversations
 * @property {string[]} languages
 * @property {number} last_ms
 * @property {Example} example
 * @property {Phrase[]} others
 * @property {number} phrases how many there are in all
 * @property {Decision[]} decisions
 *
 * @typedef {{pairs: number, agreed: number, kappa: number|null}} Agreement
 * @typedef {{groups: Group[], open: number, agreement: Agreement, after: string|null}} Answer
 *
 * @typedef {object} Queue
 * @property {readonly Group[]} groups the most worthwhile first
 * @property {number|null} current id of the one that is looked at
 * @property {ReadonlySet<number>} gone decided here: an answer that is older does not bring them back
 * @property {string|null} after where the next page begins; null: there is none
 * @property {number} open how many wait in all
 * @property {Agreement|null} agreement
 * @property {boolean} loaded
 */

/** The next page is asked for when no more than this is left. */
export const LOW = 10;

/** @type {Queue} */
export const EMPTY = {
  groups: [],
  current: null,
  gone: new Set(),
  after: null,
  open: 0,
  agreement: null,
  loaded: false,
};

/**
 * What the server says now. Those on the page keep their places: nothing moves under who reads.
 * @param {Queue} queue @param {Answer} answer @param {boolean} [more] a further page, not the first again
 * @returns {Queue}
 */
export function take(queue, answer, more = false) {
  const fresh = new Map(answer.groups.map((group) => [group.group_id, group]));
  const kept = queue.groups.map((group) => fresh.get(group.group_id) ?? group);
  const known = new Set(kept.map(({ group_id }) => group_id));
  const added = answer.groups.filter(
    ({ group_id }) => !known.has(group_id) && !queue.gone.has(group_id),
  );
  const groups = [...kept, ...added];
  return {
    ...queue,
    groups,
    current: queue.current ?? groups[0]?.group_id ?? null,
    after: more || !queue.loaded ? answer.after : queue.after,
    open: answer.open,
    agreement: answer.agreement,
    loaded: true,
  };
}

/** @param {Queue} queue @returns {Group|undefined} */
export function lookedAt({ groups, current }) {
  return groups.find(({ group_id }) => group_id === current);
}

/** @param {Queue} queue @param {number} by @returns {Queue} it stays at either end */
export function move(queue, by) {
  const at = queue.groups.findIndex(({ group_id }) => group_id === queue.current);
  const next = queue.groups[Math.min(Math.max(at + by, 0), queue.groups.length - 1)];
  return next ? { ...queue, current: next.group_id } : queue;
}

/** @param {Queue} queue @param {number} groupId @returns {Queue} */
export function lookAt(queue, groupId) {
  return { ...queue, current: groupId };
}

/**
 * Take a decided group out; the one after it is looked at.
 * @param {Queue} queue @param {number} groupId @returns {Queue}
 */
export function drop(queue, groupId) {
  const at = queue.groups.findIndex(({ group_id }) => group_id === groupId);
  if (at < 0) return queue;
  const groups = queue.groups.toSpliced(at, 1);
  const next = groups[Math.min(at, groups.length - 1)];
  return {
    ...queue,
    groups,
    current: queue.current === groupId ? (next?.group_id ?? null) : queue.current,
    gone: new Set([...queue.gone, groupId]),
    open: Math.max(0, queue.open - 1),
  };
}

/**
 * Put a group back, before the one that is looked at, and look at it.
 * @param {Queue} queue @param {Group} group @returns {Queue}
 */
export function bringBack(queue, group) {
  const gone = new Set(queue.gone);
  gone.delete(group.group_id);
  const rest = queue.groups.filter(({ group_id }) => group_id !== group.group_id);
  const at = Math.max(
    0,
    rest.findIndex(({ group_id }) => group_id === queue.current),
  );
  return {
    ...queue,
    groups: rest.toSpliced(at, 0, group),
    current: group.group_id,
    gone,
    open: queue.open + 1,
  };
}
