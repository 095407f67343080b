import { join } from "node:path";
import { askCredentialHelper } from "../../src/core/credentials/credentialHelper";
import { runTool } from "../../src/core/clouds/runTool";
import { KeyAgent } from "../../src/core/engine/keyAgent";
import { SshStream } from "../../src/core/transport/sshStream";
import { gitHead } from "../../src/core/process/git";
import { readImageModule } from "../../src/core/image/modules/readImageModule";

/**
 * Starts a child of one kind by the extension's own code, for a test that kills this process. Its folder is in
 * `FOLDER`.
 */
const folder = process.env["FOLDER"] ?? "";
const kinds: Readonly<Record<string, () => Promise<unknown>>> = {
  key: () => KeyAgent.start(join(folder, "key")),
  helper: () =>
    askCredentialHelper({
      name: "slow",
      server: "ghcr.io",
      namedIn: "config.json",
      env: process.env,
      timeoutMs: 300_000,
    }),
  tool: () => runTool("az", ["account"], process.env),
  git: () => gitHead(folder),
  ssh: async () => new SshStream({ kind: "ssh", host: "box" }, { address: "ssh://box", source: "test" }),
  module: () =>
    readImageModule(join(folder, "a.image.mjs"), { runner: join(folder, "imageModule.js"), timeoutMs: 300_000 }),
};

void kinds[process.argv[2] ?? ""]?.().then(() => console.log("started"));
setInterval(() => undefined, 60_000);
