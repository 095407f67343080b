import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
  };
}

const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const nls = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
const hidden = new Set(
  contributes.menus.commandPalette.filter(({ when }) => when === "false").map(({ command }) => command),
);
const labels = contributes.commands
  .filter(({ command }) => !hidden.has(command))
  .map(({ title, category }) => `${category}: ${nls[title.slice(1, -1)] ?? title}`);

/** What the Command Palette lists: labels with the words in this order, by name as long as none was used. */
function listed(typed: string): string[] {
  const words = typed.toLowerCase().split(" ");
  const hasWords = (label: string): boolean => {
    let at = 0;
    return words.every((word) => {
      const found = label.toLowerCase().indexOf(word, at);
      at = found + word.length;
      return found >= 0;
    });
  };
  return labels.filter(hasWords).sort((a, b) => a.localeCompare(b));
}

describe("the titles of commands in the Command Palette", () => {
  for (const typed of ["Build Image", "Image Builders: Build Image", "Image Builders: Build", "Build and Push"]) {
    it(`list builds of Dockerfiles before those of image specs for "${typed}"`, () => {
      const all = listed(typed);
      const plain = ["Build and Push Image...", "Build Image..."].map((title) =>
        all.indexOf(`Image Builders: ${title}`),
      );
      const specs = all.flatMap((label, at) => (/: Build .*Spec/.test(label) ? [at] : []));
      assert.ok(specs.length > 0 && plain.some((at) => at >= 0), all.join("\n"));
      assert.equal(Math.min(...plain.filter((at) => at >= 0)), 0, all.join("\n"));
      assert.ok(Math.max(...plain) < Math.min(...specs), all.join("\n"));
    });
  }

  it("are told apart by more than punctuation", () => {
    const words = labels.map((label) => label.replace(/[^\w ]/g, "").trim());
    const twice = words.filter((label, i) => words.indexOf(label) !== i);
    assert.deepEqual(twice, []);
  });
});
