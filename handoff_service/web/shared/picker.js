// @ts-check
/** Files to go with the next message: picked, pasted or dropped, and shown until they are sent. */

import { el, icon } from "./dom.js";

/** @typedef {import("./files.js").Picked} Picked */
/** @typedef {{max_bytes: number, accept: string}} Limits */

const CLIP = "m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-9 8.5a2 2 0 0 1-2-2L15 7";
/** As many as a message may have. */
const MOST = 5;

/**
 * @param {{button: HTMLElement, list: HTMLElement, input: HTMLTextAreaElement, zone: HTMLElement}} parts
 *   `input` hears of each change as if something had been typed; `zone`: what files can be dropped on
 * @param {() => void} refuse called for a file that is too large
 */
export function createPicker({ button, list, input, zone }, refuse) {
  /** @type {Picked[]} */
  let picked = [];
  /** @type {Limits|null|undefined} */
  let limits;
  /** @type {import("./i18n.js").Translate} */
  let t = () => "";
  const chooser = el("input", { type: "file", multiple: true });
  chooser.onchange = () => {
    add(chooser.files);
    chooser.value = "";
  };
  button.append(icon(CLIP));
  button.onclick = () => chooser.click();
  input.addEventListener("paste", (event) => {
    const data = event.clipboardData;
    // What has words as well (a table, say) is pasted as words.
    if (!data?.files.length || data.getData("text")) return;
    event.preventDefault();
    add(data.files);
  });
  zone.ondragover =
    zone.ondragleave =
    zone.ondrop =
      (event) => {
        const { types = [], files = null } = event.dataTransfer ?? {};
        if (!types.includes("Files")) return;
        event.preventDefault(); // or the browser would show the file in our place
        if (limits && event.type === "dragover") zone.dataset.drop = t("attach");
        else delete zone.dataset.drop;
        if (event.type === "drop") add(files);
      };

  /** @param {FileList|null} files */
  function add(files) {
    if (!limits) return;
    for (const blob of files ?? [])
      if (blob.size > limits.max_bytes || picked.length >= MOST) refuse();
      else picked.push({ name: blob.name, blob });
    show();
  }

  function show() {
    list.hidden = !picked.length;
    list.replaceChildren(
      ...picked.map((file) =>
        el(
          "button",
          {
            type: "button",
            class: "file",
            "aria-label": `${t("discard")}: ${file.name}`,
            dataset: { testid: "picked-file" },
            on: {
              click() {
                picked = picked.filter((other) => other !== file);
                show();
              },
            },
          },
          el("bdi", { text: file.name }),
          " ✕",
        ),
      ),
    );
    input.dispatchEvent(new Event("input"));
    input.focus();
  }

  return {
    /** @param {Limits|null|undefined} allowed @param {import("./i18n.js").Translate} translate */
    render(allowed, translate) {
      limits = allowed;
      t = translate;
      button.hidden = !limits;
      button.title = t("attach");
      chooser.accept = limits?.accept ?? "";
    },
    some: () => picked.length > 0,
    /** @returns {Picked[]} to be sent now */
    take() {
      const taken = picked;
      picked = [];
      if (taken.length) show();
      return taken;
    },
  };
}
