// @ts-check
/** The widget's head: who is speaking, and the way to a person, in every state. */

import { icon, setText } from "../shared/dom.js";
import { wayToPerson } from "./state.js";

const CLOSE_ICON = "M6 6l12 12M18 6L6 18";

/**
 * @param {{title: HTMLElement, who: HTMLElement, person: HTMLButtonElement, close: HTMLButtonElement}} parts
 * @param {{requestPerson: () => void, say: (text: string) => void, close: () => void}} actions
 */
export function createHeader({ title, who, person, close }, actions) {
  close.append(icon(CLOSE_ICON));
  close.addEventListener("click", actions.close);
  /** @type {() => void} */
  let ask = () => {};
  person.addEventListener("click", () => ask());

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      const name = state.agentName || t("agent");
      const way = wayToPerson(state);
      setText(title, state.name || t("title"));
      setText(
        who,
        way === "with_person" || (way === "write" && state.agentName) ? name : t("assistant"),
      );
      setText(
        person,
        {
          ask: t("talk_to_person"),
          write: t("talk_to_person"),
          asked: t("sending"),
          in_line: t("in_line"),
          with_person: t("with_person", { name }),
        }[way],
      );
      person.setAttribute("aria-disabled", String(way !== "ask" && way !== "write"));
      ask = () => {
        if (way === "ask") actions.requestPerson();
        else if (way === "write") actions.say(t("talk_to_person"));
      };
      close.setAttribute("aria-label", t("close"));
    },
  };
}
