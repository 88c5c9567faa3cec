// @ts-check
/** Names of colleagues by their account. */

import { useEffect, useState } from "../../vendor/preact.js";

/** @param {import("../../context.js").SectionContext} context @returns {(id: string) => string} the id itself while it is not known */
export function useNames({ directory }) {
  const [known, setKnown] = useState(/** @type {Map<string, string>} */ (new Map()));
  useEffect(() => {
    directory().then(
      ({ agents }) => setKnown(new Map(agents.map(({ agent_id, name }) => [agent_id, name]))),
      () => {}, // without it ids are shown
    );
  }, []);
  return (id) => known.get(id) ?? id;
}
