// @ts-check
/** The demo shop's cart: kept in this browser, told to Baton whenever it changes. */

import { el } from "../shared/dom.js";
import { price, PRODUCTS } from "./catalogue.js";
import { tell } from "./people.js";
import { to } from "./words.js";

/** @typedef {import("./catalogue.js").Product} Product */

const KEPT = "havelo.cart";
/** Standard delivery, and the value from which it is free, in euros. */
const DELIVERY = 4.9;
const FREE_FROM = 50;

/** How many of each product, by id. @returns {Record<string, number>} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

/** What lies in the cart. @returns {{product: Product, count: number}[]} */
export function items() {
  const counts = read();
  return PRODUCTS.flatMap((product) => {
    const count = counts[product.id] ?? 0;
    return count > 0 ? [{ product, count }] : [];
  });
}

/** @param {Product} product @param {number} by how many more, or fewer */
export function put({ id }, by) {
  const counts = read();
  counts[id] = Math.max(0, (counts[id] ?? 0) + by);
  localStorage.setItem(KEPT, JSON.stringify(counts));
  const all = items();
  tell("track", "cart", {
    product: id,
    value: worth(all),
    items: all.reduce((sum, { count }) => sum + count, 0),
  });
}

/** @param {{product: Product, count: number}[]} all */
function worth(all) {
  return all.reduce((sum, { product, count }) => sum + product.euros * count, 0);
}

/**
 * The page of the cart.
 * @param {import("../shared/i18n.js").Translate} t
 * @param {() => void} changed
 */
export function cartPage(t, changed) {
  const all = items();
  const title = el("h1", { tabindex: -1, text: t("nav_cart") });
  if (!all.length)
    return [
      title,
      el("p", { text: t("cart_empty"), dataset: { testid: "demo-cart-empty" } }),
      el("p", {}, el("a", { class: "button", href: to("/demo#products"), text: t("hero_shop") })),
    ];
  const value = worth(all);
  const delivery = value < FREE_FROM ? DELIVERY : 0;
  const said = el("p", { class: "added", role: "status" });
  const pay = () => {
    tell("track", "checkout", { value: value + delivery });
    said.textContent = t("cart_pretend");
  };
  return [
    title,
    el("ul", { class: "lines" }, ...all.map((line) => row(line, t, changed))),
    el(
      "dl",
      { class: "sums" },
      ...sum(t("cart_delivery"), delivery),
      ...sum(t("cart_total"), value + delivery),
    ),
    el(
      "p",
      { class: "actions" },
      el("button", {
        type: "button",
        class: "button",
        text: t("cart_pay"),
        dataset: { testid: "demo-checkout" },
        on: { click: pay },
      }),
    ),
    said,
  ];
}

/** @param {{product: Product, count: number}} line @param {import("../shared/i18n.js").Translate} t
 * @param {() => void} changed */
function row({ product, count }, t, changed) {
  const remove = () => {
    put(product, -count);
    changed();
  };
  return el(
    "li",
    {},
    el("img", { src: `/demo/img/${product.id}.svg`, alt: "", width: 96, height: 72 }),
    el("a", { href: to(`/demo/product/${product.id}`), text: product.name }),
    el("span", { text: `× ${count}` }),
    el("span", { class: "price", text: price(product.euros * count) }),
    el("button", {
      type: "button",
      class: "plain",
      text: t("cart_remove"),
      "aria-label": t("cart_remove_one", { name: product.name }),
      on: { click: remove },
    }),
  );
}

/** @param {string} name @param {number} euros */
function sum(name, euros) {
  return [el("dt", { text: name }), el("dd", { text: price(euros) })];
}
