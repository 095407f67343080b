import assert from "node:assert/strict";
import { join } from "node:path";
import { dockerConfigCredentials } from "../../../src/core/credentials/dockerConfig";
import type { CredentialAnswer } from "../../../src/core/credentials/credentialSource";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { recordingOperation } from "../../support/operation";
import { temporaryFolder } from "../../support/folder";
import { pathWith, writeProgram } from "../../support/program";

/** The password that no message may tell. */
export const secret = "s3cr3t:with/colon+é";

/** Docker Hub's key in the configuration. */
export const hub = "https://index.docker.io/v1/";

/** The login with that password. */
export const me = { username: "me", password: secret };

/** A Docker configuration with helpers: programs in a folder of PATH, `server` being what they were asked for. */
export function dockerConfig(
  config: object | string,
  helpers: Readonly<Record<string, string>> = {},
  helperTimeoutMs?: number,
) {
  const folder = temporaryFolder({ "config.json": typeof config === "string" ? config : JSON.stringify(config) });
  for (const [name, code] of Object.entries(helpers)) {
    writeProgram(
      join(folder, "bin"),
      `docker-credential-${name}`,
      `const server = require("node:fs").readFileSync(0, "utf8");\n${code}\n`,
    );
  }
  const env = { ...process.env, PATH: pathWith(join(folder, "bin")), FOLDER: folder };
  const { log, logged } = recordingOperation();
  const source = dockerConfigCredentials({ configDir: folder, env, log, ...(helperTimeoutMs && { helperTimeoutMs }) });
  return {
    folder,
    logged,
    find: (host: string, signal?: AbortSignal, repository?: string): Promise<CredentialAnswer | undefined> =>
      source.find(host, { repository, signal }),
  };
}

/** A text as Docker's configuration holds it. */
export const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A helper that prints a text. */
export const writes = (text: string) => `process.stdout.write(${JSON.stringify(text)});`;

/** A helper that gives a login. */
export const gives = (username: string, password: string) =>
  writes(JSON.stringify({ ServerURL: "x", Username: username, Secret: password }));

/** A helper that has no login. */
export const none = "console.log('credentials not found in native keychain'); process.exitCode = 1;";

/** Expects `credentialsFailed` with these words, and no trace of the secret in what a person or a log could see. */
export function failsWith(...words: (string | RegExp)[]) {
  return (error: unknown) => {
    assert.ok(ImageBuilderError.is(error, "credentialsFailed"), String(error));
    for (const word of words)
      assert.ok(
        typeof word === "string" ? error.message.includes(word) : word.test(error.message),
        `${word} in: ${error.message}`,
      );
    assertNoSecret([error.message, error.stack ?? "", String(error.cause), JSON.stringify(error)]);
    return true;
  };
}

/** Sees that no text holds the password, in any form. */
export function assertNoSecret(texts: readonly string[]): void {
  for (const text of texts) {
    for (const form of [secret, base64(`me:${secret}`), "s3cr3t"])
      assert.ok(!text.includes(form), `the secret is in: ${text}`);
  }
}
