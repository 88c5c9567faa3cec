// @ts-check
/** The page inside the configuration page: any site's, with the widget as it is being set up. */

import { embedWidget } from "./embedding.js";
import { identityOf } from "./people.js";
import { readPreview } from "./previewed.js";

const { site, locale, who, theme } = readPreview();
document.documentElement.lang = locale;
if (theme !== "system") document.documentElement.dataset.theme = theme;
sessionStorage.setItem("baton.open", "1"); // It opens by itself, and does not take the focus.
if (site) embedWidget({ locale }, site, await identityOf(who));
