// @ts-check
/** The panel beside a conversation: its facts, its customer, and what there was before. */

import { el, setText } from "../shared/dom.js";
import { formatDate } from "../shared/i18n.js";
import { request } from "./api.js";
import { factSections, section } from "./facts.js";
import { customerTime } from "./identity.js";
import { hashOf } from "./router.js";
import { dispositionText, topicText } from "./wording.js";

/** @typedef {import("./state.js").Conversation} Conversation */

/**
 * What `GET /api/conversations/{id}/customer` answers beside the customer.
 * @typedef {object} Profile
 * @property {{conversation_id: string, state: string, started_ms: number, last_at_ms: number, topic: string|null,
 *   agent_name: string|null, disposition: string|null, last_words: string}[]} earlier
 * @property {{conversation_id: string, at_ms: number, kind: string, score: number, comment: string}[]} opinions
 * @property {{conversation_id: string, at_ms: number, contact: string}[]} left
 * @property {number} helpful
 * @property {number} unhelpful
 */

/** Highest score of each kind of question. */
const OUT_OF = /** @type {Record<string, number>} */ ({ csat: 5, stars: 5, ces: 7, nps: 10 });

/** @param {HTMLElement} region @param {import("./facts.js").Reader} reader */
export function createDetails(region, reader) {
  const { t, locale } = reader;
  const facts = el("div");
  const past = el("div", { class: "profile", dataset: { testid: "profile" } });
  let factsShown = "";
  let profileOf = "";
  region.setAttribute("aria-label", t("details"));
  region.replaceChildren(facts, past);

  return {
    /** @param {Conversation|undefined} conversation */
    render(conversation) {
      region.hidden = !conversation;
      if (!conversation) return;
      const { summary } = conversation;
      const signature = JSON.stringify({ ...summary, draft: null, last_seq: null });
      if (signature !== factsShown) {
        factsShown = signature;
        facts.replaceChildren(...factSections(summary, reader, "detail"));
      }
      const clock = facts.querySelector('[data-testid="detail-local-time"]');
      const time = customerTime(summary.customer.utc_offset_min, locale);
      if (clock && time) setText(clock, time);
      if (summary.conversation_id !== profileOf) void readProfile(summary.conversation_id);
    },
  };

  /** @param {string} id */
  async function readProfile(id) {
    profileOf = id;
    past.replaceChildren();
    try {
      const profile = await request("GET", `/api/conversations/${encodeURIComponent(id)}/customer`);
      if (profileOf === id) past.replaceChildren(...profileSections(profile));
    } catch {
      // Asked again when the conversation is opened again; the facts above stand without it.
      if (profileOf === id)
        past.replaceChildren(el("p", { class: "none", text: t("profile_failed") }));
    }
  }

  /** @param {Profile} profile @returns {HTMLElement[]} */
  function profileSections({ earlier, opinions, left, helpful, unhelpful }) {
    const votes = helpful + unhelpful > 0;
    return [
      section(
        t("earlier"),
        earlier.length
          ? el("ul", { class: "earlier" }, ...earlier.map(earlierRow))
          : el("p", { class: "none", text: t("earlier_none") }),
      ),
      opinions.length > 0 &&
        section(t("opinions"), el("ul", { class: "earlier" }, ...opinions.map(opinionRow))),
      votes && section(t("votes"), el("p", { text: t("votes_text", { helpful, unhelpful }) })),
      left.length > 0 &&
        section(
          t("left_messages"),
          el(
            "ul",
            { class: "earlier" },
            ...left.map(({ conversation_id, at_ms, contact }) =>
              el("li", {}, linkTo(conversation_id, formatDate(at_ms, locale)), ` ${contact}`),
            ),
          ),
        ),
    ].filter((part) => part instanceof HTMLElement);
  }

  /** @param {Profile["earlier"][number]} one */
  function earlierRow({ conversation_id, last_at_ms, topic, agent_name, disposition, last_words }) {
    return el(
      "li",
      { dataset: { testid: "earlier-conversation" } },
      linkTo(
        conversation_id,
        [formatDate(last_at_ms, locale), topic && topicText(topic, t)].filter(Boolean).join(" · "),
      ),
      el("p", { class: "hint", dir: "auto", text: last_words }),
      (agent_name || disposition) &&
        el("p", {
          class: "hint",
          text: [agent_name, disposition && dispositionText(disposition, t)]
            .filter(Boolean)
            .join(" · "),
        }),
    );
  }

  /** @param {Profile["opinions"][number]} opinion */
  function opinionRow({ conversation_id, at_ms, kind, score, comment }) {
    const most = OUT_OF[kind];
    const name = kind === "stars" ? t("opinion_stars") : kind.toUpperCase();
    return el(
      "li",
      { dataset: { testid: "opinion" } },
      el("strong", { text: `${name} ${score}${most ? `/${most}` : ""}` }),
      " ",
      linkTo(conversation_id, formatDate(at_ms, locale)),
      comment && el("p", { class: "hint", dir: "auto", text: comment }),
    );
  }
}

/** @param {string} id of a conversation @param {string} text */
function linkTo(id, text) {
  return el("a", { href: hashOf("conversation", id), text });
}
