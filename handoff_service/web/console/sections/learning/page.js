// @ts-check
/** The rooms' names with what waits in each, and the one that is open. */

import { hashOf } from "../../router.js";
import { loadStyle } from "../../style.js";
import { html, useEffect, useState } from "../../vendor/preact.js";
import { useJobs } from "./jobs.js";
import { useReading } from "./reading.js";
import { ROOMS } from "./rooms.js";
import { number } from "./words.js";

/** @param {{room: import("./rooms.js").Room, given: import("./index.js").Given}} props */
export function Page({ room, given }) {
  const { t, context, explain } = given;
  const jobs = useJobs(given);
  const { answer: summary } = useReading(given, "/api/learning/summary");
  const [opened, setOpened] = useState(/** @type {{name: string, Room: any}|null} */ (null));
  const [failed, setFailed] = useState("");

  useEffect(() => {
    let gone = false;
    setFailed("");
    Promise.all([room.load(), loadStyle(styleOf(room.name))]).then(
      ([{ Room }]) => !gone && setOpened({ name: room.name, Room }),
      (problem) => !gone && setFailed(explain(problem)),
    );
    return () => {
      gone = true;
    };
  }, [room]);

  return html`<div class="learning" data-testid="learning" data-room=${room.name}>
    <header class="learning-head">
      <h1 tabindex="-1">${t("nav_learning")}</h1>
      <nav aria-label=${t("rooms")}>
        <ul>
          ${ROOMS.map(({ name, count }) => {
            const waits = summary && count ? count(summary) : 0;
            return html`<li key=${name}>
              <a
                href=${hashOf("learning", name)}
                aria-current=${name === room.name ? "page" : undefined}
                data-testid=${`learning-room-${name}`}
                >${t(`room_${name}`)}${
                  waits
                    ? html` <span class="learning-count">${number(waits, context.locale)}</span>`
                    : null
                }</a
              >
            </li>`;
          })}
        </ul>
      </nav>
    </header>
    ${failed && html`<p class="error" role="alert">${failed}</p>`}
    ${
      opened?.name === room.name
        ? html`<${opened.Room} key=${room.name} ...${given} jobs=${jobs} />`
        : !failed && html`<p class="learning-empty" aria-busy="true">${t("loading")}</p>`
    }
  </div>`;
}

/** @param {string} room @returns {string} */
function styleOf(room) {
  return `/console/sections/learning/${room}/${room}.css`;
}
