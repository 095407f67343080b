import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** The modules of the core that the VS Code side loads on first use. */
function loadedLater(): string[] {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.startsWith("core/"),
  );
  const paths = files.flatMap((file) =>
    [...readFileSync(`src/${file}`, "utf8").matchAll(/import\("([^"]*\/core\/[^"]+)"\)/g)].map(([, path = ""]) =>
      resolve("src", dirname(file), path),
    ),
  );
  return [...new Set(paths)];
}

describe("what is loaded of the core on first use", () => {
  it("has each name once, because one file exports all, where a name of two modules would be lost", () => {
    const modules = new Map<string, string[]>();
    for (const path of loadedLater()) {
      for (const [, name = ""] of readFileSync(`${path}.ts`, "utf8").matchAll(
        /^export (?:async )?(?:function\*?|class|const|let) (\w+)/gm,
      ))
        modules.set(name, [...(modules.get(name) ?? []), path]);
    }
    assert.ok(modules.size > 30, "the modules are found");
    assert.deepEqual(
      [...modules].filter(([, paths]) => paths.length > 1),
      [],
    );
  });
});
