// ESLint rules of the front end: the recommended set, and no way to write markup from text.
import js from "@eslint/js";
import globals from "globals";

const HTML_SINK = "Set people's text with textContent; markup from text is how scripts get in.";

export default [
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
    languageOptions: { sourceType: "script" },
  },
  {
    files: ["tests/web/**", "eslint.config.js"],
    languageOptions: { globals: globals.node },
  },
];
