/* What JavaScript must keep to: ESLint's own recommendation, and a few rules more. */
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: "script", globals: { ...globals.browser, pageConsole: "readonly" } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-shadow": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", { varsIgnorePattern: "^_", argsIgnorePattern: "^_" }],
      strict: ["error", "global"],
    },
  },
  {
    // What runs in Node.js.
    files: ["book/console/{bridge,stage.test}.js", "tests/**/*.js"],
    languageOptions: { sourceType: "commonjs", globals: { ...globals.node, pageConsole: "readonly" } },
  },
  {
    // Sphinx reads and writes these.
    files: ["book/site/static/{scorer,found}.js"],
    languageOptions: { globals: { SEARCHED: "readonly", Stemmer: "readonly" } },
    rules: { "no-var": "off", "no-unused-vars": "off" },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: { sourceType: "module", globals: globals.node },
    rules: { strict: "off" },
  },
];
