import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { failureIn, jsonLines, type DaemonMessage } from "../../../src/core/transport/jsonLines";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { recordingOperation } from "../../support/operation";

async function read(chunks: readonly (string | Buffer)[], operation = recordingOperation()): Promise<DaemonMessage[]> {
  const messages: DaemonMessage[] = [];
  for await (const message of jsonLines(
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
    operation,
  ))
    messages.push(message);
  return messages;
}

describe("jsonLines", () => {
  it("joins lines that are split over chunks, an error among them [Z103]", async () => {
    const messages = await read(['{"stream":"a"}\r\n{"err', 'orDetail":{"message":"boom"},"error":"boom"}\r\n']);
    assert.deepEqual(messages.map(failureIn), [undefined, "boom"]);
  });

  it("joins a character that is split over chunks", async () => {
    const bytes = Buffer.from('{"stream":"é😀"}\n');
    for (let cut = 1; cut < bytes.length; cut++) {
      assert.deepEqual(await read([bytes.subarray(0, cut), bytes.subarray(cut)]), [{ stream: "é😀" }], `cut at ${cut}`);
    }
  });

  it("reads a last line without its newline", async () => {
    assert.deepEqual(await read(['{"status":"done"}']), [{ status: "done" }]);
  });

  it("warns of a line that is not JSON and goes on [Z103]", async () => {
    const operation = recordingOperation();
    assert.deepEqual(await read(["nonsense\n", '{"status":"on"}\n'], operation), [{ status: "on" }]);
    assert.match(operation.logged.join("\n"), /warn: .*nonsense/);
  });

  it("says that the daemon was lost when the connection breaks", async () => {
    const broken = new Readable({
      read() {
        this.destroy(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
      },
    });
    const reading = jsonLines(broken, recordingOperation()).next();
    await assert.rejects(reading, (error) => ImageBuilderError.is(error, "daemonLost"));
  });

  it("throws the abort reason, not the broken connection, when cancelled", async () => {
    const controller = new AbortController();
    const reason = new Error("cancelled by the user");
    const endless = new Readable({ read() {} });
    const reading = jsonLines(endless, recordingOperation(controller.signal)).next();
    controller.abort(reason);
    endless.destroy(new Error("aborted"));
    await assert.rejects(reading, reason);
  });
});
