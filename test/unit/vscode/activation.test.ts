import assert from "node:assert/strict";
import { build, type Metafile } from "esbuild";

/** The files that run when the extension is activated: whatever is reached without a dynamic import. */
function loadedAtOnce({ inputs }: Metafile, entry: string): string[] {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { path, kind, external } of inputs[file]?.imports ?? []) if (!external && kind !== "dynamic-import") visit(path);
  };
  visit(entry);
  return [...reached];
}

describe("activation", () => {
  let metafile: Metafile;
  before(async () => {
    const external = ["vscode", "cpu-features", "*.node"];
    ({ metafile } = await build({ entryPoints: ["src/extension.ts"], bundle: true, platform: "node", format: "cjs", write: false, metafile: true, external, logLevel: "silent" }));
  });

  it("loads no package, and of the core only what is light", () => {
    const loaded = loadedAtOnce(metafile, "src/extension.ts");
    assert.ok(loaded.includes("src/vscode/commands/index.ts"), "the walk follows the imports");
    assert.deepEqual(loaded.filter((file) => file.includes("node_modules")), []);
    const core = loaded.filter((file) => file.startsWith("src/core/")).sort();
    assert.deepEqual(core, [
      ...["consentFailures", "requests", "secretBinding"].map((name) => `src/core/consent/${name}.ts`),
      "src/core/credentials/secretReference.ts",
      "src/core/credentials/secretStore.ts",
      "src/core/digest.ts",
      "src/core/dockerfile/dockerfileName.ts",
      "src/core/errors.ts",
      "src/core/git.ts",
      "src/core/imageReference.ts",
      "src/core/tagTemplate.ts",
      ...["defuse", "markdownText", "shorten", "visible"].map((name) => `src/core/text/${name}.ts`),
      "src/core/trimText.ts",
    ]);
  });

  it("leaves dockerode to the first request to a daemon", () => {
    const users = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
      imports.filter(({ path }) => /node_modules\/dockerode\/lib\/docker\.js$/.test(path)).map(({ kind }) => `${kind} in ${file}`),
    );
    assert.deepEqual(users.filter((user) => user.includes("src/")), ["dynamic-import in src/core/engine/engineClient.ts"]);
  });
});
