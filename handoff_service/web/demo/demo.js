// @ts-check
/** The demo shop: shows what its address says, in the language it says, and embeds the widget as any shop would. */

import { byId, setText } from "../shared/dom.js";
import { cartPage, items, put } from "./cart.js";
import { card, details, planCard, PLANS, PRODUCTS } from "./catalogue.js";
import { embedWidget } from "./embedding.js";
import { identityOf, showAccount, stayKnown, who } from "./people.js";
import { locale, speak } from "./words.js";

const t = await speak("demo");
const [, kind, id] = location.pathname.split("/").slice(1);

if (kind === "product") showProduct();
else if (kind === "cart") showCart();
else showHome();
countCart();
for (const button of document.querySelectorAll("[data-chat]"))
  button.addEventListener("click", openChat);
embedWidget({ locale }, "havelo", await identityOf(who()));
stayKnown();
await showAccount(byId("account", HTMLElement), t);

function showHome() {
  byId("product-list", HTMLElement).append(...PRODUCTS.map((product) => card(product, t)));
  byId("plan-list", HTMLElement).append(...PLANS.map((plan) => planCard(plan, t)));
  byId("home", HTMLElement).hidden = false;
  // The part that the address names was not there yet when the page was loaded.
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

function showProduct() {
  const product = PRODUCTS.find((one) => one.id === id);
  if (!product) return showHome();
  document.title = `${product.name} · Havelo`;
  const region = byId("product", HTMLElement);
  const add = () => {
    put(product, 1);
    countCart();
  };
  region.append(...details(product, t, { add, ask: openChat }));
  region.hidden = false;
}

function showCart() {
  document.title = `${t("nav_cart")} · Havelo`;
  const region = byId("cart", HTMLElement);
  const changed = () => {
    region.replaceChildren(...cartPage(t, changed));
    countCart();
    region.querySelector("h1")?.focus();
  };
  region.append(...cartPage(t, changed));
  region.hidden = false;
}

function countCart() {
  const number = byId("cart-count", HTMLElement);
  const count = items().reduce((sum, item) => sum + item.count, 0);
  setText(number, String(count));
  number.hidden = !count;
}

function openChat() {
  /** @type {any} */ (window).Baton?.open();
}
