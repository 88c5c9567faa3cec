// @ts-check
/** The demo shop: fills the page in the language of `?locale=`, then embeds the widget as any shop would. */

import { byId, el } from "../shared/dom.js";
import {
  createTranslate,
  LANGUAGE_NAMES,
  loadMessages,
  LOCALES,
  pickLocale,
} from "../shared/i18n.js";

/** Pictures, names and prices of what the shop sells; names are brands and stay as they are. */
const PRODUCTS = [
  { id: "hub-2", name: "Havelo Hub 2", euros: 129 },
  { id: "hub-mini", name: "Hub Mini", euros: 59 },
  { id: "sense", name: "Havelo Sense", euros: 24 },
  { id: "plug", name: "Havelo Plug", euros: 29 },
  { id: "cam", name: "Havelo Cam", euros: 79 },
];
const PLANS = [
  { id: "free", name: "Free", euros: 0 },
  { id: "plus", name: "Plus", euros: 4.99 },
  { id: "family", name: "Family", euros: 8.99 },
];
const POINTS = [1, 2, 3];

const wanted = new URLSearchParams(location.search).get("locale");
const locale = pickLocale([wanted, ...navigator.languages]);
const t = createTranslate(await loadMessages("demo", locale), locale);

document.documentElement.lang = locale;
document.title = t("page_title");
for (const element of document.querySelectorAll("[data-t]"))
  if (element instanceof HTMLElement) element.textContent = t(element.dataset.t ?? "");
for (const element of document.querySelectorAll("[data-t-label]"))
  if (element instanceof HTMLElement)
    element.setAttribute("aria-label", t(element.dataset.tLabel ?? ""));
for (const image of document.querySelectorAll("img[data-t-alt]"))
  if (image instanceof HTMLImageElement) image.alt = t(image.dataset.tAlt ?? "");
for (const link of document.querySelectorAll("a[data-help]"))
  link.setAttribute("href", `/help/${locale}/`);
for (const link of document.querySelectorAll("a[data-locale-link]"))
  link.setAttribute("href", `/demo?locale=${locale}`);

byId("languages", HTMLElement).append(
  ...LOCALES.map((name) =>
    el("a", {
      href: `/demo?locale=${name}`,
      lang: name,
      text: LANGUAGE_NAMES[name],
      "aria-current": name === locale ? "page" : undefined,
      dataset: { testid: `demo-locale-${name}` },
    }),
  ),
);
byId("product-list", HTMLElement).append(...PRODUCTS.map(product));
byId("plan-list", HTMLElement).append(...PLANS.map(plan));
for (const button of document.querySelectorAll("[data-chat]"))
  button.addEventListener("click", () => /** @type {any} */ (window).Baton?.open());
embedWidget();

/** What a shop pastes into its page, made here because the language is only known now. */
function embedWidget() {
  const script = document.createElement("script");
  script.async = true;
  script.src = "/widget/loader.js";
  Object.assign(script.dataset, {
    locale,
    name: "Havelo",
    suggestions: [t("ask_1"), t("ask_2"), t("ask_3")].join("|"),
  });
  document.body.append(script);
}

/** @param {typeof PRODUCTS[number]} item */
function product({ id, name, euros }) {
  return el(
    "li",
    {},
    el("img", { src: `/demo/img/${id}.svg`, alt: "", width: 320, height: 240 }),
    el("h3", { text: name }),
    el("p", { text: t(`product_${id}`) }),
    el("p", { class: "price", text: price(euros) }),
  );
}

/** @param {typeof PLANS[number]} item */
function plan({ id, name, euros }) {
  return el(
    "li",
    { class: id },
    el("h3", { text: name }),
    el("p", { class: "price" }, price(euros), el("span", { text: t("per_month") })),
    el("ul", {}, ...POINTS.map((point) => el("li", { text: t(`plan_${id}_${point}`) }))),
  );
}

/** @param {number} euros */
function price(euros) {
  const whole = Number.isInteger(euros);
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: "EUR",
    minimumFractionDigits: whole ? 0 : 2,
  }).format(euros);
}
