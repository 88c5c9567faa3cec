// @ts-check
/** Files on their way to the service, and how one is spoken of. */

/** @typedef {{name: string, blob: Blob, id?: string, done?: number}} Picked `id` once the service has it; `done` 0 to 1 */
/** @typedef {{id: string, name: string, type: string, bytes: number, width?: number, height?: number}} Attachment */
/** @typedef {{progress: (done: number) => void, cancel?: () => void}} Watch `cancel` is there once it is under way */
/** What the service says: the id by which a message names the file, or why it is not taken.
 * @typedef {{id?: string, error?: {code: string}}|null} Uploaded null: nothing was said */

/**
 * @param {Picked} file
 * @param {string} url
 * @param {[string, string]} header that says who sends it
 * @param {Watch} watch
 * @returns {Promise<Uploaded>}
 */
export function upload({ blob, name }, url, header, watch) {
  return new Promise((resolve) => {
    const form = new FormData();
    const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
    form.append("file", blob, name);
    request.open("POST", url);
    request.setRequestHeader(...header);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => watch.progress(loaded / total);
    // A proxy that takes no more says so in its own words.
    const full = { error: { code: "attachment_too_large" } };
    request.onloadend = () => resolve(request.response ?? (request.status === 413 ? full : null));
    watch.cancel = () => request.abort();
    request.send(form);
  });
}

/** @param {number} bytes @param {string} locale */
export function formatBytes(bytes, locale) {
  const how = { style: "unit", unit: "megabyte", maximumFractionDigits: 2 };
  return Math.max(0.01, bytes / 1e6).toLocaleString(
    locale,
    /** @type {Intl.NumberFormatOptions} */ (how),
  );
}
