import assert from "node:assert/strict";
import { createPublicKey, randomBytes, verify } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from "node:net";
import { dirname, join } from "node:path";
import { Writer } from "protobufjs/minimal";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import { buildAndPush } from "../../../src/core/jobs/buildAndPush";
import type { Upload } from "../../../src/core/context/review/upload";
import type { CredentialSource } from "../../../src/core/credentials/credentialSource";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { coreOn, engineAt, localBuilder } from "../../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import {
  decode,
  framed,
  ScriptedDaemon,
  textMessage,
  type Answer,
  type CalledSession,
  type Copied,
} from "../../support/scriptedDaemon";
import { socketPlace } from "../../support/socketPlace";

const password = `password-${randomBytes(12).toString("hex")}`;
const secret = `secret-${randomBytes(12).toString("hex")}`;
const auth = "/moby.filesync.v1.Auth";

/** A registry that says how it takes logins, and a token service; both tell what they were asked. */
class LittleRegistry {
  readonly asked: string[] = [];
  readonly #server: Server;

  constructor(scheme: "token" | "password") {
    this.#server = createServer((request, answer) => {
      const url = new URL(request.url ?? "", `http://${this.host}`);
      this.asked.push(`${url.pathname} ${url.searchParams.getAll("scope").join(" ")}`.trim());
      if (url.pathname === "/token") return void answer.end(JSON.stringify({ token: "the-token", expires_in: 300 }));
      answer
        .writeHead(401, {
          "www-authenticate":
            scheme === "token" ? `Bearer realm="http://${this.host}/token",service="little"` : 'Basic realm="little"',
        })
        .end();
    });
  }

  async start(): Promise<this> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe("a hostile daemon", () => {
  const daemons = new Map<"socket" | "tcp", ScriptedDaemon>();
  let withTokens: LittleRegistry;
  let withPasswords: LittleRegistry;
  let agent: SocketServer;
  let agentSocket: string;
  const roots: string[] = [];

  before(async () => {
    for (const place of ["socket", "tcp"] as const)
      daemons.set(place, await ScriptedDaemon.start(place, async () => {}));
    [withTokens, withPasswords] = [
      await new LittleRegistry("token").start(),
      await new LittleRegistry("password").start(),
    ];
    agentSocket = socketPlace();
    // It has no keys.
    agent = createSocketServer((socket) =>
      socket.on("data", () => socket.write(Buffer.from([0, 0, 0, 5, 12, 0, 0, 0, 0]))),
    );
    await once(agent.listen(agentSocket), "listening");
  });
  after(async () => {
    for (const daemon of daemons.values()) await daemon.stop();
    for (const server of [withTokens, withPasswords]) server.stop();
    agent.close();
    removeTemporaryFolders();
  });
  beforeEach(() => {
    withTokens.asked.length = 0;
    for (const daemon of daemons.values()) daemon.received = [];
  });

  /** The person has a login for every registry there is. */
  const everywhere: CredentialSource = {
    find: async () => ({ credentials: { username: "me", password }, source: "the test" }),
  };

  interface Attack {
    readonly dockerfile: string;
    readonly place?: "socket" | "tcp";
    readonly options?: BuildOptions;
    readonly files?: Readonly<Record<string, string>>;
    readonly confirm?: (upload: Upload) => Promise<void>;
  }

  /** Builds, and lets the daemon ask meanwhile. */
  async function attacked<Result>(
    { dockerfile, place = "socket", options = {}, files = {}, confirm }: Attack,
    ask: (session: CalledSession) => Promise<Result>,
  ) {
    const daemon = daemons.get(place);
    assert.ok(daemon);
    const results: Result[] = [];
    daemon.script = async (session) => void results.push(await ask(session));
    const operation = { ...recordingOperation(), ...(confirm && { confirmUpload: confirm }) };
    const root = temporaryFolder({ Dockerfile: dockerfile, ...files });
    roots.push(root);
    const request = { root, imageName: "app:1", builder: localBuilder, options };
    const failure = await buildAndPush(
      request,
      coreOn(engineAt(daemon.dockerHost), everywhere as never),
      operation,
    ).then(
      () => undefined,
      (error: unknown) => error,
    );
    return { result: results[0], failure, logged: operation.logged.join("\n"), daemon, root };
  }

  const credentialsOf = ({ messages: [message = Buffer.alloc(0)] }: Answer) => ({
    username: String(decode(message).get(1)?.[0] ?? ""),
    secret: String(decode(message).get(2)?.[0] ?? ""),
  });

  describe("that asks for logins", () => {
    const unnamed: readonly (readonly [what: string, dockerfile: string])[] = [
      ["another host", "FROM quay.io/team/app:1\n"],
      ["a host that only a comment names", "# ghcr.io/x/y\nFROM scratch\n"],
      ["a host that only begins alike", "FROM ghcr.io.example.com/x/y\nFROM xghcr.io/x\n"],
      ["a host that is only a repository", "FROM team/ghcr.io\n"],
      ["a host that only a RUN names", "FROM scratch\nRUN docker pull ghcr.io/x/y\n"],
      ["no host at all", "FROM scratch\n"],
    ];
    for (const [what, dockerfile] of unnamed) {
      for (const place of ["socket", "tcp"] as const) {
        it(`gets none where the build names ${what} (${place})`, async () => {
          const { result, failure, logged, daemon } = await attacked({ dockerfile, place }, async (session) => [
            await session.call(`${auth}/Credentials`, textMessage({ 1: "ghcr.io" })),
            await session.call(`${auth}/GetTokenAuthority`, textMessage({ 1: "ghcr.io", 2: randomBytes(32) })),
            await session.call(
              `${auth}/VerifyTokenAuthority`,
              textMessage({ 1: "ghcr.io", 2: "payload", 3: randomBytes(32) }),
            ),
            await session.call(
              `${auth}/FetchToken`,
              textMessage({
                1: "x",
                2: "ghcr.io",
                3: "https://ghcr.io/token",
                4: "ghcr.io",
                5: ["repository:x/y:pull"],
              }),
            ),
          ]);
          assert.equal(failure, undefined);
          const [login, authority, verification, token] = result ?? [];
          assert.deepEqual(login && credentialsOf(login), { username: "", secret: "" });
          assert.deepEqual([authority?.status, verification?.status, token?.status], [14, 14, 2]);
          assert.equal(daemon.countOf(password), 0);
          assert.match(
            logged,
            /warn: The daemon requested credentials for ghcr\.io, which this build doesn't use\. They were not sent\./,
          );
        });
      }
    }

    it("gets the password of a registry that knows nothing else, and only of that", async () => {
      const { result, daemon } = await attacked(
        { dockerfile: `FROM ${withPasswords.host}/app\nCOPY --from=${withTokens.host}/tools /a /b\n` },
        async (session) => [
          await session.call(`${auth}/Credentials`, textMessage({ 1: withPasswords.host })),
          await session.call(`${auth}/Credentials`, textMessage({ 1: withTokens.host })),
          await session.call(`${auth}/GetTokenAuthority`, textMessage({ 1: withPasswords.host, 2: randomBytes(32) })),
        ],
      );
      const [first, second, authority] = result ?? [];
      assert.deepEqual(first && credentialsOf(first), { username: "me", secret: password });
      assert.deepEqual(second && credentialsOf(second), { username: "", secret: "" });
      assert.equal(authority?.status, 14);
      assert.equal(daemon.countOf(password), 1);
    });

    it("does not get the password of a registry that cannot be asked from here, unless it is on this machine", async () => {
      for (const [place, given] of [
        ["socket", password],
        ["tcp", ""],
      ] as const) {
        const { result, logged, daemon } = await attacked({ dockerfile: "FROM 127.0.0.1:1/app\n", place }, (session) =>
          session.call(`${auth}/Credentials`, textMessage({ 1: "127.0.0.1:1" })),
        );
        assert.equal(result && credentialsOf(result).secret, given);
        assert.equal(daemon.countOf(password), given === "" ? 0 : 1);
        assert.match(logged, /warn: Can't determine whether 127\.0\.0\.1:1 issues tokens/);
      }
    });

    it("gets a token for what the build names, with a key that proves itself", async () => {
      const [salt, payload] = [randomBytes(32), randomBytes(32)];
      const { result, failure, daemon } = await attacked(
        { dockerfile: `FROM ${withTokens.host}/team/app:1\n`, place: "tcp" },
        async (session) => ({
          authority: await session.call(`${auth}/GetTokenAuthority`, textMessage({ 1: withTokens.host, 2: salt })),
          verification: await session.call(
            `${auth}/VerifyTokenAuthority`,
            textMessage({ 1: withTokens.host, 2: payload, 3: salt }),
          ),
          token: await session.call(
            `${auth}/FetchToken`,
            textMessage({
              1: "x",
              2: withTokens.host,
              3: `http://${withTokens.host}/token`,
              4: "little",
              5: ["repository:team/app:pull"],
            }),
          ),
        }),
      );
      assert.equal(failure, undefined);
      const key = decode(result?.authority.messages[0] ?? Buffer.alloc(0)).get(1)?.[0] as Buffer;
      const signed = decode(result?.verification.messages[0] ?? Buffer.alloc(0)).get(1)?.[0] as Buffer;
      const publicKey = createPublicKey({
        key: Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]),
        format: "der",
        type: "spki",
      });
      assert.ok(verify(null, payload, publicKey, signed.subarray(0, 64)) && signed.subarray(64).equals(payload));
      assert.equal(String(decode(result?.token.messages[0] ?? Buffer.alloc(0)).get(1)?.[0]), "the-token");
      assert.equal(daemon.countOf(password), 0);
    });

    const greedy: readonly (readonly [
      what: string,
      fields: (host: string) => Record<number, string | string[]>,
      gets: string | undefined,
    ])[] = [
      [
        "to push what is only read",
        (host) => ({ 3: `http://${host}/token`, 5: ["repository:team/app:pull,push"] }),
        "repository:team/app:pull",
      ],
      [
        "to delete",
        (host) => ({ 3: `http://${host}/token`, 5: ["repository:team/app:delete,pull,*"] }),
        "repository:team/app:pull",
      ],
      [
        "for another repository too",
        (host) => ({ 3: `http://${host}/token`, 5: ["repository:team/app:pull", "repository:team/other:pull"] }),
        "repository:team/app:pull",
      ],
      [
        "for another repository",
        (host) => ({ 3: `http://${host}/token`, 5: ["repository:team/apps:pull"] }),
        undefined,
      ],
      ["for the catalog", (host) => ({ 3: `http://${host}/token`, 5: ["registry:catalog:*"] }), undefined],
      [
        "of a service that it names itself",
        () => ({ 3: "http://127.0.0.1:9/token", 5: ["repository:team/app:pull"] }),
        undefined,
      ],
      [
        "of the service under another path",
        (host) => ({ 3: `http://${host}/steal`, 5: ["repository:team/app:pull"] }),
        undefined,
      ],
      [
        "for another service",
        (host) => ({ 3: `http://${host}/token`, 4: "other", 5: ["repository:team/app:pull"] }),
        undefined,
      ],
    ];
    for (const [what, fields, gets] of greedy) {
      it(`gets ${gets === undefined ? "no token" : "a token for what the build needs"} when it wants one ${what}`, async () => {
        const { result, daemon } = await attacked({ dockerfile: `FROM ${withTokens.host}/team/app:1\n` }, (session) =>
          session.call(
            `${auth}/FetchToken`,
            textMessage({ 1: "x", 2: withTokens.host, 4: "little", ...fields(withTokens.host) }),
          ),
        );
        assert.equal(result?.status, gets === undefined ? 2 : 0);
        assert.deepEqual(
          withTokens.asked.filter((each) => each.startsWith("/token")),
          gets === undefined ? [] : [`/token ${gets}`],
        );
        assert.equal(daemon.countOf(password), 0);
      });
    }
  });

  describe("that asks for secrets and SSH agents", () => {
    const mounts = "FROM busybox\nRUN --mount=type=secret,id=named --mount=type=ssh,id=known true\n";

    it("gets those that a mount names, and no others", async () => {
      process.env["IMAGE_BUILDERS_TEST_HOSTILE"] = secret;
      const secrets = { named: { env: "IMAGE_BUILDERS_TEST_HOSTILE" }, other: { env: "IMAGE_BUILDERS_TEST_HOSTILE" } };
      const ask = (id: string) => (session: CalledSession) =>
        session.call("/moby.buildkit.secrets.v1.Secrets/GetSecret", textMessage({ 1: id }));
      const named = await attacked({ dockerfile: mounts, options: { secrets } }, ask("named"));
      assert.equal(named.daemon.countOf(secret), 1);
      named.daemon.received = [];
      for (const id of ["other", "unknown", "../named", ""]) {
        const { result, daemon, logged } = await attacked({ dockerfile: mounts, options: { secrets } }, ask(id));
        assert.equal(result?.status, 5, id);
        assert.equal(daemon.countOf(secret), 0, id);
        if (id === "other")
          assert.match(
            logged,
            /warn: The daemon requested the secret "other", which no mount in Dockerfile uses\. It was not sent\./,
          );
      }
      delete process.env["IMAGE_BUILDERS_TEST_HOSTILE"];
    });

    it("reaches the agents that a mount names, and no others", async () => {
      const ssh = { known: agentSocket, other: agentSocket, default: agentSocket };
      const { result } = await attacked({ dockerfile: mounts, options: { ssh } }, async (session) => {
        const statuses: Record<string, number> = {};
        for (const id of ["known", "other", "default", "", agentSocket])
          statuses[id] = (await session.call("/moby.sshforward.v1.SSH/CheckAgent", textMessage({ 1: id }))).status;
        return statuses;
      });
      assert.deepEqual(result, { known: 0, other: 2, default: 2, "": 2, [agentSocket]: 2 });
    });
  });

  describe("that asks for files", () => {
    const files = { "src/a.txt": "copied", "private/key": secret, ".env": secret };
    const dockerfile = "FROM scratch\nCOPY src /src\n";

    const foreign: readonly (readonly [what: string, dirName: string, followPaths: readonly string[]])[] = [
      ["the folder of the system", "/", []],
      ["another name of a folder", "root", []],
      ["not a folder", "", []],
      ["a folder beside", "context/../..", []],
      ["an absolute path", "context", ["/etc/passwd"]],
      ["a path that leads out", "context", ["../outside"]],
      ["a path that leads out in its midst", "context", ["src/../../outside"]],
      ["a path with a zero", "context", ["src\0"]],
    ];
    for (const place of ["socket", "tcp"] as const) {
      for (const [what, dirName, followPaths] of foreign) {
        it(`is refused ${what} (${place})`, async () => {
          const { result, failure, logged, daemon } = await attacked({ dockerfile, files, place }, (session) =>
            session.copy({
              dirName,
              followPaths: followPaths.map((path) => encodeURIComponent(path)),
              metadata: { "followpaths-encoded": "1" },
            }),
          );
          assert.deepEqual(result?.files ?? [], []);
          assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
          assert.match(
            logged,
            /warn: The daemon requested the (folder|path) .*, which is not part of this build\. It was not sent\./,
          );
          assert.equal(daemon.countOf(secret), 0);
        });
      }
    }

    const greedy: readonly (readonly [what: string, followPaths: readonly string[]])[] = [
      ["everything", []],
      ["a file that is not copied", [".env"]],
      ["a folder that is not copied, too", ["src", "private"]],
      ["what a wildcard means", ["*"]],
      ["the root", ["."]],
    ];
    for (const [what, followPaths] of greedy) {
      const copying = async (session: CalledSession): Promise<Copied> => {
        const copied = await session.copy({ dirName: "context", followPaths });
        if (copied.failure) throw new Error(copied.failure);
        return copied;
      };

      it(`elsewhere gets nothing when it asks for ${what} and nobody can be asked`, async () => {
        const { failure, daemon, logged } = await attacked({ dockerfile, files, place: "tcp" }, copying);
        assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
        assert.match(
          failure.message,
          /^The remote daemon requested ".*" from the build context, which the Dockerfile doesn't copy\. It was not sent\./,
        );
        assert.match(
          logged,
          /warn: The daemon requested ".*" from the build context, which the Dockerfile doesn't copy\./,
        );
        assert.equal(daemon.countOf(secret), 0);
      });

      it(`elsewhere gets it when it asks for ${what} and somebody agrees to the whole`, async () => {
        const uploads: { readonly wantsKey: boolean; readonly files: number }[] = [];
        const confirm = async ({ isRequested, review }: Upload): Promise<void> =>
          void uploads.push({ wantsKey: isRequested("private/key"), files: (await review({})).files });
        const { failure, daemon } = await attacked({ dockerfile, files, place: "tcp", confirm }, copying);
        assert.equal(failure, undefined);
        assert.deepEqual(uploads, [
          { wantsKey: false, files: 1 },
          { wantsKey: true, files: 4 },
        ]);
        assert.ok(daemon.countOf(secret) > 0);
      });

      it(`elsewhere gets nothing when it asks for ${what} and somebody does not agree to the whole`, async () => {
        let questions = 0;
        const confirm = async (): Promise<void> => {
          if (++questions > 1) throw new Error("no");
        };
        const { failure, daemon } = await attacked({ dockerfile, files, place: "tcp", confirm }, copying);
        assert.ok(failure instanceof Error, "the build fails");
        assert.equal(questions, 2);
        assert.equal(daemon.countOf(secret), 0);
      });
    }

    const widened: readonly (readonly [what: string, dockerfile: string, change: (root: string) => void])[] = [
      [
        "the folder that is copied is a link now",
        "FROM scratch\nCOPY src /src\n",
        (root) => (renameSync(join(root, "src"), join(root, "away")), symlinkSync("away", join(root, "src"))),
      ],
      [
        "a link lies where a wildcard looks",
        "FROM scratch\nCOPY src/*.txt /src/\n",
        (root) => symlinkSync("a.txt", join(root, "src/link")),
      ],
      [
        "a folder above is gone",
        "FROM scratch\nCOPY src/*.txt /src/\n",
        (root) => (renameSync(join(root, "src"), join(root, "away")), writeFileSync(join(root, "src"), "")),
      ],
      [
        "a link lies where a variable may lead",
        "FROM scratch\nARG TARGETARCH\nCOPY src/a${TARGETARCH} /src/\n",
        (root) => symlinkSync("a.txt", join(root, "src/a-link")),
      ],
    ];
    for (const [what, copies, change] of widened) {
      it(`elsewhere gets nothing more than what was looked at when ${what} since the question`, async () => {
        let questions = 0;
        const confirm = async ({ review }: Upload): Promise<void> => {
          if (++questions > 1) throw new Error("no");
          await review({});
          change(roots.at(-1) ?? "");
        };
        const { daemon } = await attacked({ dockerfile: copies, files, place: "tcp", confirm }, (session) =>
          session.copy({ dirName: "context", followPaths: [] }),
        );
        assert.equal(daemon.countOf(secret), 0);
        assert.equal(questions, 2);
      });
    }

    it("elsewhere gets what the Dockerfile copies, without a question", async () => {
      const { result, failure } = await attacked({ dockerfile, files, place: "tcp" }, (session) =>
        session.copy({ dirName: "context", followPaths: ["src"] }),
      );
      assert.equal(failure, undefined);
      assert.deepEqual(
        result?.files.map(({ path, bytes }) => [path, bytes.toString()]),
        [
          ["src", ""],
          ["src/a.txt", "copied"],
        ],
      );
    });

    it("elsewhere is told of no ignore file when it asks for that as Docker 20.10 does", async () => {
      const { result, failure } = await attacked(
        { dockerfile, files: { ...files, ".dockerignore": `${secret}\n` }, place: "tcp" },
        (session) => session.copy({ dirName: "context", followPaths: [".dockerignore"] }),
      );
      assert.equal(failure, undefined);
      assert.deepEqual(result, { files: [], failure: "" });
    });

    const requests: readonly (readonly [what: string, ids: readonly number[]])[] = [
      ["a file that was not listed", [99]],
      ["a file with a number beyond all", [2 ** 32 - 1]],
      ["the same file again and again", Array.from({ length: 100_000 }, () => 1)],
    ];
    for (const [what, ids] of requests) {
      it(`is refused ${what}`, async () => {
        const { failure } = await attacked({ dockerfile, files }, (session) =>
          session.copy({ dirName: "context", ids: () => ids }),
        );
        assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
        assert.match(failure.message, /^The daemon requested file number \d+ \(unknown or already sent\)/);
      });
    }
  });

  it("that asks without end is refused in the end", async function () {
    this.timeout(60_000);
    const { failure, logged } = await attacked({ dockerfile: "FROM scratch\n" }, async (session) => {
      for (let i = 0; i < 11_000; i += 100) {
        await Promise.all(
          Array.from({ length: 100 }, () =>
            session.call("/moby.buildkit.secrets.v1.Secrets/GetSecret", textMessage({ 1: "x" })),
          ),
        );
      }
      throw new Error("nobody refused");
    });
    assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
    assert.match(logged, /warn: The daemon made more than 10000 requests/);
  });

  it("that announces a message without end is not waited for", async () => {
    const { result } = await attacked({ dockerfile: "FROM scratch\n" }, async (session) => {
      const stream = session.open(`${auth}/Credentials`);
      const ended = once(stream, "end");
      stream.resume();
      stream.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]));
      await ended;
      return "answered";
    });
    assert.equal(result, "answered");
  });

  const endless: readonly (readonly [what: string, method: string, message: Uint8Array, status: number])[] = [
    ["a secret", "/moby.buildkit.secrets.v1.Secrets/GetSecret", textMessage({ 1: "x\u20ac".repeat(16_000) }), 5],
    ["an SSH agent", "/moby.sshforward.v1.SSH/CheckAgent", textMessage({ 1: "\u20ac".repeat(20_000) }), 2],
    ["a host", `${auth}/Credentials`, textMessage({ 1: "x".repeat(60_000) }), 0],
    ["a host of tokens", `${auth}/GetTokenAuthority`, textMessage({ 1: "x".repeat(60_000), 2: "salt" }), 14],
    [
      "scopes",
      `${auth}/FetchToken`,
      textMessage({ 1: "x", 2: "ghcr.io", 3: "https://ghcr.io/token", 4: "ghcr.io", 5: [" ".repeat(60_000)] }),
      2,
    ],
    [
      "a secret, by more than a question holds",
      "/moby.buildkit.secrets.v1.Secrets/GetSecret",
      textMessage({ 1: "x".repeat(70_000) }),
      8,
    ],
    ["scopes, by more than a question holds", `${auth}/FetchToken`, textMessage({ 5: [" ".repeat(3_000_000)] }), 8],
  ];
  for (const [what, method, message, status] of endless) {
    it(`that names ${what} without end is answered in short, and goes on to be answered`, async () => {
      const { result, failure, logged } = await attacked({ dockerfile: "FROM ghcr.io/x/y\n" }, async (session) => [
        await session.call(method, message),
        await session.call("/grpc.health.v1.Health/Check", Buffer.alloc(0)),
      ]);
      assert.ok(failure === undefined || ImageBuilderError.is(failure), String(failure));
      const [first, second] = result ?? [];
      assert.deepEqual([first?.status, second?.status], [status, 0]);
      assert.ok((first?.message.length ?? 0) < 16_000, `${first?.message.length} characters`);
      assert.ok(logged.length < 4000, `${logged.length} characters of log`);
    });
  }

  it("that names a host of several lines writes no line of the log", async () => {
    const { logged } = await attacked({ dockerfile: "FROM ghcr.io/x/y\n" }, (session) =>
      session.call(`${auth}/Credentials`, textMessage({ 1: "x\nerror: forged\u202e" })),
    );
    assert.doesNotMatch(logged, /^error: forged|\u202e/m);
    assert.match(logged, /warn: The daemon requested credentials for x.*forged.*, which this build doesn't use/);
  });

  it("that asks for more messages than one after another is answered once", async () => {
    const { result } = await attacked({ dockerfile: "FROM scratch\n" }, async (session) => {
      const stream = session.open("/grpc.health.v1.Health/Check");
      let bytes = 0;
      stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
      const closed = once(stream, "close");
      for (let i = 0; i < 1000; i++) stream.write(framed(Buffer.alloc(1000)));
      stream.end();
      await closed;
      return bytes;
    });
    assert.equal(result, 7);
  });

  const malformed: readonly (readonly [method: string, what: string, options: BuildOptions])[] = [
    ["Solve", "build result", {}],
    ["ListWorkers", "list of workers", { extraHosts: ["db:host-gateway"] }],
  ];
  for (const [method, what, options] of malformed) {
    for (const [how, bytes] of Object.entries({
      "a length past the end": [0x0a, 0x7f, 0x0a],
      "a value longer than its message": [0x0a, 4, 0x12, 8, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61],
      "no tags": [0x0a, 2, 0xff, 0xff, 0xff],
    })) {
      it(`that answers ${method} with ${how} fails the build in one plain sentence`, async () => {
        const daemon = daemons.get("socket");
        daemon?.answers.set(method, Uint8Array.of(...bytes));
        try {
          const { failure } = await attacked({ dockerfile: "FROM scratch\n", options }, async () => undefined);
          assert.ok(ImageBuilderError.is(failure, "daemonFailed"), String(failure));
          assert.match(
            failure.message,
            new RegExp(
              `^The Docker daemon at .+ returned an invalid ${what}\\. Check that it is working, then build again\\.$`,
            ),
          );
        } finally {
          daemon?.answers.clear();
        }
      });
    }
  }

  const astray = ["../outside", "/tmp/outside", "a/../../outside", "..", ".", "a//b", ""];
  for (const path of astray) {
    it(`that exports to ${JSON.stringify(path)} writes nothing`, async () => {
      const dest = join(temporaryFolder(), "target");
      const { failure, logged } = await attacked(
        { dockerfile: "FROM scratch\n", options: { output: { type: "local", dest } } },
        async (session) => {
          const stream = session.open("/moby.filesync.v1.FileSend/DiffCopy");
          stream.resume();
          const closed = once(stream, "close");
          const stat = Writer.create().uint32(10).string(path).uint32(16).uint32(0o644).uint32(40).int64(4).finish();
          stream.write(framed(Writer.create().uint32(8).int32(0).uint32(18).bytes(stat).finish()));
          stream.write(framed(Writer.create().uint32(8).int32(0).finish()));
          await closed;
        },
      );
      assert.ok(ImageBuilderError.is(failure, "requestRefused"), String(failure));
      assert.match(
        logged,
        /warn: Can't write the build result to ".*target", because the daemon sent the path .*, which is outside the exported folder/,
      );
      assert.deepEqual(readdirSync(dirname(dest)), []);
      assert.ok(!existsSync("/tmp/outside"));
    });
  }
});
