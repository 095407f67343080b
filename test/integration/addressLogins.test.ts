import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { ImageBuilderError, type ErrorCode } from "../../src/core/base/errors";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import { createEngineAccess, type EngineAccess } from "../../src/core/engine/engineAccess";
import { askDaemon, build, coreOn, given, outputOf, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { Canaries } from "../support/leaks/canaries";
import { useNewestEngine } from "../support/newestEngine";
import { recordingOperation } from "../support/operation";

/** One that a Dockerfile tries to get. */
const plain = "plain-password";
const basic = (password: string) => `Basic ${Buffer.from(`me:${password}`).toString("base64")}`;

describe("the logins of addresses that a build fetches from", function () {
  this.timeout(180_000);
  useNewestEngine();
  const begun = Date.now();
  const canaries = new Canaries();
  const planted = new Canaries();
  const mark = planted.make("planted");
  const [right, wrong] = [canaries.make("a repository's password"), canaries.make("a wrong password")];
  const header = canaries.make("a header for the daemon");
  const told: string[] = [];
  const asked: string[] = [];
  let server: Server;
  let engine: EngineAccess;
  let host: string;

  before(async () => {
    const root = temporaryFolder({ "work/a.txt": "of the repository", "config.json": configuration() });
    const git = (...args: string[]) => execFileSync("git", args, { cwd: join(root, "work"), stdio: "pipe" });
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("-c", "user.name=me", "-c", "user.email=me@example.test", "commit", "-q", "-m", "one");
    git("clone", "-q", "--bare", ".", join(root, "app.git"));
    execFileSync("git", ["update-server-info"], { cwd: join(root, "app.git") });
    server = createServer((request, answer) => {
      const authorization = request.headers.authorization ?? "";
      const [path = ""] = (request.url ?? "").split("?");
      asked.push(`${path} ${Buffer.from(authorization.split(" ")[1] ?? "", "base64").toString()}`);
      if (![right, plain].some((each) => authorization === basic(each)))
        return void answer.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
      try {
        answer.end(readFileSync(join(root, path)));
      } catch {
        answer.writeHead(404).end();
      }
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    engine = createEngineAccess({ dockerHost: given("DOCKER_HOST"), env: { ...process.env, DOCKER_CONFIG: root } });
  });
  beforeEach(() => void (asked.length = 0));
  after(() => {
    server.closeAllConnections();
    server.close();
    removeTemporaryFolders();
  });

  function configuration(): string {
    return JSON.stringify({ HttpHeaders: { "X-Gateway": header } });
  }

  async function builds(dockerfile: string, options: BuildOptions, code?: ErrorCode): Promise<string> {
    const operation = recordingOperation();
    const root = temporaryFolder({ Dockerfile: dockerfile });
    const failure = await build({
      root,
      imageName: `${uniqueName()}:1`,
      options: { noCache: true, ...options },
      core: coreOn(engine),
      operation,
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    told.push(JSON.stringify([operation.logged, operation.events, String(failure)]));
    assert.equal(ImageBuilderError.is(failure) ? failure.code : failure, code, String(failure));
    return outputOf(operation.events);
  }

  it("reach a repository whose default branch is meant", async () => {
    const app = login(right).replace("#main", "");
    assert.match(await builds(copies, { buildContexts: { app } }), /of the repository/);
  });

  const login = (password: string) => `http://me:${encodeURIComponent(password)}@${host}/app.git#main`;
  const copies = "FROM busybox:1.35\nCOPY --from=app a.txt /\nRUN cat /a.txt\n";

  it("reach the repository, without being in its address", async () => {
    assert.match(await builds(copies, { buildContexts: { app: login(right) } }), /of the repository/);
    assert.ok(
      asked.some((each) => each === `/app.git/info/refs me:${right}`),
      asked.join("\n"),
    );
  });

  it("are those of each build, and a wrong one fails", async () => {
    await builds(copies, { buildContexts: { app: login(wrong) } }, "buildFailed");
    assert.ok(
      asked.some((each) => each.endsWith(` me:${wrong}`)),
      asked.join("\n"),
    );
  });

  it("are given to no step that asks for them", async () => {
    const mounts = ["GIT_AUTH_HEADER", `GIT_AUTH_HEADER.${host}`].map((id) => `--mount=type=secret,id=${id}`).join(" ");
    const steals = `${copies}RUN ${mounts} cat /run/secrets/* | base64; ls /run/secrets || true\n`;
    const output = await builds(steals, { buildContexts: { app: login(plain) } });
    assert.match(output, /of the repository/);
    assert.doesNotMatch(output, /GIT_AUTH_HEADER/);
    assert.ok(!output.includes(plain) && !output.includes(basic(plain)), output);
  });

  it("are in no log, message or progress", () => {
    for (const text of told) assert.deepEqual(canaries.in(text), [], text);
  });

  it("are not on the daemon's disk, with the headers that it was sent", async () => {
    const { DockerRootDir } = (await askDaemon("/info")) as { readonly DockerRootDir: string };
    const log = join(dirname(DockerRootDir), "dockerd.log");
    writeFileSync(join(DockerRootDir, "planted"), mark);
    assert.notDeepEqual(planted.below(DockerRootDir, begun), []);
    assert.ok(readFileSync(log).length > 0);
    assert.deepEqual([...canaries.below(DockerRootDir, begun), ...canaries.in(readFileSync(log))], []);
  });
});
