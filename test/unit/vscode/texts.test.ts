import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

/** Every literal that `vscode.l10n.t` is called with below src; a call with anything else fails the test. */
function visibleTexts(): string[] {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.flatMap((file) => {
    const texts: string[] = [];
    const source = ts.createSourceFile(file, readFileSync(`src/${file}`, "utf8"), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText(source) === "vscode.l10n.t") {
        const [text] = node.arguments;
        assert.ok(text && ts.isStringLiteralLike(text), `${file}: ${node.getText(source)} has no literal text`);
        texts.push(text.text);
      }
      node.forEachChild(visit);
    };
    visit(source);
    return texts;
  });
}

describe("visible texts", () => {
  const bundle = JSON.parse(readFileSync("l10n/bundle.l10n.json", "utf8")) as Record<string, string>;

  it("are in the bundle that translators start from, and no others", () => {
    assert.deepEqual(Object.keys(bundle).sort(), [...new Set(visibleTexts())].sort());
  });

  it("stand in it as they are in the code", () => {
    for (const [key, text] of Object.entries(bundle)) assert.equal(text, key);
  });
});
