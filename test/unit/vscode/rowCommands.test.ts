import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { rowCommands } from "../../../src/vscode/ui/rowCommand";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly enablement?: string }[] };
}

describe("the commands that a click on a row runs", () => {
  it("have no enablement, since VS Code ignores the click without a message while it is false", () => {
    const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
    const enablements = new Map(manifest.contributes.commands.map(({ command, enablement }) => [command, enablement]));
    for (const name of rowCommands) {
      const id = `imageBuilders.${name}`;
      assert.ok(enablements.has(id), id);
      assert.equal(enablements.get(id), undefined, id);
    }
  });

  it("are given to rows by rowCommand alone, so that the list above is complete", () => {
    const folder = "src/vscode";
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const others = files.filter((file) =>
      /\bitem\.command = \{\s*command: [`"']imageBuilders\b/.test(readFileSync(`${folder}/${file}`, "utf8")),
    );
    assert.deepEqual(others, []);
  });
});
