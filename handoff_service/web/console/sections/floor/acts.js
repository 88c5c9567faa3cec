// @ts-check
/** What a supervisor does on the floor: asks where it matters, sends it, and reads the floor again. */

import { el } from "../../../shared/dom.js";
import { newMessageId } from "../../../shared/protocol.js";
import { showNotices } from "../../notices.js";
import { hashOf } from "../../router.js";
import { askTakeOver, askWhisper } from "../../supervise.js";
import { askTransfer, NOTE_CHARS } from "../../transfer.js";

/** @typedef {import("./feed.js").Row} Row */
/** @typedef {import("./feed.js").AgentRow} AgentRow */
/** @typedef {ReturnType<typeof createActs>} Acts */

/** Most that an agent can be given to hold, as the service takes it. */
const MOST_CAPACITY = 1000;

/**
 * @param {import("../../context.js").SectionContext} context
 * @param {import("../../../shared/i18n.js").Translate} t the floor's own words
 * @param {() => void} done something was changed
 */
export function createActs(context, t, done) {
  const { api, dialogs, go } = context;
  const words = context.t;

  return {
    /** @param {Row} row */
    open: ({ conversation_id }) => go(hashOf("conversation", conversation_id)),
    /** @param {Row} row */
    takeOver({ conversation_id }) {
      askTakeOver(words, () => {
        void attempt(async () => {
          await api.post(`${conversation(conversation_id)}/take-over`, {});
          go(hashOf("desk", conversation_id));
        });
      });
    },
    /** @param {Row} row */
    whisper({ conversation_id }) {
      askWhisper(words, (text) => {
        const body = { message_id: newMessageId(), text };
        void attempt(() => api.post(`${conversation(conversation_id)}/whisper`, body), "whispered");
      });
    },
    /** @param {Row} row */
    move({ conversation_id, epoch }) {
      askTransfer({
        t: words,
        self: "",
        directory: context.directory,
        confirm({ kind, to }, note) {
          const body = { epoch, kind, to, note };
          void attempt(() => api.post(`${conversation(conversation_id)}/move`, body), "moved");
        },
      });
    },
    /** @param {AgentRow} agent @param {"away"|"offline"} status */
    force({ agent_id, name, talks }, status) {
      const note = el("textarea", {
        id: "force-note",
        rows: 2,
        maxlength: NOTE_CHARS,
        dataset: { testid: "force-note" },
      });
      const back = el("input", {
        type: "checkbox",
        id: "force-back",
        dataset: { testid: "force-back" },
      });
      const held = talks.filter(({ state }) => state === "assigned").length;
      dialogs.ask({
        title: t(`force_${status}_title`, { name }),
        testid: "force",
        content: [
          el("p", { text: t("force_text") }),
          ...(held
            ? [
                el(
                  "label",
                  { class: "choice", for: back.id },
                  back,
                  t("force_give_back", { count: held }),
                ),
              ]
            : []),
          el("label", { for: note.id, text: t("force_note") }),
          note,
        ],
        yes: t(`force_${status}`),
        no: words("cancel"),
        confirm() {
          const body = { status, give_back: back.checked, note: note.value.trim() };
          void attempt(() => api.put(`${person(agent_id)}/presence`, body), "forced");
        },
      });
    },
    /** @param {AgentRow} agent */
    capacity({ agent_id, name, capacity, usual_capacity }) {
      const field = el("input", {
        type: "number",
        id: "capacity",
        min: 1,
        max: MOST_CAPACITY,
        value: capacity,
        required: true,
        dataset: { testid: "floor-capacity" },
      });
      dialogs.ask({
        title: t("capacity_title", { name }),
        testid: "capacity",
        content: [
          el("label", { for: field.id, text: t("capacity_label") }),
          field,
          el("p", { text: t("capacity_text", { count: usual_capacity }) }),
        ],
        yes: t("capacity_set"),
        no: words("cancel"),
        confirm() {
          if (!field.reportValidity()) return false;
          const wanted = Number(field.value);
          const body = { capacity: wanted === usual_capacity ? null : wanted };
          void attempt(() => api.put(`${person(agent_id)}/capacity`, body), "capacity_done");
          return true;
        },
      });
    },
    /** Tell all customers of a known problem. @param {string[]} [questions] that it is about */
    notice: (questions) =>
      void showNotices({
        t: words,
        locale: context.locale,
        csrfToken: context.csrfToken,
        questions,
      }),
  };

  /** @param {() => Promise<unknown>} send @param {string} [said] key of what is said when it is done */
  async function attempt(send, said) {
    try {
      await send();
      if (said) context.toast(t(said));
    } catch (problem) {
      context.toast(context.explain(problem), "bad");
    }
    done();
  }
}

/** @param {string} id */
function conversation(id) {
  return `/api/floor/conversations/${encodeURIComponent(id)}`;
}

/** @param {string} id */
function person(id) {
  return `/api/floor/agents/${encodeURIComponent(id)}`;
}
