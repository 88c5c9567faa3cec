// @ts-check
/** Every number of the time, with its change, its definition and how many cases it is made of. */

import { html } from "../../vendor/preact.js";
import { changeOf, changeText, figureText } from "./figures.js";
import { ROOMS } from "./rooms.js";
import { writeQuery } from "./query.js";
import { partText, rangeText } from "./words.js";

/**
 * @typedef {import("./dashboard.js").Props & {now: import("./numbers.js").Values,
 *   before: import("./numbers.js").Values|undefined}} Props
 */

/** @param {Props} props */
export function Cards(props) {
  const { t, definitions } = props;
  const placed = new Set(Object.values(ROOMS).flatMap((room) => Object.entries(room).flat(2)));
  const rest = definitions.filter(({ id }) => !placed.has(id)).map(({ id }) => [id, []]);
  const rooms = { ...ROOMS, ...(rest.length ? { other: Object.fromEntries(rest) } : {}) };
  return html`<div data-testid="report-cards">
    ${Object.entries(rooms).map(
      ([name, cards]) =>
        html`<section key=${name} class="room" aria-labelledby=${`room-${name}`}>
          <h2 id=${`room-${name}`}>${t(`room_${name}`)}</h2>
          <div class="cards">
            ${Object.entries(cards).map(
              ([id, beside]) => html`<${Card} key=${id} ...${props} id=${id} beside=${beside} />`,
            )}
          </div>
        </section>`,
    )}
  </div>`;
}

/** @param {Props & {id: string, beside: string[]}} props */
function Card({ context, t, definitions, query, change, now, before, id, beside }) {
  const definition = definitions.find((each) => each.id === id);
  const figure = now[id];
  if (!definition || !figure) return null;
  const { locale } = context;
  const chosen = query.metric === id;
  const changed = changeOf(figure, before?.[id], definition);
  const others = definitions.filter((each) => beside.includes(each.id));
  return html`<article
    class="card"
    data-testid="report-card"
    data-metric=${id}
    data-chosen=${chosen}
  >
    <h3>
      <button
        type="button"
        class="card-title"
        aria-pressed=${chosen}
        onClick=${() => change({ metric: id })}
      >
        ${t(definition.title_key)}
      </button>
    </h3>
    <p class="figure" data-testid="report-figure">
      ${figureText(figure.value, definition.unit, locale)}
      ${
        changed &&
        html`<span class="change" data-tone=${changed.tone}>
          <span class="sr">${t(`change_${changed.tone}`)}</span>
          ${changeText(changed.share, definition.unit, locale, t)}
        </span>`
      }
    </p>
    <${Parts} ...${{ context, t, query, id, figure }} />
    ${
      others.length > 0 &&
      html`<dl class="parts">
        ${others.map(
          (each) => html`
            <dt>
              <button type="button" class="link" onClick=${() => change({ metric: each.id })}>
                ${t(each.title_key)}
              </button>
            </dt>
            <dd>${figureText(now[each.id]?.value, each.unit, locale)}</dd>
          `,
        )}
      </dl>`
    }
    <p class="cases">
      <a href=${writeQuery({ ...query, drill: id, key: null })} data-testid="report-drill">
        ${t("cases", { count: figure.count })}
      </a>
      ${rangeText(figure, definition, locale, t)}
    </p>
    <details>
      <summary>${t("definition")}</summary>
      ${[definition, ...others].map((each) => html`<p key=${each.id}>${t(each.text_key)}</p>`)}
    </details>
  </article>`;
}

/**
 * What a number is made of, each a way to its conversations.
 * @param {{context: import("../../context.js").SectionContext, t: import("../../../shared/i18n.js").Translate, query: import("./query.js").Query,
 *   id: string, figure: import("./figures.js").Figure}} props
 */
function Parts({ context, t, query, id, figure }) {
  const { locale } = context;
  const parts = Object.entries(figure.parts ?? {});
  if (parts.length === 0 || figure.count === 0) return null;
  return html`<dl class="parts" data-testid="report-parts">
    ${parts.map(
      ([name, count]) => html`
        <dt>${partText(name, context, t)}</dt>
        <dd>
          <a href=${writeQuery({ ...query, drill: `${id}/${name}`, key: null })}>
            ${new Intl.NumberFormat(locale).format(count)}
          </a>
          <span class="share">${figureText(count / figure.count, "ratio", locale)}</span>
        </dd>
      `,
    )}
  </dl>`;
}
