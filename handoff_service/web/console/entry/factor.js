// @ts-check
/** Setting up a second factor: the square to scan, the first code, the recovery codes. */

import { html, useState } from "../vendor/preact.js";

/**
 * @typedef {{secret: string, uri: string, path: string, size: number}} Begun
 * @typedef {import("../../shared/i18n.js").Translate} Translate
 */

/** @param {{begun: Begun, t: Translate}} props */
export function Scan({ begun, t }) {
  return html`<div class="factor-scan">
    <p>${t("scan_about")}</p>
    <svg viewBox="0 0 ${begun.size} ${begun.size}" role="img" aria-label=${t("scan_label")}>
      <rect width=${begun.size} height=${begun.size} fill="#fff" />
      <path d=${begun.path} fill="#000" />
    </svg>
    <details>
      <summary>${t("scan_by_hand")}</summary>
      <code class="factor-secret" data-testid="factor-secret">${grouped(begun.secret)}</code>
    </details>
  </div>`;
}

/**
 * @param {{label: string, submit: string, problem: string, recovery?: boolean,
 *   send: (code: string) => Promise<void>}} props
 */
export function CodeForm({ label, submit, problem, recovery = false, send }) {
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  return html`<form class="factor-form" onSubmit=${onSubmit}>
    <label for="factor-code">${label}</label>
    <input
      id="factor-code"
      inputmode=${recovery ? "text" : "numeric"}
      autocomplete="one-time-code"
      autocapitalize="none"
      spellcheck=${false}
      maxlength="40"
      required
      aria-describedby=${problem ? "factor-problem" : undefined}
      data-testid="factor-code"
      value=${code}
      onInput=${(/** @type {any} */ event) => setCode(event.currentTarget.value)}
    />
    ${problem && html`<p class="error" role="alert" id="factor-problem">${problem}</p>`}
    <button class="primary" disabled=${busy} data-testid="factor-submit">${submit}</button>
  </form>`;

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    setBusy(true);
    try {
      await send(code);
      setCode("");
    } finally {
      setBusy(false);
    }
  }
}

/** @param {{codes: string[], t: Translate, done: () => void}} props */
export function RecoveryCodes({ codes, t, done }) {
  return html`<div class="factor-recovery" data-testid="recovery-codes">
    <h2 tabindex="-1">${t("recovery_title")}</h2>
    <p>${t("recovery_about")}</p>
    <ul>
      ${codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}
    </ul>
    <div class="buttons">
      <button
        type="button"
        class="secondary"
        onClick=${() => void navigator.clipboard.writeText(codes.join("\n"))}
      >
        ${t("copy")}
      </button>
      <button type="button" class="primary" data-testid="recovery-done" onClick=${done}>
        ${t("recovery_kept")}
      </button>
    </div>
  </div>`;
}

/** @param {string} secret @returns {string} in groups of four, to be typed */
function grouped(secret) {
  return secret.match(/.{1,4}/g)?.join(" ") ?? secret;
}
