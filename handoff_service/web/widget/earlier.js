// @ts-check
/** What a signed-in customer said in earlier conversations: drawn above this one when they ask for it. */

import { el, setText } from "../shared/dom.js";
import { formatDay } from "../shared/i18n.js";
import { authorName, message } from "./bubble.js";

/** @typedef {import("../shared/protocol.js").ConversationEvent} ConversationEvent */

/**
 * @param {HTMLElement} region
 * @param {() => boolean} isKnown whether the site has said who the customer is
 * @param {() => Promise<string>} token of the session
 * @param {import("./bubble.js").BubbleActions["file"]} file draws one
 */
export function createEarlier(region, isKnown, token, file) {
  const more = el("button", { type: "button", class: "link", dataset: { testid: "earlier" } });
  /** The conversation that these are earlier than. */
  let before = "";
  /** Those that are not drawn yet, the latest first. @type {{conversation_id: string, last_at_ms: number}[]} */
  let listed = [];
  /** @type {(atMs: number, events: ConversationEvent[]) => Node[]} */
  let draw;

  more.addEventListener("click", async () => {
    const from = listed;
    const told = await ask(`/${from[0]?.conversation_id}/events`);
    // Another customer may have come meanwhile, who is shown nothing of this.
    if (!told || from !== listed) return;
    const atMs = from.shift()?.last_at_ms ?? 0;
    more.hidden = !from.length;
    more.after(...draw(atMs, told.events));
  });

  /** @param {string} now */
  async function list(now) {
    const told = await ask("");
    if (now !== before || !told) return;
    listed = told.conversations;
    region.hidden = more.hidden = !listed.length;
  }

  /** @param {string} path @returns {Promise<any>} null when it cannot be had */
  async function ask(path) {
    try {
      const headers = { Authorization: `Bearer ${await token()}` };
      const response = await fetch(`/api/customer/conversations${path}`, { headers });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      const { locale } = state;
      draw = (atMs, events) => [
        el("p", { class: "day", text: formatDay(atMs, Date.now(), locale) }),
        ...events.flatMap((event) => {
          // Words and files only: what could be clicked then is over.
          const { author, text, attachments } = event.data;
          const look = { heads: false, vote: [], locale, name: authorName(event, state, t) };
          const words = { ...event, data: { author, text, attachments } };
          const said = author && (text || attachments);
          return said ? message(words, look, /** @type {any} */ ({ file }), t) : [];
        }),
      ];
      setText(more, t("earlier"));
      const now = (isKnown() && state.conversationId) || "";
      if (now === before) return;
      before = now;
      listed = [];
      region.hidden = true;
      region.replaceChildren(more);
      if (now) void list(now);
    },
  };
}
