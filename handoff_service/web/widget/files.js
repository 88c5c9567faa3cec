// @ts-check
/** The files of a message as the customer sees them; read with the token, which no address holds. */

import { el } from "../shared/dom.js";
import { formatBytes } from "../shared/files.js";

/** The longer side of an image in the transcript, in pixels. */
const SIDE = 240;

/** @param {() => Promise<string>} token of the session */
export function createFiles(token) {
  /** @param {string} id with the query, if any @returns {Promise<string>} an address; "": it is not there */
  async function read(id) {
    const headers = { Authorization: `Bearer ${await token()}` };
    const response = await fetch(`/api/attachments/${id}`, { headers });
    return response.ok ? URL.createObjectURL(await response.blob()) : "";
  }

  /** @param {import("../shared/files.js").Attachment} file @param {string} locale */
  return ({ id, name, bytes, width = 0, height = 0 }, locale) => {
    const scale = Math.min(1, SIDE / Math.max(width, height));
    const image = el("img", { alt: name, width: width * scale, height: height * scale });
    if (width) void read(`${id}?thumb=1`).then((src) => (image.src = src));
    return el(
      "button",
      {
        type: "button",
        class: width ? "file picture" : "file",
        dataset: { testid: "attachment", id },
        on: {
          async click() {
            // Opened at once: a moment later the browser takes it for none of the customer's doing.
            const tab = width ? window.open("", "_blank") : null;
            const href = await read(id);
            if (tab) tab.location = href;
            else if (href) el("a", { href, download: name }).click();
          },
        },
      },
      width ? image : `${name} · ${formatBytes(bytes, locale)}`,
    );
  };
}
