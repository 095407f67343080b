import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { resolveEndpoint, type EndpointOptions } from "../../../src/core/transport/endpoint";

/** Resolves on a made-up machine: nothing of this one's environment or home counts. */
export function resolve(question: EndpointOptions) {
  return resolveEndpoint({ env: {}, homeDir: "/nonexistent", platform: "linux", ...question });
}

/** An error with a code and words. */
export function fails(code: ErrorCode, ...words: (string | RegExp)[]) {
  return (error: unknown) => {
    assert.ok(ImageBuilderError.is(error, code), String(error));
    for (const word of words)
      assert.ok(
        typeof word === "string" ? error.message.includes(word) : word.test(error.message),
        `${word} in: ${error.message}`,
      );
    return true;
  };
}

/** The files that `docker context create` writes. */
export function contextFiles(
  name: string,
  meta: object,
  tls: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const id = createHash("sha256").update(name).digest("hex");
  const tlsFiles = Object.entries(tls).map(([file, text]) => [`contexts/tls/${id}/docker/${file}`, text]);
  return { [`contexts/meta/${id}/meta.json`]: JSON.stringify(meta), ...Object.fromEntries(tlsFiles) };
}

/** A Docker context that names a host. */
export function dockerContext(
  name: string,
  host: string,
  tls: Readonly<Record<string, string>> = {},
  more: object = {},
): Record<string, string> {
  return contextFiles(
    name,
    { Name: name, Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false, ...more } } },
    tls,
  );
}
