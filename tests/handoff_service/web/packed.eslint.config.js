// A script that the minifier has put into a wrong order fails only when it runs: find it before.
export default [
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    rules: {
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-undef": "off",
    },
  },
];
