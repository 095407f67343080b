import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { build, type Metafile } from "esbuild";

/** The files that run when the extension is activated: whatever is reached without a dynamic import. */
function loadedAtOnce({ inputs }: Metafile, entry: string): string[] {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { path, kind, external } of inputs[file]?.imports ?? [])
      if (!external && kind !== "dynamic-import") visit(path);
  };
  visit(entry);
  return [...reached];
}

describe("activation", () => {
  let metafile: Metafile;
  before(async () => {
    const external = ["vscode", "cpu-features", "*.node"];
    ({ metafile } = await build({
      entryPoints: ["src/extension.ts"],
      bundle: true,
      platform: "node",
      format: "cjs",
      write: false,
      metafile: true,
      external,
      logLevel: "silent",
    }));
  });

  it("loads no package, and of the core only what is light", () => {
    const loaded = loadedAtOnce(metafile, "src/extension.ts");
    assert.ok(loaded.includes("src/vscode/commands.ts"), "the walk follows the imports");
    assert.deepEqual(
      loaded.filter((file) => file.includes("node_modules")),
      [],
    );
    const core = loaded.filter((file) => file.startsWith("src/core/")).sort();
    const light = {
      base: [
        ...["contactedHost", "contextSource", "digest", "errors", "imageReference"],
        ...["isRecord", "networkPath", "pathWithin", "sanitizeName", "trimText"],
      ],
      consent: ["consentFailures", "secretBinding"],
      "context/dockerignore": ["ignoreFileName"],
      credentials: ["secretReference"],
      dockerfile: ["dockerfileName"],
      history: ["buildId", "logText"],
      text: ["defuse", "format", "markdownText", "shorten", "visible"],
    };
    assert.deepEqual(
      core,
      Object.entries(light).flatMap(([folder, names]) => names.map((name) => `src/core/${folder}/${name}.ts`)),
    );
  });

  it("begins with each language of ignore files, Dockerfiles and image specs, wherever the first comes from", () => {
    const { activationEvents } = JSON.parse(readFileSync("package.json", "utf8")) as {
      readonly activationEvents: readonly string[];
    };
    for (const language of ["ignore", "dockerfile", "yaml", "json", "javascript", "typescript"])
      assert.ok(activationEvents.includes(`onLanguage:${language}`), language);
  });

  it("leaves dockerode to the first request to a daemon", () => {
    const users = Object.entries(metafile.inputs).flatMap(([file, { imports }]) =>
      imports
        .filter(({ path }) => /node_modules\/dockerode\/lib\/docker\.js$/.test(path))
        .map(({ kind }) => `${kind} in ${file}`),
    );
    assert.deepEqual(
      users.filter((user) => user.includes("src/")),
      ["dynamic-import in src/core/engine/engineClient.ts"],
    );
  });
});
