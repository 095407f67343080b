import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../../scripts/oracle/random.mjs";
import { root } from "../../../scripts/setup/paths.mjs";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { readErrorDetails } from "../../../src/core/engine/errorDetails";
import { BuildkitProgress } from "../../../src/core/engine/progress/buildkitProgress";
import { decodeHostGateway, decodeSolveResponse } from "../../../src/core/engine/solveRequest";
import { receivedEntry } from "../../../src/core/session/receivedEntry";
import { answerCredentials } from "../../../src/core/session/registryAuth";
import { answerSecret } from "../../../src/core/session/secrets";
import { answerCheckAgent } from "../../../src/core/session/sshForward";
import { answerAuthority, answerToken, answerVerification } from "../../../src/core/session/tokenAuthority";
import { GrpcError } from "../../../src/core/transport/grpc";
import { decodeMessage } from "../../../src/core/transport/message";
import { BytesMessage } from "../../../src/core/transport/proto/ssh.pb";
import { Packet } from "../../../src/core/transport/proto/wire.pb";
import { fuzzSeed } from "../../support/fuzz";
import { volume } from "../../support/volume";

interface Golden {
  readonly encoded: Readonly<Record<string, string>>;
  readonly decoded: Readonly<Record<string, { readonly bytes: string }>>;
  readonly requests: Readonly<Record<string, string>>;
}
const golden = JSON.parse(readFileSync(join(root, "test/fixtures/buildkit/messages.json"), "utf8")) as Golden;
const real = [
  ...Object.values(golden.encoded),
  ...Object.values(golden.requests),
  ...Object.values(golden.decoded).map(({ bytes }) => bytes),
].map((hex) => Buffer.from(hex, "hex"));

const tokens = {
  seed: async () => Buffer.from("seed"),
  token: async () => ({ token: "token", expiresInSeconds: 300 }),
};

/** What reads messages of a daemon, and whether what it throws is for a person; null where it must not throw at all. */
type Reading = readonly [work: (bytes: Buffer) => unknown, expected: ((error: unknown) => boolean) | null];
const isPlain = (error: unknown): boolean =>
  error instanceof GrpcError ||
  (error instanceof Error && error.message === "the daemon sent a malformed message" && error.cause instanceof Error);
const isForPerson = (error: unknown): boolean =>
  ImageBuilderError.is(error, "daemonFailed") &&
  /^The daemon returned an invalid (build result|list of workers)\. Check that it is working, then build again\.$/.test(
    error.message,
  );
const readings: Readonly<Record<string, Reading>> = {
  progress: [
    (bytes) =>
      new BuildkitProgress(
        () => {},
        () => undefined,
      ).accept(bytes),
    null,
  ],
  "an error's details": [readErrorDetails, null],
  "a build's result": [(bytes) => decodeSolveResponse(bytes, "The daemon"), isForPerson],
  "a list of workers": [(bytes) => decodeHostGateway(bytes, "The daemon"), isForPerson],
  "a request for a login": [(bytes) => answerCredentials(bytes, async () => undefined), isPlain],
  "a request for a key": [(bytes) => answerAuthority(bytes, tokens), isPlain],
  "a request for a proof": [(bytes) => answerVerification(bytes, tokens), isPlain],
  "a request for a token": [(bytes) => answerToken(bytes, tokens), isPlain],
  "a request for a secret": [(bytes) => answerSecret(bytes, async () => Buffer.from("x")), isPlain],
  "a request for an agent": [(bytes) => answerCheckAgent(bytes, new Map([["default", "/x"]])), isPlain],
  "a message to an agent": [(bytes) => decodeMessage(BytesMessage, bytes), isPlain],
  "a packet": [
    (bytes) => {
      const { stat } = decodeMessage(Packet, bytes);
      return stat && receivedEntry(stat);
    },
    isPlain,
  ],
};

describe("a fuzz of a daemon's messages", () => {
  const seed = fuzzSeed();

  for (const [what, [work, expected]] of Object.entries(readings)) {
    it(`finds none that is not read or refused in plain words as ${what}`, async () => {
      const random = new Random(seed);
      let refused = 0;
      const inputs = volume(2_000, 50_000);
      for (let turn = 0; turn < inputs; turn++) {
        const bytes = mutated(random);
        try {
          await work(bytes);
        } catch (error) {
          refused++;
          assert.ok(expected?.(error), `seed ${seed}, ${bytes.toString("hex")}: ${String(error)}`);
        }
      }
      if (expected) assert.ok(refused > inputs / 20 && refused < inputs, `${refused} of ${inputs} were refused`);
    }).timeout(volume(60_000, 600_000));
  }
});

/** Changes a real message at some places. */
function mutated(random: Random): Buffer {
  let bytes = Buffer.from(random.pick(real));
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(bytes.length + 1);
    const to = Math.min(bytes.length, at + random.below(12));
    const inserted = [
      Buffer.alloc(0),
      Buffer.from([random.below(256)]),
      Buffer.from([0xff, 0xff, 0xff, 0xff, random.below(256)]),
      Buffer.from(random.times(1, 12, () => random.below(256))),
      bytes.subarray(random.below(bytes.length + 1)).subarray(0, 40),
      random.pick(real).subarray(0, 60),
    ][random.below(6)] as Buffer;
    const keeps = random.chance(0.5);
    bytes = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(keeps ? at : to)]);
  }
  return bytes;
}
