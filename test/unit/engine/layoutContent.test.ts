import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  connect,
  createServer,
  type ClientHttp2Session,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from "node:net";
import { join } from "node:path";
import { answerInfo, answerRead } from "../../../src/core/session/layoutContent";
import { finish, frame, GrpcError, messages } from "../../../src/core/transport/grpc";
import { decodeMessage, encodeMessage } from "../../../src/core/transport/message";
import {
  InfoRequest,
  InfoResponse,
  ReadContentRequest,
  ReadContentResponse,
} from "../../../src/core/transport/proto/content.pb";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

const blob = Buffer.from("0123456789".repeat(300_000));
const hexOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const digest = `sha256:${hexOf(blob)}`;
const absent = "0".repeat(64);

describe("the blobs of an OCI layout", () => {
  let server: Http2Server;
  let client: ClientHttp2Session;
  let socket: SocketServer;

  before(async () => {
    const outside = temporaryFolder({ key: "secret" });
    const root = temporaryFolder({ [`blobs/sha256/${hexOf(blob)}`]: blob, "index.json": "{}" });
    symlinkSync(join(outside, "key"), join(root, "blobs/sha256", "1".repeat(64)));
    mkdirSync(join(root, "blobs/sha256", "2".repeat(64)));
    execFileSync("mkfifo", [join(root, "blobs/sha256", "3".repeat(64))]);
    symlinkSync("/dev/zero", join(root, "blobs/sha256", "4".repeat(64)));
    // The path of a socket is too long for this place, so it is moved there.
    const short = join(outside, "s");
    socket = createSocketServer();
    await once(socket.listen(short), "listening");
    renameSync(short, join(root, "blobs/sha256", "5".repeat(64)));
    const linked = temporaryFolder({ "index.json": "{}" });
    symlinkSync(join(root, "blobs"), join(linked, "blobs"));
    const layouts = [
      { storeId: "store", root },
      { storeId: "linked", root: linked },
    ];
    server = createServer();
    server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      const answer = headers[":path"] === "/Info" ? answerInfo : answerRead;
      answer(stream, raw, layouts).catch((error: unknown) => {
        finish(stream, error instanceof GrpcError ? error.status : 2, String(error));
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  after(() => {
    client.destroy();
    server.close();
    socket.close();
    removeTemporaryFolders();
  });

  async function ask(
    path: "/Info" | "/Read",
    request: Uint8Array,
    store = "oci:store",
  ): Promise<{ answers: Buffer[]; status: number }> {
    const call = client.request({ ":method": "POST", ":path": path, "buildkit-attachable-store-id": store });
    call.end(frame(request));
    let status = -1;
    call.on("trailers", (trailers) => (status = Number(trailers["grpc-status"])));
    const answers: Buffer[] = [];
    for await (const message of messages(call)) answers.push(Buffer.from(message));
    return { answers, status };
  }
  const read = (request: Partial<ReadContentRequest>, store?: string) =>
    ask("/Read", encodeMessage(ReadContentRequest, { digest, offset: 0n, size: 0n, ...request }), store);
  const bytesOf = ({ answers }: { answers: Buffer[] }): Buffer =>
    Buffer.concat(answers.map((answer) => decodeMessage(ReadContentResponse, answer).data));

  it("have their size", async () => {
    const { answers } = await ask("/Info", encodeMessage(InfoRequest, { digest }));
    assert.deepEqual(decodeMessage(InfoResponse, answers[0] ?? Buffer.alloc(0)).info, {
      digest,
      size: BigInt(blob.length),
    });
  });

  const parts: readonly (readonly [offset: bigint, size: bigint])[] = [
    [0n, 0n],
    [0n, 5n],
    [2_999_990n, 0n],
    [1_048_570n, 20n],
    [2_999_990n, 1_000_000_000_000n],
    [3_000_000n, 0n],
  ];
  for (const [offset, size] of parts) {
    it(`are read from ${offset}, ${size} bytes`, async () => {
      const answer = await read({ offset, size });
      assert.equal(answer.status, 0);
      const end = size === 0n ? blob.length : Number(offset + size);
      assert.ok(bytesOf(answer).equals(blob.subarray(Number(offset), end)));
    });
  }

  const refused: readonly (readonly [what: string, request: Partial<ReadContentRequest>, store?: string])[] = [
    ["of another layout", {}, "oci:other"],
    ["of no layout", {}, ""],
    ["that is not there", { digest: `sha256:${absent}` }],
    ["by a path", { digest: "sha256:../../index.json" }],
    ["by a path without an algorithm", { digest: "../index.json" }],
    ["with an algorithm that is a path", { digest: `../blobs/sha256:${hexOf(blob)}` }],
    ["that is a link to a file outside", { digest: `sha256:${"1".repeat(64)}` }],
    ["that is a folder", { digest: `sha256:${"2".repeat(64)}` }],
    ["that is a pipe", { digest: `sha256:${"3".repeat(64)}` }],
    ["that is a link to a device", { digest: `sha256:${"4".repeat(64)}` }],
    ["that is a socket", { digest: `sha256:${"5".repeat(64)}` }],
    ["in a linked folder", {}, "oci:linked"],
    ["from beyond its end", { offset: 3_000_001n }],
    ["from before its beginning", { offset: -1n }],
    ["of a negative size", { size: -1n }],
  ];
  for (const [what, request, store] of refused) {
    it(`are not read ${what}`, async () => {
      const answer = await read(request, store);
      assert.ok([5, 11].includes(answer.status), `status ${answer.status}`);
      assert.deepEqual(answer.answers, []);
    });
  }
});
