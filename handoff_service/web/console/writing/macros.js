// @ts-check
/** Runs a macro: its acts are shown first, then done one after the other until one is refused. */

import { el } from "../../shared/dom.js";
import { newMessageId } from "../../shared/protocol.js";
import { ask } from "../dialog.js";
import { frames } from "../frames.js";
import { gapsIn, textOf } from "./text.js";

/** @typedef {import("../../shared/protocol.js").Frame} Frame */
/** @typedef {import("./canned.js").Macro} Macro */
/** @typedef {import("./canned.js").Reply} Reply */

/** An act that has not been answered for so long (ms) counts as refused. */
const ANSWER_MS = 10_000;

/**
 * @typedef {object} Hands
 * @property {string} id of the conversation
 * @property {() => number|undefined} epoch of now; undefined: the agent has not got it any more
 * @property {(text: string, messageId: string, used: {canned_id?: string, macro_id: string}) => void} say
 * @property {import("../live.js").Live} live
 * @property {(text: string, mood?: "plain"|"bad") => void} toast
 * @property {import("../../shared/i18n.js").Translate} t words of this part
 * @property {import("../../shared/i18n.js").Translate} words of the console
 */

/**
 * Show what a macro does, and do it if the agent says so.
 * @param {Macro} macro @param {readonly Reply[]} replies @param {Hands} hands
 */
export function askMacro(macro, replies, hands) {
  const { t } = hands;
  const named = macro.acts.find((act) => act.do === "reply");
  const reply = replies.find(({ reply_id, own }) => !own && reply_id === named?.value);
  const text = el("textarea", {
    rows: 5,
    "aria-label": t("act_reply"),
    dataset: { testid: "macro-text" },
  });
  text.value = reply ? textOf(reply.parts, (gap) => t(`gap_${gap.replace(".", "_")}`)) : "";
  const problem = el("p", {
    class: "problem",
    role: "alert",
    dataset: { testid: "macro-problem" },
  });
  const acts = macro.acts.map((act) =>
    el(
      "li",
      { dataset: { testid: "macro-act", act: act.do } },
      el("strong", { text: t(`act_${act.do}`) }),
      act.do === "reply" ? text : el("span", { text: ` ${valueText(act, hands)}` }),
    ),
  );
  ask({
    title: macro.title,
    testid: "macro",
    content: [el("ol", { class: "macro-acts" }, ...acts), problem],
    yes: t("run_macro"),
    no: hands.words("cancel"),
    confirm() {
      if (named && (!text.value.trim() || gapsIn(text.value).length)) {
        problem.textContent = t("fill_gaps");
        text.focus();
        return false;
      }
      void runMacro(macro, text.value.trim(), reply, hands);
    },
  });
  const [gap] = gapsIn(text.value);
  if (gap) {
    text.focus();
    text.setSelectionRange(gap.start, gap.end);
  }
}

/** @param {Macro} macro @param {string} text @param {Reply|undefined} reply @param {Hands} hands */
async function runMacro(macro, text, reply, hands) {
  const { t, toast } = hands;
  for (const act of macro.acts) {
    try {
      await done(act, { macro, text, reply }, hands);
    } catch (problem) {
      const why = problem instanceof Error ? problem.message : "";
      return toast(t("macro_stopped", { act: t(`act_${act.do}`), why }), "bad");
    }
  }
  toast(t("macro_done", { title: macro.title }));
}

/**
 * Do one act and wait for its answer.
 * @param {{do: string, value: string}} act
 * @param {{macro: Macro, text: string, reply: Reply|undefined}} said
 * @param {Hands} hands
 */
function done(act, { macro, text, reply }, hands) {
  const { id, live } = hands;
  const epoch = hands.epoch();
  if (!epoch) throw new Error(hands.words("error_not_yours"));
  const message_id = newMessageId();
  const held = { conversation_id: id, epoch };
  const marked = { conversation_id: id, message_id };
  const send = () => {
    switch (act.do) {
      case "reply":
        hands.say(text, message_id, { canned_id: reply?.reply_id, macro_id: macro.macro_id });
        return true;
      case "tag":
        return live.send(frames.tag({ ...marked, add: [act.value] }));
      case "untag":
        return live.send(frames.tag({ ...marked, remove: [act.value] }));
      case "priority":
        return live.send(frames.prioritize({ ...marked, priority: Number(act.value) }));
      case "note":
        return live.send(frames.note({ ...marked, text: act.value }));
      case "transfer":
        return live.send(frames.transfer({ ...held, kind: "team", to: act.value }));
      case "park":
        return live.send(
          frames.park({ ...held, until_ms: Date.now() + Number(act.value) * 3_600_000 }),
        );
      case "close":
        return live.send(frames.wrap_up({ ...held, disposition: act.value }));
      default:
        return false;
    }
  };
  const named = ["transfer", "park", "close"].includes(act.do) ? null : message_id;
  return answered(send, id, named, hands);
}

/**
 * Resolves with the acknowledgement of what `send` sends; rejects with what the refusal says.
 * @param {() => boolean} send @param {string} id @param {string|null} messageId null: an act without one
 * @param {Hands} hands @returns {Promise<void>}
 */
function answered(send, id, messageId, { live, words }) {
  return new Promise((resolve, reject) => {
    const mine = (/** @type {Frame} */ frame) =>
      messageId
        ? frame.message_id === messageId
        : frame.conversation_id === id && !frame.message_id;
    const stops = [
      live.on("ack", (frame) => mine(frame) && end(null)),
      live.on("error", (frame) => mine(frame) && end(explain(frame.code))),
    ];
    const timer = setTimeout(() => end(words("offline")), ANSWER_MS);
    if (!send()) end(words("offline"));

    /** @param {string|null} why */
    function end(why) {
      clearTimeout(timer);
      stops.forEach((stop) => stop());
      if (why === null) resolve();
      else reject(new Error(why));
    }

    /** @param {string} code */
    function explain(code) {
      const key = `error_${code}`;
      return words(key) === key ? words("error_other") : words(key);
    }
  });
}

/** @param {{do: string, value: string}} act @param {Hands} hands */
function valueText({ do: what, value }, { t, words }) {
  if (what === "park") return t("hours", { count: Number(value) });
  const key = `disposition_${value}`;
  return what === "close" && words(key) !== key ? words(key) : value;
}
