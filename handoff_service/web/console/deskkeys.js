// @ts-check
/** Keys and commands of the desk: to offers anywhere in the console, to conversations while the desk is in sight. */

import * as lazy from "./lazy.js";
import { takesConversations } from "./roles.js";
import { listOrder, sortedOffers, sortedParked } from "./state.js";
import { PRESENCES } from "./top.js";
import { topicText } from "./wording.js";

/** @typedef {import("../shared/protocol.js").Offer} Offer */

/**
 * @param {import("./desk.js").Desk} page
 * @param {import("./acts.js").Acts} acts
 * @param {{keys: import("./keys.js").Keys, commands: import("./commands.js").Commands, visible: () => boolean, reply: () => void, note: () => void}} more
 * @returns {() => void} takes them back
 */
export function addDeskKeys(page, acts, { keys, commands, visible, reply, note }) {
  const { state, t, select, directory } = page;
  const stops = [
    keys.add(t("offers"), {
      a: onOffer("key_accept", acts.accept),
      d: onOffer("key_decline", acts.decline),
    }),
    keys.add(t("nav_desk"), {
      j: { label: t("key_next"), run: () => move(1), when: visible },
      k: { label: t("key_previous"), run: () => move(-1), when: visible },
      r: onHeld("key_reply", reply),
      n: onHeld("key_note", note),
      h: onHeld("key_hand_back", acts.handBack),
      t: onHeld("key_transfer", acts.transfer),
      p: onHeld("key_park", acts.park),
      e: onHeld("key_end", acts.end),
    }),
    commands.add(passingOn),
    commands.add(resuming),
    commands.add(
      (takesConversations(state.agent.role) ? PRESENCES : []).map((status) => ({
        id: `presence ${status}`,
        label: t(`presence_${status}`),
        group: t("presence"),
        run: () => page.presence.set(status),
      })),
    ),
  ];
  return () => stops.forEach((stop) => stop());

  /** @param {string} label @param {(offer: Offer) => void} act */
  function onOffer(label, act) {
    const current = () => {
      const selected = visible() ? state.offers.get(state.selected ?? "") : undefined;
      return selected ?? sortedOffers(state)[0];
    };
    return {
      label: t(label),
      when: () => current() !== undefined,
      run() {
        const offer = current();
        if (offer) act(offer);
      },
    };
  }

  /** @param {string} label @param {(id: string) => void} act */
  function onHeld(label, act) {
    const current = () => state.conversations.get(state.selected ?? "")?.summary;
    return {
      label: t(label),
      when: () => visible() && current()?.state === "assigned",
      run() {
        const summary = current();
        if (summary) act(summary.conversation_id);
      },
    };
  }

  /** The selected conversation to each colleague, team and skill. */
  async function passingOn() {
    const summary = state.conversations.get(state.selected ?? "")?.summary;
    if (!visible() || summary?.state !== "assigned") return [];
    const [{ targetsOf }, found] = await Promise.all([lazy.transfer(), directory()]);
    return targetsOf(found, state.agent.agent_id, t).map(({ kind, to, name, hint }) => ({
      id: `transfer ${kind} ${to}`,
      label: t("transfer_command", { name }),
      hint,
      run: () => acts.passOn(summary.conversation_id, kind, to),
    }));
  }

  function resuming() {
    return sortedParked(state, Date.now()).map((summary) => ({
      id: `resume ${summary.conversation_id}`,
      label: t("resume_command", { name: summary.customer.name || topicText(summary.topic, t) }),
      hint: summary.summary,
      run: () => acts.resume(summary.conversation_id),
    }));
  }

  /** @param {number} step */
  function move(step) {
    const order = listOrder(state);
    const index = order.indexOf(state.selected ?? "");
    const next = order[(index + step + order.length) % order.length];
    if (next) select(next);
  }
}
