import tseslint from "typescript-eslint";

const nothingFromVscode = {
  paths: [{ name: "vscode", message: "The core runs in plain Node: hand it data instead." }],
  patterns: [{ group: ["**/vscode/**"], message: "Data flows from src/vscode into src/core, never back." }],
};
const dockerode = { name: "dockerode", message: "Only src/core/engine loads dockerode.", allowTypeImports: true };

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", ".cache/"] },
  ...tseslint.configs.recommended,
  {
    files: ["src/**/*.ts", "test/**/*.ts", "bench/**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
    },
  },
  {
    files: ["src/core/**/*.ts"],
    // The last three read what a person has typed, or a file of theirs.
    ignores: ["src/core/border/**", "src/core/flavors/configForm.ts", "src/core/flavors/checkConfiguration.ts", "src/core/dockerfile/copySources.ts"],
    rules: {
      "no-restricted-properties": ["error", { object: "JSON", property: "parse", message: "Read foreign JSON by core/border/readAnswer or parseJson, which bound it." }],
      "no-restricted-syntax": ["error", { selector: "ImportDeclaration[source.value='node:stream/consumers']", message: "Read foreign bodies by core/border/readBody, which bounds them." }],
    },
  },
  { files: ["samples/**/*.js"], languageOptions: { sourceType: "commonjs" }, rules: { "@typescript-eslint/no-require-imports": "off" } },
  // A later block replaces an earlier one, so each set of files has one block with all its guards.
  { files: ["src/core/**/*.ts"], rules: { "@typescript-eslint/no-restricted-imports": ["error", { ...nothingFromVscode, paths: [...nothingFromVscode.paths, dockerode] }] } },
  { files: ["src/core/engine/**/*.ts"], rules: { "@typescript-eslint/no-restricted-imports": ["error", nothingFromVscode] } },
  { files: ["src/vscode/**/*.ts", "src/*.ts"], rules: { "@typescript-eslint/no-restricted-imports": ["error", { paths: [dockerode] }] } },
);
