import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { createEngineAccess, type EngineAccess } from "../../../src/core/engine/engineAccess";
import { pushImage } from "../../../src/core/engine/push";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import { headerSecrets } from "../../../src/core/transport/daemonHeaders";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { socketAddress, socketPlace } from "../../support/socketPlace";

describe("The headers that Docker's configuration has for daemons", () => {
  const basic = Buffer.from("me:pass-word").toString("base64");
  const rows: readonly (readonly [headers: Readonly<Record<string, string>>, secrets: readonly string[]])[] = [
    [{ "X-Meta": "long-enough-1" }, ["long-enough-1"]],
    [{ "X-Meta": "short" }, []],
    [{ "X-Api-Key": "s1" }, ["s1"]],
    [{ Authorization: "Bearer abc.def" }, ["Bearer abc.def", "abc.def"]],
    [{ Authorization: `Basic ${basic}` }, [`Basic ${basic}`, basic, "me:pass-word", "pass-word"]],
    [{ Cookie: "a=first-one; b=2" }, ["a=first-one; b=2", "a=first-one", "first-one", "b=2", "2"]],
    [{ "X-Meta": Buffer.from("gehéimnis").toString("latin1") }, ["gehéimnis"]],
    [{ Accept: "application/json", "Content-Type": "application/json" }, []],
  ];
  for (const [headers, secrets] of rows)
    it(`hold secrets: ${JSON.stringify(headers)}`, () => assert.deepEqual(headerSecrets(headers), secrets));
});

describe("a daemon that quotes the headers it was sent", () => {
  const secret = 'header s3cr3t/"of" a person';
  let server: Server;
  let engine: EngineAccess;
  let isAnswering = false;

  before(async () => {
    server = createServer((request, answer) => {
      const quoted = String(request.headers["x-gateway"]);
      if (!isAnswering) return void answer.writeHead(403).end(JSON.stringify({ message: `who is ${quoted}?` }));
      if (request.url?.endsWith("/version"))
        return void answer.end(JSON.stringify({ ApiVersion: "1.44", Version: quoted }));
      if (!request.url?.includes("/push")) return void answer.setHeader("server", `Docker/${quoted} (x)`).end("OK");
      answer.write(JSON.stringify({ status: `pushing for ${quoted}` }) + "\n");
      answer.end(JSON.stringify({ errorDetail: { message: `denied: ${encodeURIComponent(quoted)}` } }) + "\n");
    });
    const socket = socketPlace();
    await once(server.listen(socket), "listening");
    const folder = temporaryFolder({ "config.json": JSON.stringify({ HttpHeaders: { "X-Gateway": secret } }) });
    engine = createEngineAccess({
      dockerHost: socketAddress(socket),
      env: { DOCKER_CONFIG: folder },
      homeDir: join("/"),
    });
  });
  beforeEach(() => void (isAnswering = false));
  after(() => {
    server.closeAllConnections();
    server.close();
    removeTemporaryFolders();
  });

  const isHidden = (error: unknown): boolean => {
    for (let each: unknown = error; each instanceof Error; each = each.cause)
      assert.ok(
        ![secret, encodeURIComponent(secret), "s3cr3t"].some((form) => String(each).includes(form)),
        String(each),
      );
    return true;
  };

  it("tells nobody of them while it is looked for", async () => {
    await assert.rejects(engine.probe(), isHidden);
    isAnswering = true;
    const told = JSON.stringify([await engine.probe(), await engine.identify()]);
    assert.ok(!told.includes("s3cr3t"), told);
  });

  it("tells nobody of them when it refuses a push, or fails at it", async () => {
    const client = await engine.client();
    await assert.rejects(pushImage(client, "ghcr.io/a/b:1", undefined, recordingOperation()), isHidden);
    isAnswering = true;
    const operation = recordingOperation();
    const services = { engine, credentials: { find: async () => undefined } };
    const registry = new ContainerRegistry("r", { uri: "ghcr.io/a" }, services);
    await assert.rejects(registry.pushImage("ghcr.io/a/b:1", operation), isHidden);
    const told = JSON.stringify([operation.logged, operation.events]);
    assert.ok(/pushing for/.test(told) && !told.includes("s3cr3t"), told);
  });
});
