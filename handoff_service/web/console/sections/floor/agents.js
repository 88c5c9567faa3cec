// @ts-check
/** Those who are there: since when, how much they hold, and each conversation with who waits in it. */

import { ANSWER_WITHIN_MS, urgencyOf } from "../../urgency.js";
import { durationText, languageText, topicText } from "../../wording.js";
import { html } from "../../vendor/preact.js";
import { Menu } from "./menu.js";

/** @typedef {import("./page.js").View} View */
/** @typedef {import("./feed.js").AgentRow} Agent */
/** @typedef {import("./feed.js").Talk} Talk */

/** @param {View & {rows: Agent[], more: number}} props */
export function Agents({ rows, more, ...view }) {
  const { t } = view;
  return html`<section data-testid="agents">
    <h2>${t("agents_title", { count: rows.length + more })}</h2>
    ${
      rows.length === 0
        ? html`<p class="none">${t("nobody_there")}</p>`
        : html`<table>
            <thead>
              <tr>
                <th scope="col">${t("agent")}</th>
                <th scope="col" class="number">${t("load")}</th>
                <th scope="col">${t("talks")}</th>
                <th scope="col"><span class="sr">${t("acts")}</span></th>
              </tr>
            </thead>
            <tbody>
              ${rows.map((agent) => html`<${Line} key=${agent.agent_id} agent=${agent} ...${view} />`)}
            </tbody>
          </table>`
    }
    ${more > 0 && html`<p class="none">${t("more_agents", { count: more })}</p>`}
  </section>`;
}

/** @param {View & {agent: Agent}} props */
function Line({ agent, ...view }) {
  const { now, acts, words, t } = view;
  const { agent_id: id, name, presence, load, capacity } = agent;
  const why = t(`reason_${agent.reason}`);
  const about = [...agent.teams, ...agent.languages.map((code) => languageText(code, words))];
  return html`<tr data-testid=${`agent-${id}`} class=${presence}>
    <th scope="row">
      <span class=${`dot ${presence}`}></span><span dir="auto">${name}</span>
      <span class="excerpt">
        ${words(`presence_${presence}`)}${agent.since_ms > 0 && ` ${durationText(now - agent.since_ms)}`}
        ${presence !== "online" && why !== `reason_${agent.reason}` && ` · ${why}`}
      </span>
      <span class="excerpt wide" dir="auto">${about.join(" · ")}</span>
    </th>
    <td class="number">
      ${load}/${capacity}
      <meter
        min="0"
        max=${Math.max(capacity, load, 1)}
        value=${load}
        aria-label=${t("load")}
      ></meter>
      ${
        capacity !== agent.usual_capacity &&
        html`<span class="excerpt">${t("usually", { count: agent.usual_capacity })}</span>`
      }
    </td>
    <td>
      <ul class="talks">
        ${agent.talks.map((talk) => html`<${Held} key=${talk.conversation_id} talk=${talk} ...${view} />`)}
      </ul>
    </td>
    <td>
      <${Menu}
        id=${id}
        label=${t("acts_for", { name })}
        items=${[
          { label: t("capacity_act"), run: () => acts.capacity(agent) },
          ...(presence === "online"
            ? [{ label: t("force_away"), run: () => acts.force(agent, "away") }]
            : []),
          ...(presence === "offline"
            ? []
            : [{ label: t("force_offline"), run: () => acts.force(agent, "offline") }]),
        ]}
      />
    </td>
  </tr>`;
}

/** @param {View & {talk: Talk}} props */
function Held({ talk, now, selected, select, acts, words, t }) {
  const { conversation_id: id, since_ms, unanswered_ms, state } = talk;
  const name = talk.customer || topicText(talk.topic, words);
  const waits = unanswered_ms === null ? 0 : now - unanswered_ms;
  const urgency = unanswered_ms === null ? "" : urgencyOf(waits, ANSWER_WITHIN_MS);
  return html`<li
    data-testid=${`talk-${id}`}
    data-selected=${selected === id ? "" : undefined}
    tabindex=${selected === id ? 0 : -1}
    onFocus=${() => select(id)}
  >
    <a href=${`#/conversation/${encodeURIComponent(id)}`} dir="auto">${name}</a>
    <span class="excerpt">
      ${t(`talk_${state}`)} ${since_ms !== null && durationText(now - since_ms)}
      ${
        unanswered_ms !== null &&
        html` ·
          <span class=${`owed ${urgency}`}>${t("unanswered", { time: durationText(waits) })}</span>`
      }
    </span>
    <${Menu}
      id=${id}
      label=${t("acts_for", { name })}
      items=${[
        { label: t("open"), key: "o", run: () => acts.open(talk) },
        ...(state === "assigned"
          ? [{ label: t("whisper"), key: "w", run: () => acts.whisper(talk) }]
          : []),
        ...(state === "wrap_up"
          ? []
          : [
              { label: t("take_over"), key: "t", run: () => acts.takeOver(talk) },
              { label: t("move"), key: "m", run: () => acts.move(talk) },
            ]),
      ]}
    />
  </li>`;
}
