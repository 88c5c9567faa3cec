// @ts-check
/** The command palette: write a few letters of what to do, Enter does it. */

import { el } from "../shared/dom.js";
import { createCombobox } from "./combobox.js";
import { keyText } from "./keys.js";

/**
 * @param {import("./commands.js").Command[]} commands
 * @param {import("../shared/i18n.js").Translate} t
 */
export function openPalette(commands, t) {
  const combobox = createCombobox({
    testid: "palette",
    label: t("palette"),
    placeholder: t("palette_placeholder"),
    none: t("palette_none"),
    textsOf: ({ label, group = "", hint = "" }) => [label, `${group} ${label}`, hint],
    draw: ({ label, group, hint, key }) => [
      el("span", { text: label }),
      hint ? el("span", { class: "hint", text: hint }) : "",
      group ? el("span", { class: "group", text: group }) : "",
      key ? el("kbd", { text: keyText(key) }) : "",
    ],
    choose(command) {
      dialog.close();
      command.run();
    },
  });
  const dialog = el(
    "dialog",
    { class: "palette", "aria-label": t("palette"), dataset: { testid: "palette-dialog" } },
    ...combobox.elements,
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  combobox.offer(commands);
}
