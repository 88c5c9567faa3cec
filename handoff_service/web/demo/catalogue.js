// @ts-check
/** What the demo shop sells, and how its pages show it. */

import { el } from "../shared/dom.js";
import { locale, to } from "./words.js";

/** @typedef {import("../shared/i18n.js").Translate} Translate */
/** @typedef {{id: string, name: string, euros: number}} Product */

/** Names are brands and stay as they are in every language. @type {Product[]} */
export const PRODUCTS = [
  { id: "hub-2", name: "Havelo Hub 2", euros: 129 },
  { id: "hub-mini", name: "Hub Mini", euros: 59 },
  { id: "sense", name: "Havelo Sense", euros: 24 },
  { id: "plug", name: "Havelo Plug", euros: 29 },
  { id: "cam", name: "Havelo Cam", euros: 79 },
];
export const PLANS = [
  { id: "free", name: "Free", euros: 0 },
  { id: "plus", name: "Plus", euros: 4.99 },
  { id: "family", name: "Family", euros: 8.99 },
];
const POINTS = [1, 2, 3];
/** What holds for every product, as the articles have it. */
const PROMISES = ["promise_delivery", "promise_return", "promise_warranty"];

/** @param {number} euros */
export function price(euros) {
  const whole = Number.isInteger(euros);
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: "EUR",
    minimumFractionDigits: whole ? 0 : 2,
  }).format(euros);
}

/** @param {Product} product @param {Translate} t */
export function card({ id, name, euros }, t) {
  return el(
    "li",
    {},
    picture(id),
    el("h3", {}, el("a", { href: to(`/demo/product/${id}`), text: name })),
    el("p", { text: t(`product_${id}`) }),
    el("p", { class: "price", text: price(euros) }),
  );
}

/** @param {typeof PLANS[number]} plan @param {Translate} t */
export function planCard({ id, name, euros }, t) {
  return el(
    "li",
    { class: id },
    el("h3", { text: name }),
    el("p", { class: "price" }, price(euros), el("span", { text: t("per_month") })),
    el("ul", {}, ...POINTS.map((point) => el("li", { text: t(`plan_${id}_${point}`) }))),
  );
}

/**
 * The page of one product.
 * @param {Product} product
 * @param {Translate} t
 * @param {{add: (product: Product) => void, ask: () => void}} actions
 */
export function details(product, t, { add, ask }) {
  const { id, name, euros } = product;
  const added = el("p", { class: "added", role: "status" });
  const button = el("button", {
    type: "button",
    class: "button",
    text: t("add_to_cart"),
    dataset: { testid: "demo-add" },
    on: {
      click: () => {
        add(product);
        added.textContent = t("added", { name });
      },
    },
  });
  const question = el("button", {
    type: "button",
    class: "button quiet",
    text: t("ask_about"),
    on: { click: ask },
  });
  return [
    picture(id),
    el(
      "div",
      {},
      el("p", {}, el("a", { href: to("/demo#products"), text: t("all_products") })),
      el("h1", { text: name }),
      el("p", { text: t(`product_${id}`) }),
      el("p", { class: "price", text: price(euros) }),
      el("p", { class: "actions" }, button, question),
      added,
      el("ul", { class: "promises" }, ...PROMISES.map((key) => el("li", { text: t(key) }))),
    ),
  ];
}

/** @param {string} id */
function picture(id) {
  return el("img", { src: `/demo/img/${id}.svg`, alt: "", width: 320, height: 240 });
}
