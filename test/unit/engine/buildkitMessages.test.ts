import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Root } from "protobufjs";
import { root } from "../../../scripts/setup/paths.mjs";
import type { BuildOptions } from "../../../src/core/base/buildOptions";
import type { CredentialAnswer } from "../../../src/core/credentials/credentialSource";
import { readErrorDetails } from "../../../src/core/engine/errorDetails";
import { linesOf, timeOf } from "../../../src/core/engine/progress/statusResponse";
import {
  decodeHostGateway,
  decodeSolveResponse,
  encodeSolveRequest,
  encodeStatusRequest,
  type BuildkitBuild,
} from "../../../src/core/engine/solveRequest";
import { encodeEnd, encodeRequest } from "../../../src/core/session/packet";
import { receivedEntry } from "../../../src/core/session/receivedEntry";
import { answerCredentials } from "../../../src/core/session/registryAuth";
import { answerSecret } from "../../../src/core/session/secrets";
import { answerAuthority, answerToken, answerVerification } from "../../../src/core/session/tokenAuthority";
import { decodeMessage, encodeMessage } from "../../../src/core/transport/message";
import { StatusResponse } from "../../../src/core/transport/proto/control.pb";
import { HealthCheckResponse } from "../../../src/core/transport/proto/health.pb";
import { BytesMessage } from "../../../src/core/transport/proto/ssh.pb";
import { Packet } from "../../../src/core/transport/proto/wire.pb";

interface Golden {
  /** In hexadecimal digits. */
  readonly encoded: Readonly<Record<string, string>>;
  readonly decoded: Readonly<Record<string, { readonly bytes: string; readonly value: unknown }>>;
  readonly requests: Readonly<Record<string, string>>;
}

/** Written by code that put each tag and value by hand, before the code was generated. */
const golden = JSON.parse(readFileSync(join(root, "test/fixtures/buildkit/messages.json"), "utf8")) as Golden;

const bytes = (hex = ""): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (message: Uint8Array): string => Buffer.from(message).toString("hex");
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const dockerfile = { file: "/x/Dockerfile.web", name: "Dockerfile.web", bytes: Buffer.alloc(0), text: "FROM a\n" };
const solve = (options: BuildOptions, more: Partial<BuildkitBuild> = {}): Uint8Array => {
  const job = { options, imageNames: ["a:1", "b:2"] } as unknown as BuildkitBuild["job"];
  return encodeSolveRequest(ref, { job, dockerfile, sessionId: "session-1", exporter: undefined, ...more });
};
const ref = "0123456789abcdef01234567";

const login = (credentials: CredentialAnswer["credentials"]) => async () => ({ credentials, source: "the test" });
const tokens = {
  seed: async () => Buffer.from("seed of the login"),
  token: async () => ({ token: "the-token", expiresInSeconds: 300 }),
};
const emptyValues: BuildOptions = { noCache: true, buildArgs: { EMPTY: "" }, networkMode: "default" };

describe("a message to BuildKit has the bytes that were written by hand:", () => {
  const asked = (name: string): Uint8Array => bytes(golden.requests[name]);
  const written: Readonly<Record<string, () => Uint8Array | Promise<Uint8Array>>> = {
    "solve plain": () => solve({}),
    "solve all": () =>
      solve(
        {
          target: "app",
          platform: "linux/arm64",
          noCacheFilter: ["a", "b"],
          pull: true,
          networkMode: "host",
          cacheFrom: ["c:1", "type=registry,ref=d:1"],
          extraHosts: ["one:10.0.0.1", "db:host-gateway"],
          shmSizeBytes: 5,
          ulimits: ["nofile=1:2"],
          buildArgs: { A: "b,c=d", Ü: "😀".repeat(60) },
          labels: { "org.x": "y" },
          cacheTo: ["type=registry,ref=c:1,mode=max", "type=inline"],
        },
        { contexts: { "context:x": "docker-image://a" }, hostGateway: ["10.0.0.1", "fd00::1"] },
      ),
    "solve exported": () =>
      solve(
        { buildArgs: { BUILDKIT_INLINE_CACHE: "1" } },
        { exporter: { type: "tar", attributes: { platform: "x" } } as BuildkitBuild["exporter"] },
      ),
    "status request": () => encodeStatusRequest(ref),
    "login with a password": () => answerCredentials(asked("host"), login({ username: "me", password: "p😀" })),
    "login with an identity token": () => answerCredentials(asked("host"), login({ identityToken: "id" } as never)),
    "no login": () => answerCredentials(asked("host"), async () => undefined),
    authority: () => answerAuthority(asked("authority"), tokens),
    verification: () => answerVerification(asked("verification"), tokens),
    token: () => answerToken(asked("token"), tokens),
    secret: () => answerSecret(bytes("0a026964"), async () => Uint8Array.of(0, 255, 10)),
    "agent message": () => encodeMessage(BytesMessage, { data: Uint8Array.of(0, 0, 0, 1, 5) }),
    end: () => encodeEnd(),
    error: () => encodeEnd("é failed"),
    "file request": () => encodeRequest(300),
  };
  const now = Date.now;
  before(() => void (Date.now = () => 1_700_000_000_000));
  after(() => void (Date.now = now));

  for (const [name, write] of Object.entries(written))
    it(name, async () => assert.equal(hex(await write()), golden.encoded[name]));

  it("all of them, but for empty values of a map, which are left out", () => {
    const names = [...Object.keys(written), "solve emptyValues"].sort();
    assert.deepEqual(Object.keys(golden.encoded).sort(), names);
    const before = bytes(golden.encoded["solve emptyValues"]);
    const empty = { "no-cache": "", "build-arg:EMPTY": "" };
    assert.equal(solve(emptyValues).length, before.length - 2 * Object.keys(empty).length);
    const attributes = [before, solve(emptyValues)].map((message) => solveRequestByOtherLibrary(message));
    assert.deepEqual(attributes[1], attributes[0]);
    assert.deepEqual({ ...(attributes[0]?.["FrontendAttrs"] as object), ...empty }, attributes[0]?.["FrontendAttrs"]);
  });

  it("the health of the session", () => {
    assert.equal(hex(encodeMessage(HealthCheckResponse, { status: 1 })), "0801");
  });
});

describe("a message of BuildKit is read as it was by hand:", () => {
  const { status, solved, workers, failed, entry, data } = golden.decoded;

  it("progress", () => {
    const { vertexes, statuses, logs, warnings } = decodeMessage(StatusResponse, bytes(status?.bytes));
    const utf8 = (each: Uint8Array) => Buffer.from(each).toString("utf8");
    assert.deepEqual(
      plain({
        vertexes: vertexes.map((each) => ({
          ...each,
          started: timeOf(each.started),
          completed: timeOf(each.completed),
        })),
        statuses: statuses.map(({ ID, current, total, completed, ...rest }) => ({
          id: ID,
          ...rest,
          current: Number(current),
          total: Number(total),
          completed: timeOf(completed),
        })),
        logs: logs.map(({ vertex, stream, msg }) => ({ vertex, stream: Number(stream), bytes: hex(msg) })),
        warnings: warnings.map(({ short, detail, url, info, ranges }) => ({
          text: utf8(short),
          detail: detail.map(utf8),
          url,
          filename: info?.filename,
          ranges: linesOf(ranges),
        })),
      }),
      status?.value,
    );
  });

  it("a build's result", () => {
    assert.deepEqual([...decodeSolveResponse(bytes(solved?.bytes), "The daemon")], solved?.value);
  });

  it("what a worker tells of its host", () => {
    assert.deepEqual(decodeHostGateway(bytes(workers?.bytes), "The daemon"), workers?.value);
  });

  it("the details of an error", () => {
    assert.deepEqual(plain(readErrorDetails(bytes(failed?.bytes))), failed?.value);
  });

  it("the packets of a transfer", () => {
    const { type, ID, data: content, stat } = decodeMessage(Packet, bytes(entry?.bytes));
    const received = stat && receivedEntry(stat);
    assert.deepEqual({ type, id: ID, data: hex(content), entry: received }, entry?.value);
    const file = decodeMessage(Packet, bytes(data?.bytes));
    assert.deepEqual({ type: file.type, id: file.ID, data: hex(file.data) }, data?.value);
  });
});

/** Reads by the `.proto` file and another library. */
function solveRequestByOtherLibrary(message: Uint8Array): Readonly<Record<string, unknown>> {
  const types = new Root().loadSync(join(root, "src/core/transport/proto/control.proto"), { keepCase: true });
  const type = types.lookupType("moby.buildkit.v1.SolveRequest");
  return type.toObject(type.decode(message));
}
