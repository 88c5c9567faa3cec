// @ts-check
/** What the icons of the frame are drawn with, on a grid of 24 × 24. */

export const NAV_ICONS = /** @type {Record<string, string>} */ ({
  desk: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
  inbox: "M4 13 6 5h12l2 8v6H4zM4 13h5l1.5 3h3L15 13h5",
  floor: "M4 20v-7h4v7M10 20V8h4v12M16 20V4h4v16",
  reports: "M4 4v16h16M8 15l4-5 3 3 5-7",
  team: "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3 20c0-4 3-6 6-6s6 2 6 6M16 11a3 3 0 0 0 0-6M18 14c2 .7 3 2.7 3 6",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  learning: "M12 6c-2-1.5-5-2-8-2v14c3 0 6 .5 8 2 2-1.5 5-2 8-2V4c-3 0-6 .5-8 2M12 6v14",
  me: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c0-5 4-7 8-7s8 2 8 7",
});
export const SEARCH = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l5 5";
export const THEME_ICONS = {
  system: "M3 5h18v11H3zM8 20h8M12 16v4",
  light:
    "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
  dark: "M20 14a8 8 0 1 1-9-10 7 7 0 0 0 9 10",
};
export const SOUND_ON = "M5 9v6h4l5 4V5L9 9H5ZM17 9a4 4 0 0 1 0 6";
export const SOUND_OFF = "M5 9v6h4l5 4V5L9 9H5ZM17 9.5l5 5M22 9.5l-5 5";
export const KEYS = "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8";
export const NOTICES = "M3 10v4h3l8 4V6l-8 4H3ZM18 9a4 4 0 0 1 0 6M7 14l1 6h3l-1-4.5";
export const LEAVE = "M10 4H5v16h5M14 8l4 4-4 4M18 12H9";
export const BELL = "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4";
