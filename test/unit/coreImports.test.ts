import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";

/** What each source file imports at load time; a lazy `import()` does not count. */
async function importsOf(entryPoints: string[]): Promise<Metafile["inputs"]> {
  const { metafile } = await build({
    entryPoints,
    bundle: true,
    write: false,
    outdir: "out",
    platform: "node",
    metafile: true,
    external: ["vscode", "cpu-features", "*.node"],
    logLevel: "silent",
  });
  return metafile.inputs;
}

function reachable(inputs: Metafile["inputs"], from: string): Set<string> {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const each of inputs[path]?.imports ?? []) if (each.kind !== "dynamic-import") visit(each.path);
  };
  visit(from);
  return seen;
}

describe("the core's imports", function () {
  this.timeout(60_000);
  let inputs: Metafile["inputs"];
  const cliFiles = readdirSync("src/cli", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join("src/cli", path));
  const coreFiles = readdirSync("src/core", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join("src/core", path));

  before(async () => {
    inputs = await importsOf([...coreFiles, ...cliFiles]);
  });

  it("never lead to vscode, not even through a library", () => {
    assert.ok(coreFiles.length > 30);
    const offenders = Object.entries(inputs).filter(([, { imports }]) => imports.some(({ path }) => path === "vscode"));
    assert.deepEqual(
      offenders.map(([path]) => path),
      [],
    );
  });

  it("never lead from the core to the command line, nor from that to the VS Code side", () => {
    assert.ok(cliFiles.length > 15);
    const leads = (from: string, to: string) =>
      Object.entries(inputs).filter(
        ([path, { imports }]) => path.startsWith(from) && imports.some((each) => each.path.startsWith(to)),
      );
    assert.deepEqual(
      [leads("src/core/", "src/cli/"), leads("src/cli/", "src/vscode/"), leads("src/core/", "src/vscode/")],
      [[], [], []],
    );
  });

  it("load what a command of the command line needs only when it is run", () => {
    const loaded = [...reachable(inputs, "src/cli/cli.ts")].filter((path) => path.startsWith("src/"));
    assert.ok(loaded.includes("src/cli/commands.ts"));
    assert.deepEqual(
      loaded.filter((path) => !/^src\/(cli\/[^/]+|core\/(base\/(errors|nearestName)|text\/\w+))\.ts$/.test(path)),
      [],
    );
  });

  it("load dockerode in one file only, and lazily", () => {
    const importers = Object.entries(inputs).filter(
      ([path, { imports }]) =>
        path.startsWith("src/") && imports.some((each) => each.path.includes("node_modules/dockerode/")),
    );
    assert.deepEqual(
      importers.map(([path]) => path),
      ["src/core/engine/engineClient.ts"],
    );
    assert.ok(
      !reachable(inputs, "src/core/engine/engineAccess.ts").has("src/core/engine/engineClient.ts"),
      "it is loaded with the first question to a daemon",
    );
  });

  it("send requests to a daemon in one file only, and to web services in one folder", () => {
    const senders = readdirSync("src", { recursive: true, encoding: "utf8" })
      .map((file) => file.replaceAll("\\", "/"))
      .filter((file) => file.endsWith(".ts"))
      .filter((file) =>
        /import (?:type )?(?:\{[^}]*\brequest\b[^}]*\}|\*).* from "node:https?"|\bdial\(/.test(
          readFileSync(`src/${file}`, "utf8"),
        ),
      );
    assert.deepEqual(senders.sort(), [
      "core/http/proxy.ts",
      "core/http/requestOpener.ts",
      "core/transport/sendRequest.ts",
    ]);
  });

  it("do not load an implementation to know a flavor [Z2]", () => {
    const loaded = [...reachable(inputs, "src/core/flavors/builtinFlavors.ts")].filter((path) =>
      path.startsWith("src/"),
    );
    assert.ok(loaded.includes("src/core/builders/local.ts"));
    for (const implementation of [
      "src/core/builders/localImageBuilder.ts",
      "src/core/contracts/containerRegistry.ts",
      "src/core/engine/engineClient.ts",
    ]) {
      assert.ok(!loaded.includes(implementation), implementation);
    }
  });

  it("do not load a cloud's protocol, nor what asks registries, to know the kinds of connector", () => {
    const loaded = [...reachable(inputs, "src/core/connectors/connectorSource.ts")].filter((path) =>
      path.startsWith("src/"),
    );
    assert.ok(loaded.includes("src/core/connectors/gcp.ts"));
    assert.deepEqual(
      loaded.filter((path) => /core\/(clouds\/(google|amazon|microsoft)|distribution)\//.test(path)),
      [],
    );
  });

  it("never lead from one flavor's file to another's", () => {
    const flavorFiles = [...reachable(inputs, "src/core/flavors/builtinFlavors.ts")].filter((path) =>
      /^src\/core\/(builders|registries)\//.test(path),
    );
    const named = new Set(
      inputs["src/core/flavors/builtinFlavors.ts"]?.imports
        .map(({ path }) => path)
        .filter((path) => flavorFiles.includes(path)),
    );
    for (const file of named) {
      for (const other of inputs[file]?.imports ?? [])
        assert.ok(!named.has(other.path), `${file} imports ${other.path}`);
    }
  });
});
