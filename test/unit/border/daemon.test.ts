import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { requestFailure } from "../../../src/core/engine/requestFailure";
import { openEngineClient, type EngineClient } from "../../../src/core/engine/engineClient";
import { whileAlive } from "../../../src/core/engine/heartbeat";
import { jsonLines } from "../../../src/core/transport/jsonLines";
import { identify, probe } from "../../../src/core/engine/probe";
import { pullImage } from "../../../src/core/engine/pull";
import { pushImage } from "../../../src/core/engine/push";
import type { Operation } from "../../../src/core/operation/operation";
import { removeTemporaryFolders } from "../../support/folder";
import { assertPlain, hostileBodies, measured } from "../../support/hostileAnswers";
import { HostileServer, type HostileAnswer } from "../../support/hostileServer";
import { recordingOperation } from "../../support/operation";

const image = "ghcr.io/team/app:1";
const wrapped =
  (work: (client: EngineClient, operation: Operation) => Promise<unknown>) =>
  (client: EngineClient, operation: Operation) =>
    work(client, operation).catch((error: unknown) => {
      throw requestFailure("requestFailed", "The daemon does not tell it", error, operation.signal);
    });

async function readBuild(client: EngineClient, operation: Operation): Promise<void> {
  for await (const message of jsonLines(
    await client.build({ t: image }, Readable.from([]), operation.signal),
    operation,
  ))
    void message;
}

/** All that is asked of a daemon, as its callers ask it. */
const questions: Readonly<Record<string, (client: EngineClient, operation: Operation) => Promise<unknown>>> = {
  "what it is": ({ endpoint }) => probe(endpoint),
  "what a build must know": ({ endpoint }) => identify(endpoint),
  "its store": (client, { signal }) => client.hasContainerdStore(signal),
  "its insecure registries": (client, { signal }) => client.isInsecureRegistry("__proto__", signal),
  "an image's id": wrapped((client, { signal }) => client.imageId(image, signal)),
  "an image's digests": wrapped((client, { signal }) => client.repoDigests(image, signal)),
  "a registry's digest": wrapped((client, { signal }) => client.registryDigest(image, undefined, signal)),
  "to build": wrapped(readBuild),
  "to push": (client, operation) => pushImage(client, image, undefined, operation),
  "to pull": (client, operation) => pullImage(client, image, undefined, operation),
  "for BuildKit's API": wrapped((client, { signal }) => client.openBuildkit(signal)),
  "for an archive": wrapped((client, { signal }) => client.saveImages([image], signal)),
};

/** A stream of messages may be as long as a build lasts. */
const lastsAsLong = new Set(["to build", "to push", "to pull", "for an archive"]);
const pulse = { intervalMs: 300, timeoutMs: 300, misses: 2 };

describe("a daemon that answers wrongly", function () {
  this.timeout(30_000);
  let given: HostileAnswer;
  let server: HostileServer;
  before(async () => (server = await HostileServer.start(() => given, { socket: true })));
  after(async () => {
    await server.stop();
    removeTemporaryFolders();
  });

  for (const [question, ask] of Object.entries(questions)) {
    it(`is understood or named in plain words when asked ${question}`, async () => {
      for (const [answer, hostile] of Object.entries(hostileBodies)) {
        if (answer.startsWith("an endless") && lastsAsLong.has(question)) continue;
        given = hostile;
        const client = await openEngineClient(server.endpoint, pulse);
        // As in a build: a daemon that gives no sign of life either is given up.
        const { failure, ms, peakMiB } = await measured(() =>
          whileAlive(client, recordingOperation(), (alive) => ask(client, alive)),
        );
        if (failure !== undefined) assertPlain(failure, answer);
        assert.ok(ms < 6_000, `${answer}: ${Math.round(ms)} ms`);
        assert.ok(peakMiB < 64, `${answer}: ${Math.round(peakMiB)} MiB`);
      }
    });
  }

  const wrongTypes: readonly (readonly [question: string, body: object, message: RegExp])[] = [
    [
      "its store",
      { DriverStatus: "overlay2" },
      /did not return a valid daemon description \("DriverStatus" is invalid\)/,
    ],
    [
      "its insecure registries",
      { RegistryConfig: { IndexConfigs: { __proto__: null, a: 7 } } },
      /did not return a valid daemon description/,
    ],
    ["an image's id", { Id: 7 }, /did not return a valid image description \("Id" is invalid\)/],
    ["an image's id", { Id: "sha256:0" }, /returned an invalid digest/],
    ["an image's id", {}, /returned an invalid digest/],
    ["an image's digests", { RepoDigests: [7] }, /did not return a valid image description/],
    [
      "a registry's digest",
      { Descriptor: { digest: { a: 1 } } },
      /did not return a valid image description from the registry/,
    ],
    ["what it is", { ApiVersion: 1.41 }, /is not a Docker daemon \(its \/version response is invalid\)/],
    ["what it is", { ApiVersion: "1.41\u001b[31m" }, /is not a Docker daemon/],
    ["what it is", { ApiVersion: "1.41", Components: [7] }, /is not a Docker daemon/],
    ["what it is", {}, /its \/version has no ApiVersion/],
  ];
  for (const [question, body, message] of wrongTypes) {
    it(`is named for ${JSON.stringify(body)} when asked ${question}`, async () => {
      given = { kind: "whole", body: JSON.stringify(body) };
      const { failure } = await measured(async () =>
        questions[question]?.(await openEngineClient(server.endpoint), recordingOperation()),
      );
      assertPlain(failure, question);
      assert.match(failure.message, message);
    });
  }

  const lines: readonly (readonly [what: string, line: string, message: RegExp])[] = [
    ["an error that is an object", '{"error":{"a":1}}', /: The daemon reported an unreadable error\./],
    ["an error of controls", JSON.stringify({ error: "a\u0000\u001b[31m\u202eb\rc" }), /: a \[31m b c\./],
    ["an error of nothing", JSON.stringify({ error: " \u0000\u202e" }), /: The daemon gave no reason\./],
    ["an error that is a number", '{"errorDetail":7,"aux":{"Digest":"x"}}', /The daemon reported an unreadable error/],
    ["a digest that is none", '{"aux":{"Digest":"sha256:XYZ"}}', /The Docker daemon at \S+ returned an invalid digest/],
    [
      "a digest in capitals",
      JSON.stringify({ aux: { Digest: `sha256:${"A".repeat(64)}` } }),
      /returned an invalid digest/,
    ],
    ["a digest of another type", '{"aux":{"Digest":7}}', /reported its digest\. Look up the digest/],
    ["texts of other types", '{"stream":5,"status":[],"id":{}}', /reported its digest\. Look up the digest/],
  ];
  for (const [what, line, message] of lines) {
    it(`pushes nothing that could be used where it tells ${what}`, async () => {
      given = { kind: "whole", body: `${line}\n` };
      const { failure } = await measured(async () =>
        pushImage(await openEngineClient(server.endpoint), image, undefined, recordingOperation()),
      );
      assertPlain(failure, what);
      assert.match(failure.message, message);
    });
  }

  it("fills no log with lines that cannot be read", async () => {
    given = { kind: "whole", body: '{"stream":5}\nnonsense\n'.repeat(10_000) };
    const operation = recordingOperation();
    await readBuild(await openEngineClient(server.endpoint), operation);
    assert.equal(operation.logged.length, 4);
    assert.match(operation.logged.at(-1) ?? "", /19997 more unreadable lines/);
  });

  it("and drips the body of an error is not waited for", async () => {
    given = { kind: "drip", status: 500 };
    const { failure, ms } = await measured(async () =>
      pushImage(await openEngineClient(server.endpoint), image, undefined, recordingOperation()),
    );
    assertPlain(failure, "a drip");
    assert.ok(ms < 8_000, `${ms} ms`);
  });

  it("gives a sign of life with any answer, whose body need not end", async () => {
    const client = await openEngineClient(server.endpoint);
    for (given of [{ kind: "endless" }, { kind: "endless", status: 500 }] satisfies HostileAnswer[]) {
      const { result, peakMiB } = await measured(() => client.ping(AbortSignal.timeout(2_000)));
      assert.equal(result, true);
      assert.ok(peakMiB < 16, `${peakMiB} MiB`);
    }
    const sent = server.sentBytes;
    await new Promise((resolve) => setTimeout(resolve, 300));
    // A pipe takes some that nobody reads.
    assert.ok(server.sentBytes - sent < 2 ** 20, "nothing is read on");
  });
});
