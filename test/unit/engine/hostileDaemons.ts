import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createSocketServer, type AddressInfo } from "node:net";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import type { Upload } from "../../../src/core/context/review/upload";
import type { CredentialSource } from "../../../src/core/credentials/credentialSource";
import { buildAndPush } from "../../../src/core/jobs/buildAndPush";
import { coreOn, engineAt, localBuilder } from "../../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import { ScriptedDaemon, type CalledSession } from "../../support/scriptedDaemon";
import { socketPlace } from "../../support/socketPlace";

/** What no daemon may get. */
export const password = `password-${randomBytes(12).toString("hex")}`;
/** What no daemon may get. */
export const secret = `secret-${randomBytes(12).toString("hex")}`;

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

/** Daemons that ask for what a test has them ask for, with registries and an SSH agent. */
export type HostileDaemons = Awaited<ReturnType<typeof startHostileDaemons>>;

/** Starts a daemon on a socket and one elsewhere. */
export async function startHostileDaemons() {
  const daemons = new Map<"socket" | "tcp", ScriptedDaemon>();
  const roots: string[] = [];
  for (const place of ["socket", "tcp"] as const) daemons.set(place, await ScriptedDaemon.start(place, async () => {}));
  const [withTokens, withPasswords] = [
    await new LittleRegistry("token").start(),
    await new LittleRegistry("password").start(),
  ];
  const agentSocket = socketPlace();
  // It has no keys.
  const agent = createSocketServer((socket) =>
    socket.on("data", () => socket.write(Buffer.from([0, 0, 0, 5, 12, 0, 0, 0, 0]))),
  );
  await once(agent.listen(agentSocket), "listening");

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

  return {
    withTokens,
    withPasswords,
    agentSocket,
    daemons,
    /** The contexts of all builds. */
    roots,
    attacked,
    reset(): void {
      withTokens.asked.length = 0;
      for (const daemon of daemons.values()) daemon.received = [];
    },
    async stop(): Promise<void> {
      for (const daemon of daemons.values()) await daemon.stop();
      for (const server of [withTokens, withPasswords]) server.stop();
      agent.close();
      removeTemporaryFolders();
    },
  };
}
