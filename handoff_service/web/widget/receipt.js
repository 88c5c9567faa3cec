// @ts-check
/** Says of the customer's own words that they have arrived, and once a person has read them. */

import { el, setText } from "../shared/dom.js";

/** @param {HTMLElement} log */
export function createReceipt(log) {
  const line = el("p", { class: "delivery", dataset: { testid: "receipt" } });

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render({ readSeq }, t) {
      /** @type {HTMLElement|undefined} */
      let last;
      for (last of log.querySelectorAll(/** @type {"p"} */ (".customer")))
        if (Number(last.dataset.seq) <= readSeq) last.dataset.delivery = "read";
      const delivery = last?.dataset.delivery ?? "";
      setText(line, delivery && t(delivery));
      // An answer says by itself that a message has arrived.
      if (delivery !== "read" && last?.nextElementSibling) line.remove();
      else if (line.parentNode !== last) last?.append(line);
    },
  };
}
