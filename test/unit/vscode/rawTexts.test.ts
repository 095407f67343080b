import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { ESLint } from "eslint";

/** What shows a text as VS Code takes it, with links and icons in it. */
const raw = [
  "vscode.window.showErrorMessage(text);",
  "vscode.window.showWarningMessage(text, { modal: true });",
  "vscode.window.showInformationMessage(text);",
  "vscode.window.withProgress({ location: 15, title: text }, async () => {});",
  "vscode.window.createQuickPick();",
  "vscode.window.showQuickPick([text]);",
  "vscode.window.createInputBox();",
  "vscode.window.showInputBox({ prompt: text });",
  "vscode.window.createStatusBarItem();",
  "vscode.window.setStatusBarMessage(text);",
  "vscode.window.createOutputChannel(text);",
  "vscode.window.createTreeView(text, { treeDataProvider });",
  "vscode.window.registerTreeDataProvider(text, treeDataProvider);",
  "vscode.window.createWebviewPanel(text, text, 1);",
  "vscode.window.createTerminal(text);",
  "vscode.window.showOpenDialog({ title: text });",
  "vscode.window.registerTerminalLinkProvider(provider);",
  "vscode.window.registerWebviewViewProvider(text, provider);",
  "vscode.languages.createLanguageStatusItem(text, selector);",
  "vscode.tests.createTestController(text, text);",
  "vscode.comments.createCommentController(text, text);",
  "new vscode.TerminalLink(0, 1, text);",
  'vscode.window["showErrorMessage"](text);',
  "const { showErrorMessage } = vscode.window;",
  'import { window } from "vscode";',
  "new vscode.MarkdownString(text);",
  "new vscode.Hover(text);",
  "new vscode.CodeLens(range, { title: text, command: text });",
  "new vscode.Diagnostic(range, text);",
  "new vscode.DiagnosticRelatedInformation(location, text);",
  "new vscode.CodeAction(text);",
  "new vscode.CompletionItem(text);",
  "new vscode.FileDecoration(text, text);",
  "markdown.isTrusted = true;",
  "markdown.supportHtml = true;",
  "const options = { isTrusted: true };",
  "markdown.appendMarkdown(text);",
  "markdown.appendText(text);",
];

describe("raw calls that show texts", function () {
  this.timeout(120_000);
  const eslint = new ESLint();

  /** What the project's own rules say of a text, as if it stood in the file. */
  async function refusals(code: string, filePath: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath });
    return (result?.messages ?? [])
      .filter(({ ruleId }) => ruleId === "no-restricted-syntax")
      .map(({ message }) => message);
  }

  it("are refused by the lint rule, each by itself, outside the kit", async () => {
    for (const code of raw) {
      const found = await refusals(`import * as vscode from "vscode";\n${code}\n`, "src/vscode/builds/showFailure.ts");
      assert.ok(
        found.length > 0 && found.every((message) => message.includes("src/vscode/ui")),
        `not refused: ${code}`,
      );
    }
  });

  it("are refused beside the activation, too, and allowed in the kit", async () => {
    const code = 'import * as vscode from "vscode";\nvoid vscode.window.showErrorMessage("x");\n';
    assert.equal((await refusals(code, "src/extension.ts")).length, 1);
    assert.equal((await refusals(code, "src/vscode/ui/messages.ts")).length, 0);
  });

  it("are allowed where nothing is shown raw", async () => {
    const code =
      'import * as vscode from "vscode";\n' +
      'if (vscode.workspace.isTrusted) void vscode.window.showTextDocument(vscode.Uri.file("x"));\n' +
      'new vscode.TreeItem("x");\n';
    assert.deepEqual(await refusals(code, "src/vscode/builds/showFailure.ts"), []);
  });

  it("are nowhere in the sources but in the kit, nor is the rule switched off there", () => {
    const files = readdirSync("src", { recursive: true, encoding: "utf8" })
      .map((file) => file.replaceAll("\\", "/"))
      // What is generated shows nothing, and switches all rules off.
      .filter((file) => /(?<!\.pb)\.ts$/.test(file) && !file.startsWith("vscode/ui/"));
    assert.ok(files.length > 300);
    const shows = [
      /window\s*\.\s*(show\w+Message|withProgress|\w+QuickPick|\w+InputBox|setStatusBarMessage)/,
      /window\s*\.\s*(createTreeView|createOutputChannel)/,
      /new vscode\.(MarkdownString|Hover|CodeLens|Diagnostic|CodeAction|CompletionItem)\b/,
      /eslint-disable/,
    ];
    assert.deepEqual(
      files.filter((file) => {
        const text = readFileSync(`src/${file}`, "utf8");
        return shows.some((each) => each.test(text));
      }),
      [],
    );
  });

  it("are used by no file of the kit that imports what it serves", () => {
    for (const file of readdirSync("src/vscode/ui")) {
      const imports = [...readFileSync(`src/vscode/ui/${file}`, "utf8").matchAll(/from "(\.[^"]+)"/g)].map(
        ([, path]) => path ?? "",
      );
      assert.deepEqual(
        imports.filter((path) => !path.startsWith("./") && !path.startsWith("../../core/text/")),
        [],
        file,
      );
    }
  });
});
