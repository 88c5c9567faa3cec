// @ts-check
/** The list of all keys that do something now, by section: drawn from the registry alone. */

import { el } from "../shared/dom.js";
import { closeButton, openDialog } from "./dialog.js";
import { keyText } from "./keys.js";

/** @param {import("./keys.js").Keys} keys @param {import("../shared/i18n.js").Translate} t */
export function showKeys(keys, t) {
  const groups = keys
    .groups()
    .map(({ title, keys }) =>
      el(
        "section",
        {},
        el("h3", { text: title }),
        el(
          "dl",
          { class: "keys" },
          ...Object.entries(keys).flatMap(([name, { label }]) => [
            el("dt", {}, el("kbd", { text: keyText(name) })),
            el("dd", { text: label }),
          ]),
        ),
      ),
    );
  openDialog(
    t("shortcuts"),
    "shortcuts",
    [el("div", { class: "key-groups" }, ...groups)],
    [closeButton(t("close"))],
  );
}
