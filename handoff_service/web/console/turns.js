// @ts-check
/** Moving among the messages of a transcript by arrow keys, and marking answers by one key. */

/** @typedef {"wrong"|"missing"|"right"} Verdict */
/** @typedef {(conversationId: string, seq: number, verdict: Verdict) => void} MarkTurn */

/** Whose turn can be marked as what. */
const VERDICT_ON = /** @type {Record<string, Verdict>} */ ({ bot: "wrong", customer: "missing" });

/**
 * The keys work wherever a message has the focus, be it in the desk or in a conversation that is read.
 * @param {import("./keys.js").Keys} keys
 * @param {import("../shared/i18n.js").Translate} t
 * @param {MarkTurn} mark
 * @returns {() => void} takes them back
 */
export function addTurnKeys(keys, t, mark) {
  const on = (/** @type {string} */ label, /** @type {string} */ author) => ({
    label: t(label),
    when: () => focused()?.dataset.author === author,
    run: () => send(VERDICT_ON[author]),
  });
  return keys.add(t("transcript"), {
    arrowup: { label: t("key_turn_previous"), when: inLog, run: () => step(-1) },
    arrowdown: { label: t("key_turn_next"), when: inLog, run: () => step(1) },
    w: on("key_mark_wrong", "bot"),
    m: on("key_mark_missing", "customer"),
    u: {
      label: t("key_mark_right"),
      when: () => Boolean(focused()?.querySelector(".marked")),
      run: () => send("right"),
    },
  });

  /** @param {Verdict|undefined} verdict */
  function send(verdict) {
    const turn = focused();
    const id = conversationOf(turn);
    if (turn && id && verdict) mark(id, Number(turn.dataset.seq), verdict);
  }
}

/** A click on the flag of a message marks it, another one takes the mark back.
 * @param {HTMLElement} log @param {MarkTurn} mark */
export function markOnClick(log, mark) {
  log.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !target.closest(".flag")) return;
    const turn = /** @type {HTMLElement|null} */ (target.closest(".message"));
    const id = conversationOf(turn);
    const verdict = VERDICT_ON[turn?.dataset.author ?? ""];
    if (!turn || !id || !verdict) return;
    mark(id, Number(turn.dataset.seq), turn.querySelector(".marked") ? "right" : verdict);
  });
}

/** @param {Element|null} turn @returns {string|undefined} */
function conversationOf(turn) {
  const place = /** @type {HTMLElement|null|undefined} */ (turn?.closest("[data-conversation-id]"));
  return place?.dataset.conversationId;
}

/** @returns {HTMLElement|null} the message that has the focus */
function focused() {
  return document.activeElement?.closest?.(".log .message[data-seq]") ?? null;
}

function inLog() {
  return Boolean(document.activeElement?.closest(".log"));
}

/** @param {1|-1} direction */
function step(direction) {
  const log = document.activeElement?.closest(".log");
  const turns = /** @type {HTMLElement[]} */ ([
    ...(log?.querySelectorAll(".message[data-seq]") ?? []),
  ]);
  const now = focused();
  const index = now ? turns.indexOf(now) + direction : turns.length - 1;
  turns[Math.max(0, Math.min(index, turns.length - 1))]?.focus();
}
