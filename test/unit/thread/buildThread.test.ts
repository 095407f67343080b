import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import type { ContextEntry } from "../../../src/core/context/files/contextEntry";
import type { BuildJob } from "../../../src/core/engine/buildJob";
import { resolveEndpoint } from "../../../src/core/transport/endpoint";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { silentLog } from "../../../src/core/base/log";
import { BuildThread } from "../../../src/core/worker/buildThread";
import type { ThreadedBuild } from "../../../src/core/worker/threadedBuild";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { socketAddress, socketPlace } from "../../support/socketPlace";

const text = "FROM scratch\nCOPY . /\n";

/** Goes through its folder in a way of its own, which another thread does not know. */
class OneFile extends BuildContext {
  override async *entries(): AsyncGenerator<readonly ContextEntry[]> {
    yield [{ path: "only.txt", kind: "file", mode: 0o644, sizeBytes: 4, mtimeMs: 0, content: Buffer.from("only") }];
  }
}

describe("the thread that serves builds", () => {
  const thread = new BuildThread();
  let worker: Worker | undefined;
  before(() => process.on("worker", (started: Worker) => (worker = started)));
  after(async () => {
    await worker?.terminate();
    removeTemporaryFolders();
  });

  function begin(context: BuildContext, log = silentLog): ThreadedBuild {
    const dockerfile = {
      file: join(context.root ?? "", "Dockerfile"),
      name: "Dockerfile",
      bytes: Buffer.from(text),
      text,
    };
    // The daemon is not asked before the session is opened.
    const client = {
      endpoint: {
        address: "unix:///nowhere.sock",
        source: "a test",
        connection: { kind: "socket", path: "/nowhere.sock" },
      },
    };
    const job = {
      context,
      options: {},
      credentials: { find: () => Promise.resolve(undefined) },
      client,
    } as unknown as BuildJob;
    return thread.begin(job, dockerfile, log);
  }

  it("sees of a folder what the caller's own thread sees, added files too, and says what it logs", async () => {
    const root = temporaryFolder({ Dockerfile: text, ".dockerignore": "b\nmissing[a-b", a: "12", b: "123" });
    const context = new BuildContext({ root: temporaryFolder({ Dockerfile: text, a: "12", "sub/c": "1" }) });
    context.addFile({ content: "12345" }, "added.txt");
    const told: string[] = [];
    const build = begin(context, { ...silentLog, info: (message) => told.push(message) });
    const { files, bytes } = await build.review();
    assert.deepEqual([files, bytes], [4, text.length + 2 + 1 + 5]);
    assert.deepEqual(told, ["No `.dockerignore` found, including all files inside build context."]);
    build.close();

    const broken = begin(new BuildContext({ root }));
    await assert.rejects(
      broken.review(),
      (error) => ImageBuilderError.is(error, "dockerignoreInvalid") && error.location?.line === 2,
    );
    broken.close();
  });

  it("looks again each time it is asked", async () => {
    const root = temporaryFolder({ Dockerfile: text, ".dockerignore": "", a: "1" });
    const build = begin(new BuildContext({ root }));
    assert.equal((await build.review()).files, 3);
    writeFiles(root, { b: "2" });
    assert.equal((await build.review()).files, 4);
    build.close();
  });

  it("has a context that is gone through in a way of its own gone through by its caller", async () => {
    const build = begin(new OneFile({ root: temporaryFolder({ a: "1", b: "2" }) }));
    const { files, bytes, largest } = await build.review();
    assert.deepEqual([files, bytes, largest[0]?.path], [1, 4, "only.txt"]);
    build.close();
  });

  it("stops a look that is cancelled", async () => {
    const build = begin(new BuildContext({ root: temporaryFolder({ a: "1" }) }));
    const reason = new Error("cancelled");
    await assert.rejects(build.review({ signal: AbortSignal.abort(reason) }), reason);
    build.close();
  });

  it("that ends takes its builds along with a word, and a new one serves the next", async () => {
    const server = createServer(() => undefined);
    const socket = socketPlace();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const endpoint = await resolveEndpoint({ dockerHost: socketAddress(socket) });
    const root = temporaryFolder({ Dockerfile: text });
    const build = begin(new BuildContext({ root }));
    const opening = build.openSession(
      { id: "x", endpoint, sharedKey: "x", agentSockets: new Map() },
      async () => undefined,
      new AbortController().signal,
    );
    const failed = assert.rejects(
      opening,
      (error) => ImageBuilderError.is(error, "buildFailed") && error.message.includes("Build again"),
    );
    await new Promise((resolve) => server.once("connection", resolve));
    void worker?.terminate();
    await failed;
    server.close();

    const next = begin(new BuildContext({ root }));
    assert.equal((await next.review()).files, 1);
    next.close();
  });
});
