// @ts-check
/** The widget in small, in the colours and words of a site, and how well its text can be read. */

import { html, useEffect, useRef } from "../../vendor/preact.js";
import { contrast, ENOUGH, luminance, textOn } from "./contrast.js";

/** The colours of a site that has none of its own: those of the widget's style sheet. */
const BUILT_IN = { light: "#0b6e5f", dark: "#17594d" };

/** @param {{site: any, locale: string, t: import("../../../shared/i18n.js").Translate}} props */
export function Preview({ site, locale, t }) {
  const light = valid(site.colour) ?? BUILT_IN.light;
  const dark = valid(site.colour_dark) ?? valid(site.colour) ?? BUILT_IN.dark;
  return html`<section
    class="settings-preview"
    aria-label=${t("preview")}
    data-testid="settings-preview"
  >
    <h3>${t("preview")}</h3>
    <${Small}
      scheme="light"
      brand=${light}
      ground="#ffffff"
      ink="#16211e"
      ...${{ site, locale, t }}
    />
    <${Small}
      scheme="dark"
      brand=${dark}
      ground="#14191b"
      ink="#e8efec"
      ...${{ site, locale, t }}
    />
  </section>`;
}

/** @param {any} props */
function Small({ scheme, brand, ground, ink, site, locale, t }) {
  const ref = useRef(/** @type {HTMLElement|null} */ (null));
  const on = textOn(brand);
  const [onBrand, asText] = [contrast(brand, on), contrast(brand, ground)];
  useEffect(() => {
    const colours = { brand, on, ground, ink };
    for (const [name, colour] of Object.entries(colours))
      ref.current?.style.setProperty(`--small-${name}`, colour);
  });
  const asked = site.suggestions?.[locale] ?? [];
  return html`
    <div class="settings-small" ref=${ref} data-scheme=${scheme}>
      <p class="small-head">${site.name || "Baton"}</p>
      <p class="small-said">${site.texts?.[locale]?.greeting_title || t("preview_said")}</p>
      <p class="small-own">${asked[0] || t("preview_own")}</p>
    </div>
    <p class="settings-contrast" data-testid=${`settings-contrast-${scheme}`}>
      ${t(`contrast_${scheme}`, { button: rounded(onBrand), text: rounded(asText) })}
      ${asText < ENOUGH && t("contrast_low")}
    </p>
  `;
}

/** @param {any} colour @returns {string|null} */
function valid(colour) {
  return typeof colour === "string" && luminance(colour) !== null ? colour : null;
}

/** @param {number} ratio never rounded up to what it is not */
function rounded(ratio) {
  return (Math.floor(ratio * 10) / 10).toFixed(1);
}
