import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { encodedForms } from "../../../src/core/credentials/encodedForms";
import { SecretMask } from "../../../src/core/credentials/secretMask";
import { withoutSecrets } from "../../../src/core/credentials/withoutSecrets";
import { maskedCredentials, maskedOperation } from "../../../src/core/engine/maskedOperation";
import type { ProgressEvent } from "../../../src/core/operation/progressEvent";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { silentLog } from "../../../src/core/base/log";
import { overBudget } from "../../support/workTime";

const secret = `p&ss/w+rd <"ü'$x\\> ~!`;
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const base64url = (text: string): string => Buffer.from(text).toString("base64url");

/** How a secret shows up, and what is left of it. */
const shown: readonly (readonly [how: string, text: string])[] = [
  ["as it is", secret],
  ["in base64", base64(secret)],
  ["in base64 without padding", base64(secret).replace(/=+$/, "")],
  ["in base64 for URLs", base64url(secret)],
  ["in a Basic header", `Basic ${base64(`me:${secret}`)}`],
  ["in base64 after one byte", base64(`a${secret}`)],
  ["in base64 after two bytes", base64(`ab${secret}`)],
  ["in base64 in the middle", base64(`{"auth":"${secret}"}`)],
  ["in base64 for URLs in the middle", base64url(`xx:${secret}:yyyy`)],
  ["URL-encoded", `https://x/?a=${encodeURIComponent(secret)}&b`],
  ["URL-encoded in lower case", encodeURIComponent(secret).replace(/%../g, (each) => each.toLowerCase())],
  ["in a form", new URLSearchParams({ password: secret }).toString()],
  ["in JSON", JSON.stringify({ a: secret })],
  ["in JSON in JSON", JSON.stringify(JSON.stringify({ a: secret }))],
  ["in JSON of Go", JSON.stringify(secret).replace(/[<>&]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`)],
  ["quoted for a shell", `echo '${secret.replaceAll("'", "'\\''")}'`],
  ["in hexadecimal digits", Buffer.from(secret).toString("hex")],
  ["in upper-case hexadecimal digits", Buffer.from(secret).toString("hex").toUpperCase()],
];

describe("a mask of secrets", () => {
  const mask = new SecretMask([secret]);

  it("hides every secret, however many there were before it, and however long", () => {
    const file = Array.from({ length: 5_000 }, (_, i) => `line-${i}-${"x".repeat(i % 7)}`).join("\n");
    const logins = Array.from({ length: 300 }, (_, i) => `user${i}:p&ss/w+rd%"'${i}`);
    for (const others of [[file], logins]) {
      const crowded = new SecretMask([...others, secret]);
      for (const [how, text] of shown) {
        const left = crowded.hide(text);
        assert.ok(left !== text && left.includes("***") && !left.includes(secret), how);
      }
    }
  });

  for (const [how, text] of shown) {
    it(`hides one ${how}`, () => {
      const hidden = mask.hide(text);
      assert.ok(hidden.includes("***"), hidden);
      for (const piece of piecesOf(text))
        assert.ok(!hidden.includes(piece) || !secretPieces.has(piece), `${piece} in ${hidden}`);
      assert.ok(hidden.length < text.length);
    });
  }

  /** What any five characters of a form would tell. */
  const secretPieces = new Set(encodedForms(secret).flatMap((form) => piecesOf(form)));

  function piecesOf(text: string): string[] {
    return Array.from({ length: Math.max(0, text.length - 8) }, (_, i) => text.slice(i, i + 9));
  }

  it("hides every random secret in every alignment of base64 but for the bits it shares with its neighbors", () => {
    for (let round = 0; round < 300; round++) {
      const value = randomBytes(6 + (round % 40)).toString("base64url");
      const random = new SecretMask([value]);
      for (const before of ["", "a", "ab", "user:"]) {
        const hidden = random.hide(base64(`${before}${value}tail`));
        assert.ok(hidden.includes("***"), `${value} after "${before}": ${hidden}`);
        assert.ok(hidden.replace("***", "").length <= base64(`${before}tail`).length + 4);
      }
    }
  });

  it("hides lines and long words of a file, and base64 as it is broken into lines", () => {
    const token = randomBytes(30).toString("hex");
    const file =
      `registry=https://npm.example\n//npm.example/:_authToken=${token}\n-----BEGIN KEY-----\n` +
      `${randomBytes(48).toString("base64")}\n`;
    const ofFile = new SecretMask([Buffer.from(file)]);
    assert.equal(ofFile.hide(`token ${token}.`), "token ***.");
    for (const line of file.trim().split("\n")) assert.equal(ofFile.hide(line), "***");
    const account = new SecretMask([
      JSON.stringify({
        private_key_id: token,
        file: "/var/run/secrets/token1",
        uri: "https://oauth2.example.com/token2",
        email: "me@project1.example.com",
      }),
    ]);
    const told = `${token} /var/run/secrets/token1 https://oauth2.example.com/token2 me@project1.example.com`;
    assert.equal(account.hide(told), told.replace(token, "***"));
    assert.match(ofFile.hide(base64(file).replace(/.{76}/g, "$&\n")), /^(?:\*\*\*\n)+\*\*\*$/);
  });

  it("takes bytes that are no text, and leaves short values and other texts alone", () => {
    const bytes = randomBytes(32);
    assert.equal(new SecretMask([bytes]).hide(`x ${bytes.toString("base64")} ${bytes.toString("hex")}`), "x *** ***");
    assert.equal(new SecretMask(["test", "", "\n", "a"]).hide("a test\n"), "a test\n");
    assert.equal(mask.hide("Step 1/2 : RUN make"), "Step 1/2 : RUN make");
    assert.deepEqual(encodedForms("12345"), []);
  });

  it("costs little: 100 kB in less than 50 ms, with ten secrets and a whole file", () => {
    const many = new SecretMask([
      ...Array.from({ length: 10 }, () => randomBytes(30).toString("hex")),
      Buffer.from(randomBytes(60_000).toString("base64").replace(/.{64}/g, "$&\n")),
    ]);
    const text = "a line of what a step writes\n".repeat(3500);
    assert.equal(
      overBudget(() => many.hide(text), 50),
      undefined,
    );
  });

  it("takes secrets out of errors, their causes too", () => {
    const error = withoutSecrets(
      new ImageBuilderError("registryFailed", `Refused ${encodeURIComponent(secret)}.`, { cause: new Error(secret) }),
      [secret],
    );
    assert.ok(ImageBuilderError.is(error, "registryFailed"));
    assert.deepEqual([error.message, error.cause], ["Refused ***.", undefined]);
    const inCause = withoutSecrets(
      new ImageBuilderError("registryFailed", "Refused.", { cause: new Error(base64(`me:${secret}`)) }),
      [secret],
    ) as Error;
    assert.equal(inCause.cause, undefined);
    const other = new ImageBuilderError("registryFailed", "Refused.");
    assert.equal(withoutSecrets(other, [secret]), other);
  });
});

describe("a build's operation with a mask", () => {
  const value = "s3cret-t0ken-of-mine";
  const step = { number: 1, name: "[1/2] RUN show" };

  function masked(secrets: readonly string[] = [value]) {
    const events: ProgressEvent[] = [];
    const logged: string[] = [];
    const log = { ...silentLog, warn: (message: string) => void logged.push(message) };
    const mask = new SecretMask(secrets);
    const operation = maskedOperation(
      { log, signal: new AbortController().signal, report: (event) => void events.push(event) },
      mask,
    );
    const write = (text: string): void => operation.report({ kind: "stepLog", step, text, stream: "stdout" });
    const written = (): string => events.map((event) => (event.kind === "stepLog" ? event.text : "")).join("");
    return { events, logged, operation, mask, write, written };
  }

  it("hides what a step writes in pieces of any length", () => {
    const text = `a ${value} b ${value.slice(0, 8)} c ${base64(value)} ${value}${value}`;
    for (let length = 1; length < 30; length++) {
      const { write, written, operation } = masked();
      for (let at = 0; at < text.length; at += length) write(text.slice(at, at + length));
      operation.flush();
      assert.equal(written(), `a *** b ${value.slice(0, 8)} c *** ******`, `in pieces of ${length}`);
    }
  });

  it("holds nothing back for longer than a step, and nothing at a line's end", () => {
    const { write, written, operation } = masked();
    write("s3cret\nmore s3c");
    assert.equal(written(), "s3cret\nmore ");
    operation.report({ kind: "stepFinished", step, cached: false });
    assert.equal(written(), "s3cret\nmore s3c");
  });

  it("hides secrets in every other event and in the log", async () => {
    const { events, logged, operation, mask } = masked([]);
    const credentials = maskedCredentials(
      { find: async () => ({ credentials: { username: "me", password: value }, source: "test" }) },
      mask,
    );
    await credentials.find("ghcr.io");
    operation.log.warn(`got ${value}`);
    operation.report({ kind: "stepStarted", step: { number: 1, name: `RUN ${value}` } });
    operation.report({ kind: "stepFinished", step: { number: 1, name: "a" }, cached: false, error: value });
    operation.report({ kind: "warning", message: value });
    operation.report({ kind: "message", text: value });
    operation.report({ kind: "transfer", step: undefined, label: value, currentBytes: 1 });
    operation.report({ kind: "layer", layerId: "a", state: "retrying", text: value });
    assert.doesNotMatch(JSON.stringify([events, logged]), /s3cret/);
    assert.equal(events.length, 6);
  });
});
