import assert from "node:assert/strict";
import type { SourceRequest } from "../../../src/core/base/sourceConsent";
import { registryHost } from "../../../src/core/base/imageReference";
import { resolveEndpoint } from "../../../src/core/transport/endpoint";
import { Confirmations } from "../../../src/vscode/consent/confirmations";
import { Memory, type BuildAnswers } from "../../../src/vscode/platform/memory";
import { memoryMemento } from "../../support/memento";

const secret = "s3cr3t-of-a-person";

describe("a login that a person has typed", () => {
  const answers: BuildAnswers = {
    folder: "/work",
    dockerfile: "/work/Dockerfile",
    imageName: "ghcr.io/team/app",
    builder: "local",
    options: {
      buildContexts: {
        app: `https://me:${secret}@host.example/app.git#main`,
        file: `https://host.example/x.tar?token=${secret}`,
        user: `https://${secret}@host.example/app.git`,
        shared: "../shared",
        image: "docker-image://alpine:3.20",
      },
      buildArgs: {
        HTTPS_PROXY: `http://me:${secret}@proxy:3128`,
        http_proxy: `me:${secret}@proxy:3128`,
        INDEX: `https://me:${secret}@index.example/simple https://other.example`,
        VERSION: "1.2",
      },
      labels: { source: `https://${secret}@host.example/x` },
      tags: undefined,
    } as BuildAnswers["options"],
  };

  it("is known in its window, and is in nothing that is remembered", async () => {
    const state = memoryMemento();
    const memory = new Memory(state);
    await memory.keepLast(answers);
    await memory.keep(answers);
    assert.deepEqual(memory.last(), answers);
    assert.deepEqual(memory.recall("/work").options, answers.options);
    for (const key of state.keys()) assert.ok(!JSON.stringify(state.get(key)).includes(secret), key);

    const later = new Memory(state);
    for (const { options } of [later.last() ?? {}, later.recall("/work")]) {
      assert.deepEqual(options?.buildContexts, {
        app: "https://host.example/app.git#main",
        file: "https://host.example/x.tar",
        user: "https://host.example/app.git",
        shared: "../shared",
        image: "docker-image://alpine:3.20",
      });
      assert.deepEqual(options?.buildArgs, {
        HTTPS_PROXY: "http://proxy:3128",
        http_proxy: "proxy:3128",
        INDEX: "https://index.example/simple https://other.example",
        VERSION: "1.2",
      });
    }
    assert.equal(later.last()?.imageName, "ghcr.io/team/app");
  });

  it("is allowed for its window, and not kept with what was allowed", async () => {
    const state = memoryMemento();
    const confirmations = new Confirmations(state);
    const request = (address: string): SourceRequest => ({
      source: { kind: "remoteContext", address },
      destination: { kind: "daemon", address: "ssh://me@box" },
      requestedBy: { kind: "buildContext", name: "app", from: "workspace" },
    });
    const [open, secretOne] = [request("https://host.example/a"), request(`https://me:${secret}@host.example/a`)];
    await confirmations.add(open);
    await confirmations.add(secretOne);
    assert.equal(confirmations.list.length, 2);
    assert.ok(confirmations.has(open) && confirmations.has(secretOne));
    for (const key of state.keys()) assert.ok(!JSON.stringify(state.get(key)).includes(secret), key);
    const later = new Confirmations(state);
    assert.deepEqual([later.has(open), later.has(secretOne)], [true, false]);
    await confirmations.remove([secretOne]);
    assert.deepEqual([confirmations.has(open), confirmations.has(secretOne)], [true, false]);
  });

  for (const address of [`https://me:${secret}@ghcr.io/team`, `me:${secret}@ghcr.io/team`, `${secret}@ghcr.io`])
    it(`is not told of a registry's address: ${address.replace(secret, "***")}`, () =>
      assert.throws(
        () => registryHost(address),
        ({ message }: Error) => /is not a valid registry address/.test(message) && !message.includes(secret),
      ));

  for (const address of [
    "tcp://me:S@box:2376",
    "me:S@box:2376",
    "http://me:S@box:2375",
    "ssh://me:S@box",
    "unix://me:S@x",
  ])
    it(`is not told of a daemon's address: ${address}`, () =>
      assert.rejects(
        resolveEndpoint({ dockerHost: address.replace("S", secret), env: {}, homeDir: "/", platform: "linux" }),
        ({ message }: Error) => /is not valid/.test(message) && !message.includes(secret),
      ));
});
