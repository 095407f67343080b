import tseslint from "typescript-eslint";

const nothingFromVscode = {
  paths: [{ name: "vscode", message: "The core runs in plain Node: hand it data instead." }],
  patterns: [{ group: ["**/vscode/**"], message: "Data flows from src/vscode into src/core, never back." }],
};
const dockerode = { name: "dockerode", message: "Only src/core/engine loads dockerode.", allowTypeImports: true };
const programs = ["node:child_process", "child_process"].map((name) => ({
  name,
  message: "Start programs by src/core/process: they must not outlive us.",
  allowTypeImports: true,
}));

const useKit =
  "VS Code makes links, buttons and icons of what is in this text: use src/vscode/ui, which takes them out.";
/** What shows texts, by a call on `vscode.window`. */
const shows =
  "/^(show(Information|Warning|Error)Message|with(Progress|ScmProgress)|(create|show)(QuickPick|InputBox)|" +
  "createStatusBarItem|setStatusBarMessage|createOutputChannel|createTreeView|registerTreeDataProvider|" +
  "createWebviewPanel|show(Open|Save)Dialog|showWorkspaceFolderPick|createTerminal|registerTerminalLinkProvider|" +
  "registerWebviewViewProvider|registerCustomEditorProvider|createLanguageStatusItem|createTestController|" +
  "createCommentController|createChatParticipant)$/";
/** What shows texts, by its making. */
const makes =
  "/^(MarkdownString|Hover|CodeLens|Diagnostic|DiagnosticRelatedInformation|CodeAction|CompletionItem|" +
  "FileDecoration|InlayHint|InlayHintLabelPart|DocumentLink|SignatureInformation|ParameterInformation|" +
  "TerminalLink|Task|CustomExecution)$/";
const trusts = "/^(isTrusted|supportHtml|supportThemeIcons)$/";
const noRawTexts = [
  `MemberExpression[property.name=${shows}]`,
  `MemberExpression[computed=true][property.value=${shows}]`,
  `ObjectPattern > Property[key.name=${shows}]`,
  `NewExpression[callee.property.name=${makes}]`,
  `NewExpression[callee.name=${makes}]`,
  `AssignmentExpression[left.property.name=${trusts}]`,
  `ObjectExpression > Property[key.name=${trusts}]`,
  "MemberExpression[property.name=/^append(Markdown|Text|Codeblock)$/]",
  "ImportDeclaration[importKind='value'][source.value='vscode'] " +
    "ImportSpecifier[importKind='value'][imported.name='window']",
].map((selector) => ({ selector, message: useKit }));

/** The only files that call what shows a text. */
const kit = [
  "editor",
  "fileDialog",
  "inputBox",
  "markdown",
  "messages",
  "output",
  "progress",
  "quickInputButton",
  "quickPick",
  "statusBar",
  "taskTerminal",
  "terminal",
  "toolResult",
  "treeView",
  "webviewPanel",
].map((name) => `src/vscode/ui/${name}.ts`);

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", ".cache/", "**/*.pb.ts"] },
  ...tseslint.configs.recommended,
  // Prettier breaks code at this width, but no texts, regular expressions and comments.
  { rules: { "max-len": ["error", { code: 120 }] } },
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
    // The last one reads what a person has typed.
    ignores: ["src/core/border/**", "src/core/config/configForm.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "JSON",
          property: "parse",
          message: "Read foreign JSON by core/border/readAnswer or parseJson, which bound it.",
        },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ImportDeclaration[source.value='node:stream/consumers']",
          message: "Read foreign bodies by core/border/readBody, which bounds them.",
        },
      ],
    },
  },
  {
    files: ["samples/**/*.js", "test/support/pythonExtension/*.js"],
    languageOptions: { sourceType: "commonjs" },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  // A later block replaces an earlier one, so each set of files has one block with all its guards.
  {
    files: ["src/core/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { ...nothingFromVscode, paths: [...nothingFromVscode.paths, dockerode, ...programs] },
      ],
    },
  },
  {
    files: ["src/core/engine/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { ...nothingFromVscode, paths: [...nothingFromVscode.paths, ...programs] },
      ],
    },
  },
  {
    files: ["src/core/process/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { ...nothingFromVscode, paths: [...nothingFromVscode.paths, dockerode] },
      ],
    },
  },
  {
    files: ["src/vscode/**/*.ts", "src/*.ts"],
    ignores: kit,
    rules: { "no-restricted-syntax": ["error", ...noRawTexts] },
  },
  {
    files: ["src/cli/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { ...nothingFromVscode, paths: [...nothingFromVscode.paths, dockerode, ...programs] },
      ],
    },
  },
  {
    files: ["src/vscode/**/*.ts", "src/*.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { paths: [dockerode, ...programs] }] },
  },
);
