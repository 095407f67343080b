import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

describe("a command of ours that a button or a link calls", () => {
  const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const known = new Set([
    ...contributes.commands.map(({ command }) => command),
    ...Object.values(contributes.views)
      .flat()
      .map(({ id }) => `${id}.focus`),
  ]);
  const called = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      Array.from(
        readFileSync(`src/${file}`, "utf8").matchAll(/executeCommand(?:<[^>]*>)?\(\s*"(imageBuilders\.[\w.]+)"/g),
        ([, id = ""]) => ({ where: file, id }),
      ),
    );
  const linked = Array.from(
    readFileSync("package.nls.json", "utf8").matchAll(/command:(imageBuilders\.[\w.]+)/g),
    ([, id = ""]) => ({ where: "package.nls.json", id }),
  );

  it("exists", () => {
    assert.ok(called.length >= 8 && linked.length >= 5, "the calls are found");
    assert.deepEqual(
      [...called, ...linked].filter(({ id }) => !known.has(id)),
      [],
    );
  });
});
