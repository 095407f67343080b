import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import type { SourceRequest } from "../../../src/core/base/sourceConsent";
import { confirmBuildSources } from "../../../src/core/consent/buildSources";
import { notConfirmed } from "../../../src/core/consent/consentFailures";

const destination = { kind: "daemon", address: "unix:///d.sock" } as const;

describe("the sources of a build by somebody else's builder", () => {
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
