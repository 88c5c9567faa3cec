// @ts-check
/** What a room reads from the server: now, and again when something of it has changed. */

import { useEffect, useRef, useState } from "../../vendor/preact.js";

/** News in one go are read once, after so many ms. */
const SETTLE_MS = 300;

/**
 * @template T
 * @param {import("./index.js").Given} given
 * @param {string} path
 * @returns {{answer: T|null, problem: string, read: () => Promise<void>, put: (answer: T) => void}}
 */
export function useReading({ context, explain }, path) {
  const [answer, setAnswer] = useState(/** @type {T|null} */ (null));
  const [problem, setProblem] = useState("");
  const wanted = useRef(path);
  wanted.current = path;

  async function read() {
    try {
      const found = await context.api.get(path);
      if (wanted.current !== path) return;
      setAnswer(found);
      setProblem("");
    } catch (refusal) {
      if (wanted.current === path) setProblem(explain(refusal));
    }
  }

  useEffect(() => {
    let timer = 0;
    const stop = context.live.watch("learning", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => void read(), SETTLE_MS);
    });
    void read();
    return () => {
      wanted.current = "";
      clearTimeout(timer);
      stop();
    };
  }, [path]);

  return { answer, problem, read, put: setAnswer };
}
