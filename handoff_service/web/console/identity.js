// @ts-check
/** Who the customer is, as rows of facts: as the site signed it, and what their browser tells. */

import { el } from "../shared/dom.js";

/** @typedef {import("../shared/protocol.js").CustomerInfo} CustomerInfo */

/** Ids that the service gave to visitors of whom the site has signed nothing. */
const ANONYMOUS = /^u_[0-9a-f]{32}$/;

/**
 * @param {CustomerInfo} customer
 * @param {import("./facts.js").Reader} reader
 * @param {"offer"|"detail"} prefix of the test ids
 * @returns {(HTMLElement|false)[]}
 */
export function customerRows(customer, { t, locale }, prefix) {
  const { name, email, phone, tier, customer_id, flags = [], device } = customer;
  const signed = !ANONYMOUS.test(customer_id);
  const who = signed ? name || email || customer_id : t("visitor", { id: customer_id.slice(-5) });
  const row = (/** @type {string} */ label, /** @type {string|undefined|null} */ text) =>
    text
      ? [
          el("dt", { text: t(label) }),
          el("dd", {
            dir: "auto",
            text,
            dataset: { testid: `${prefix}-${label.replace("_", "-")}` },
          }),
        ]
      : [];
  const time = customerTime(customer.utc_offset_min, locale);
  return [
    ...row("customer", who),
    el("dd", {
      class: signed ? "alone signed" : "alone",
      text: t(signed ? "identity_signed" : "identity_unsigned"),
      dataset: { testid: `${prefix}-signed` },
    }),
    ...row("email", name ? email : null),
    ...row("phone", phone),
    ...row("account", signed && name ? customer_id : null),
    ...row("tier", [tier, ...flags].filter(Boolean).join(" · ")),
    ...row("device", device && deviceText(device, t)),
    ...row("local_time", time),
  ];
}

/** @param {NonNullable<CustomerInfo["device"]>} device @param {import("../shared/i18n.js").Translate} t */
function deviceText({ browser, os, mobile }, t) {
  return [browser, os, mobile && t("device_phone")].filter(Boolean).join(" · ");
}

/**
 * What the customer's clock shows now.
 * @param {number|null|undefined} offsetMin minutes that it is ahead of UTC
 * @param {import("../shared/i18n.js").Locale} locale
 * @returns {string|null} null: nobody knows
 */
export function customerTime(offsetMin, locale, nowMs = Date.now()) {
  if (offsetMin === null || offsetMin === undefined) return null;
  return new Intl.DateTimeFormat(locale, {
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
    timeZone: "UTC",
  }).format(nowMs + offsetMin * 60_000);
}
