// @ts-check
/** The widget's head: who is speaking, the language, and the way to a person, in every state. */

import { el, icon, setText } from "../shared/dom.js";
import { LANGUAGE_NAMES, LOCALES } from "../shared/i18n.js";
import { isUnderWay } from "./state.js";

const CLOSE_ICON = "M6 6l12 12M18 6L6 18";

/**
 * @param {{title: HTMLElement, who: HTMLElement, person: HTMLButtonElement, language: HTMLSelectElement, close: HTMLButtonElement}} parts
 * @param {{requestPerson: () => void, setLocale: (locale: import("../shared/i18n.js").Locale) => void, close: () => void}} actions
 */
export function createHeader(parts, actions) {
  const { title, who, person, language, close } = parts;
  for (const locale of LOCALES)
    language.append(el("option", { value: locale, lang: locale, text: LANGUAGE_NAMES[locale] }));
  close.append(icon(CLOSE_ICON));
  close.addEventListener("click", actions.close);
  language.addEventListener("change", () =>
    actions.setLocale(/** @type {import("../shared/i18n.js").Locale} */ (language.value)),
  );
  person.addEventListener("click", () => {
    if (person.getAttribute("aria-disabled") !== "true") actions.requestPerson();
  });

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render(state, t) {
      const inLine = state.state === "waiting" || state.state === "offered";
      const withPerson = state.state === "assigned" || state.state === "parked";
      const name = state.agentName || t("agent");
      setText(title, state.name || t("title"));
      setText(
        who,
        withPerson || (state.state === "wrap_up" && state.agentName) ? name : t("assistant"),
      );
      setText(
        person,
        withPerson ? t("with_person", { name }) : inLine ? t("in_line") : t("talk_to_person"),
      );
      const settled = withPerson || inLine || isUnderWay(state, "request_person");
      person.setAttribute("aria-disabled", String(settled));
      language.value = state.locale;
      language.setAttribute("aria-label", t("language"));
      close.setAttribute("aria-label", t("close"));
    },
  };
}
