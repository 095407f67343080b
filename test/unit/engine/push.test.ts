import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { openEngineClient } from "../../../src/core/engine/engineClient";
import { pushImage } from "../../../src/core/engine/push";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { removeTemporaryFolders } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { socketAddress, socketPlace } from "../../support/socketPlace";

const [one, two] = ["1", "2"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
const aux = (digest: string) => JSON.stringify({ progressDetail: {}, aux: { Tag: "1", Digest: digest, Size: 528 } });

/** What a daemon answers: the lines of the push, the digest that the registry tells it, and the image's own. */
interface Told {
  readonly lines?: readonly string[];
  readonly distribution?: string;
  readonly repoDigests?: readonly string[];
}

describe("the digest of a push", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => once(server.close(), "close")));
    removeTemporaryFolders();
  });

  async function push(imageName: string, { lines = [], distribution, repoDigests }: Told) {
    const asked: string[] = [];
    const server = createServer(({ url = "" }, answer) => {
      asked.push(url);
      const found = url.includes("/distribution/")
        ? distribution && { Descriptor: { digest: distribution } }
        : repoDigests && { RepoDigests: repoDigests };
      if (url.includes("/push?")) answer.end(lines.map((line) => `${line}\r\n`).join(""));
      else answer.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? { message: "no such thing" }));
    });
    servers.push(server);
    const path = socketPlace();
    await once(server.listen(path), "listening");
    const client = await openEngineClient({
      address: socketAddress(path),
      source: "the test",
      connection: { kind: "socket", path },
    });
    const result = await pushImage(client, imageName, undefined, recordingOperation()).finally(() =>
      server.closeAllConnections(),
    );
    return { result, asked };
  }

  const name = "ghcr.io/team/app";
  const digests: readonly (readonly [what: string, imageName: string, told: Told, expected: string])[] = [
    [
      "is the last that the stream has, after the name without its tag [Z104]",
      `${name}:1`,
      { lines: [aux(one), aux(two)] },
      `${name}@${two}`,
    ],
    [
      "is in the status where there is no aux [Z104]",
      `${name}:1`,
      { lines: [JSON.stringify({ status: `1: digest: ${one} size: 528` })] },
      `${name}@${one}`,
    ],
    ["belongs to a name without a tag, too [Z106]", name, { lines: [aux(one)] }, `${name}@${one}`],
    [
      "belongs to a host with a port, which is no tag [Z106]",
      "localhost:5000/app",
      { lines: [aux(one)] },
      `localhost:5000/app@${one}`,
    ],
    ["is the registry's where the stream has none", `${name}:1`, { distribution: one }, `${name}@${one}`],
    [
      "is the image's own in this repository, of several, where the registry tells none [Z107][Z108]",
      `${name}:1`,
      { repoDigests: [`ghcr.io/team/other@${two}`, `${name}@${one}`] },
      `${name}@${one}`,
    ],
    [
      "is found however Docker Hub is written [Z107]",
      "docker.io/library/app:1",
      { repoDigests: [`other@${two}`, `app@${one}`] },
      `docker.io/library/app@${one}`,
    ],
    ["and of a line that is broken nothing is lost [Z103]", `${name}:1`, { lines: ["{", aux(one)] }, `${name}@${one}`],
  ];
  for (const [what, imageName, told, expected] of digests)
    it(what, async () => assert.equal((await push(imageName, told)).result, expected));

  it("of a name without a tag is that of latest [Z106]", async () => {
    assert.ok((await push(name, { lines: [aux(one)] })).asked.some((url) => url.endsWith("/push?tag=latest")));
  });

  const failures: readonly (readonly [what: string, told: Told, code: ErrorCode, message: RegExp])[] = [
    [
      "an error counts before what else a line has [Z101]",
      { lines: [JSON.stringify({ ...(JSON.parse(aux(one)) as object), stream: "fine", error: "boom" })] },
      "pushFailed",
      /^Can't push .*: boom/,
    ],
    [
      "an error counts after a digest [Z101]",
      { lines: [aux(one), '{"errorDetail":{"message":"boom"},"error":"boom"}'] },
      "pushFailed",
      /^Can't push .*: boom/,
    ],
    [
      "an image that is not there can be neither tagged nor pushed [Z110]",
      { lines: ['{"error":"An image does not exist locally with the tag: ghcr.io/team/app"}'] },
      "pushFailed",
      /Build it first/,
    ],
    [
      "no digest anywhere is an error [Z105]",
      {},
      "pushNoDigest",
      /was pushed, but neither the daemon nor the registry reported its digest/,
    ],
    [
      "the digest of another repository is none [Z105][Z108]",
      { repoDigests: [`ghcr.io/team/other@${two}`] },
      "pushNoDigest",
      /Look up the digest/,
    ],
  ];
  for (const [what, told, code, message] of failures) {
    it(`is not told: ${what}`, async () => {
      await assert.rejects(
        push(`${name}:1`, told),
        (error) => ImageBuilderError.is(error, code) && message.test(error.message),
      );
    });
  }
});
