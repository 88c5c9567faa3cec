// ESLint rules of the front end: the recommended set, and no way to write markup from text.
import js from "@eslint/js";
import globals from "globals";

const HTML_SINK = "Set people's text with textContent; markup from text is how scripts get in.";

export default [
  { ignores: ["handoff_service/web/console/vendor/*/"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "prefer-const": "error",
      "no-var": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: HTML_SINK },
        { property: "outerHTML", message: HTML_SINK },
        { property: "insertAdjacentHTML", message: HTML_SINK },
      ],
    },
  },
  {
    files: ["handoff_service/web/widget/loader.js"],
    // The server wraps the loader in a function with this parameter.
    languageOptions: { globals: { SITE: "readonly" } },
  },
  {
    files: ["tests/web/**", "scripts/**", "eslint.config.js"],
    languageOptions: { globals: globals.node },
  },
];
