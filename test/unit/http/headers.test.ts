import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { HttpClient } from "../../../src/core/http/httpClient";

describe("a header that cannot be sent", () => {
  const url = new URL("http://127.0.0.1:9/");
  const unsendable: readonly Readonly<Record<string, string>>[] = [
    { "X Y": "s3cr3t" },
    { "X\r\nEvil": "s3cr3t" },
    { "": "s3cr3t" },
    { X: "s3cr3t\n" },
    { X: "\u0100" },
  ];
  for (const headers of unsendable)
    it(`is told of in our own words: ${JSON.stringify(headers)}`, async () => {
      await assert.rejects(new HttpClient({ env: {} }).send({ url, headers }), (error) => {
        assert.ok(ImageBuilderError.is(error, "requestFailed"), String(error));
        assert.match(error.message, /^The request for 127\.0\.0\.1:9 contains a character that can't be sent/);
        return !error.message.includes("s3cr3t");
      });
    });
});
