// What a visit in Chromium notes of itself, in the page and in the frame: run before any script of theirs.
(() => {
  const at = (mark) => ((window.batonMarks ??= {})[mark] ??= performance.timeOrigin + performance.now());
  const painted = (mark) => requestAnimationFrame(() => requestAnimationFrame(() => at(mark)));
  window.batonTasks = [];
  if (window === window.top) {
    new PerformanceObserver((list) => {
      const [first] = list.getEntriesByName("first-contentful-paint");
      if (first) (window.batonMarks ??= {}).paint = performance.timeOrigin + first.startTime;
    }).observe({ type: "paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        window.batonTasks.push([performance.timeOrigin + startTime, duration]);
    }).observe({ type: "longtask", buffered: true });
  }
  const waits = {
    button: () => document.querySelector("[data-baton]")?.shadowRoot?.querySelector("button"),
    greeting: () => document.querySelector("#greeting:not([hidden]) h2:not(:empty)"),
    online: () => document.body?.dataset.connection === "online",
  };
  const look = () => {
    for (const [mark, seen] of Object.entries(waits))
      if (seen()) {
        delete waits[mark];
        painted(mark);
      }
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  });
  addEventListener("pointerover", (event) => event.target.matches?.("[data-baton]") && at("intent"), true);
  addEventListener("load", () => at("load"));
})();
