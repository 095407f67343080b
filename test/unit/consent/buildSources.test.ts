import assert from "node:assert/strict";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import type { SourceRequest } from "../../../src/core/base/sourceConsent";
import { confirmBuildSources } from "../../../src/core/consent/buildSources";
import { notConfirmed } from "../../../src/core/consent/consentFailures";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { socketPlace } from "../../support/socketPlace";

const destination = { kind: "daemon", address: "unix:///d.sock" } as const;

describe("the sources of a build by somebody else's builder", () => {
  after(removeTemporaryFolders);

  it("are asked about as they are read, also the home folder itself", async () => {
    const asked: SourceRequest[] = [];
    const { signal } = new AbortController();
    const consent = { confirm: async (request: SourceRequest) => void asked.push(request) };
    await confirmBuildSources(
      { options: { buildContexts: { all: "~" } }, root: "/workspace", destination },
      { consent, signal },
    );
    assert.deepEqual(
      asked.map(({ source }) => source),
      [{ kind: "folder", path: realpathSync(homedir()) }],
    );
  });

  it("are keys where SSH options name files, also in place of the agent's socket", async () => {
    const folder = realpathSync(temporaryFolder({ id_ed25519: "a key" }));
    const [key, socket] = [join(folder, "id_ed25519"), socketPlace()];
    const server = createServer();
    await once(server.listen(socket), "listening");
    const agent = process.env["SSH_AUTH_SOCK"];
    process.env["SSH_AUTH_SOCK"] = key;
    const asked: SourceRequest[] = [];
    const consent = { confirm: async (request: SourceRequest) => void asked.push(request) };
    try {
      await confirmBuildSources(
        { options: { ssh: { key, socket, missing: join(folder, "missing"), own: "agent" } }, destination },
        { consent, signal: new AbortController().signal },
      );
    } finally {
      server.close();
      if (agent === undefined) delete process.env["SSH_AUTH_SOCK"];
      else process.env["SSH_AUTH_SOCK"] = agent;
    }
    assert.deepEqual(
      asked.map(({ source, requestedBy }) => [requestedBy.name, source]),
      [
        ["key", { kind: "sshKey", path: key }],
        ["socket", { kind: "sshAgent", socket }],
        ["missing", { kind: "sshAgent", socket: join(folder, "missing") }],
        ["own", { kind: "sshKey", path: key }],
      ],
    );
  });
});

describe("the refusal of an address with a login", () => {
  it("says the host, and no password", () => {
    const address = `https://github.com:${"s3cr3t".repeat(60)}@evil.example/${"x".repeat(400)}`;
    const { message } = notConfirmed({
      source: { kind: "remoteContext", address },
      destination,
      requestedBy: { kind: "buildContext", name: "app", from: "workspace" },
    });
    assert.ok(message.includes("https://***@evil.example/x"), message);
    assert.ok(!message.includes("s3cr3t") && !message.includes("github.com"), message);
  });
});
