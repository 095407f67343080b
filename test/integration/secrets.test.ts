import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import type { SecretSource } from "../../src/core/base/buildOptions";
import type { Core } from "../../src/core/jobs/buildAndPush";
import type { SecretValues } from "../../src/core/credentials/secretStore";
import { ImageBuilderError } from "../../src/core/base/errors";
import { build, coreOn, outputOf, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { savedImage } from "../support/savedImage";

const variable = "IMAGE_BUILDERS_TEST_SECRET";
const stored = new Map<string, SecretValues>();

function core(): Core {
  const { flavors, services } = coreOn();
  return { flavors, services: { ...services, secrets: { readSecret: async (name) => stored.get(name) } } };
}

/** Tells the secret's hash, so that the test sees that it has arrived and the build does not show it. */
const hashing = (flags: string): string =>
  `FROM busybox:1.35\nRUN --mount=type=secret,id=token${flags} sha256sum /run/secrets/token || echo there is none\n`;

describe("a build secret", () => {
  let value: string;

  beforeEach(() => {
    value = `value-${randomBytes(12).toString("hex")}`;
    process.env[variable] = value;
    stored.set("kept", { value });
    stored.set("both", { token: value, other: "" });
  });
  after(() => {
    delete process.env[variable];
    removeTemporaryFolders();
  });

  const sources: readonly (readonly [from: string, source: (root: string) => SecretSource])[] = [
    ["the environment", () => ({ env: variable })],
    ["a file", (root) => ({ file: join(root, "token") })],
    ["a file beside the Dockerfile", () => ({ file: "token" })],
    ["what is stored on this machine", () => ({ secret: "kept" })],
    ["one of several values that are stored together", () => ({ secret: "both.token" })],
  ];
  for (const [from, source] of sources) {
    it(`from ${from} reaches the step and nothing else`, async () => {
      const root = temporaryFolder({ Dockerfile: hashing(",required=true"), token: value, ".dockerignore": "token\n" });
      const operation = recordingOperation();
      const imageName = `${uniqueName()}:1`;
      const result = await build({
        root,
        imageName,
        options: { builder: "buildkit", noCache: true, secrets: { token: source(root) } },
        core: core(),
        operation,
      });

      assert.match(outputOf(operation.events), new RegExp(createHash("sha256").update(value).digest("hex")));
      const told = JSON.stringify([result, operation.events, operation.logged, process.argv]);
      assert.ok(!told.includes(value), "neither log nor result tell it");
      const image = await savedImage(imageName);
      assert.match(image, /sha256sum \/run\/secrets\/token/, "the history is there");
      assert.ok(!image.includes(value), "neither layers nor history nor configuration hold it");
    });
  }

  const shows: readonly (readonly [how: string, command: string])[] = [
    ["as it is", "cat /run/secrets/token"],
    ["in pieces", "head -c 9 /run/secrets/token; sleep 1; tail -c +10 /run/secrets/token"],
    ["in base64", "base64 /run/secrets/token"],
    ["as a Basic header", 'echo "Authorization: Basic $(printf %s "me:$(cat /run/secrets/token)" | base64)"'],
    ["in hexadecimal digits", "od -An -v -tx1 /run/secrets/token | tr -d ' \\n'"],
    ["on standard error", "cat /run/secrets/token >&2"],
  ];
  for (const [how, command] of shows) {
    it(`that a step writes ${how} is hidden in events, log and error`, async () => {
      const root = temporaryFolder({
        Dockerfile: `FROM busybox:1.35\nRUN --mount=type=secret,id=token echo before; ${command}; echo; exit 3\n`,
      });
      const operation = recordingOperation();
      const options = { builder: "buildkit", noCache: true, secrets: { token: { env: variable } } } as const;
      const error = await build({ root, imageName: `${uniqueName()}:1`, options, operation }).then(
        () => assert.fail("it is built"),
        (reason: unknown) => reason as Error,
      );
      // What steps write on different streams has no order.
      for (const shown of [/before/, /\*\*\*/]) assert.match(outputOf(operation.events), shown);
      const told = [
        outputOf(operation.events),
        JSON.stringify([operation.events, operation.logged]),
        error.message,
        String(error.cause),
      ].join("\n");
      for (const form of [
        value,
        Buffer.from(value).toString("base64").slice(0, -4),
        Buffer.from(value).toString("hex"),
        Buffer.from(`me:${value}`).toString("base64").slice(8, -4),
      ]) {
        assert.ok(!told.includes(form), told);
      }
    });
  }

  it("that is optional and not given is not there, as with the docker CLI", async () => {
    const operation = recordingOperation();
    await build({
      root: temporaryFolder({ Dockerfile: hashing("") }),
      imageName: `${uniqueName()}:1`,
      options: { builder: "buildkit", noCache: true },
      operation,
    });
    assert.match(outputOf(operation.events), /there is none/);
  });

  it("is read when the daemon asks: a later build sees its new value", async () => {
    const root = temporaryFolder({ Dockerfile: hashing("") });
    const options = { builder: "buildkit", noCache: true, secrets: { token: { env: variable } } } as const;
    const outputs: string[] = [];
    for (const now of [value, `${value}-changed`]) {
      process.env[variable] = now;
      const operation = recordingOperation();
      await build({ root, imageName: `${uniqueName()}:1`, options, operation });
      outputs.push(/[0-9a-f]{64}(?= )/.exec(outputOf(operation.events))?.[0] ?? "");
    }
    assert.match(outputs[0] ?? "", /^[0-9a-f]{64}$/);
    assert.notEqual(outputs[0], outputs[1]);
  });

  it("may be as large as BuildKit takes", async () => {
    const root = temporaryFolder({
      Dockerfile: "FROM busybox:1.35\nRUN --mount=type=secret,id=token wc -c < /run/secrets/token\n",
      token: "",
    });
    truncateSync(join(root, "token"), 500 * 1024);
    const operation = recordingOperation();
    await build({
      root,
      imageName: `${uniqueName()}:1`,
      options: { builder: "buildkit", noCache: true, secrets: { token: { file: "token" } } },
      operation,
    });
    assert.match(outputOf(operation.events), /^512000$/m);
  });

  const refusals: readonly (readonly [
    what: string,
    secrets: Record<string, SecretSource> | undefined,
    message: RegExp,
  ])[] = [
    [
      "the Dockerfile needs and nobody gives",
      undefined,
      /^Dockerfile, line 2: the secret "token" has no source\. Set one/,
    ],
    [
      "is a variable that is not set",
      { token: { env: "IMAGE_BUILDERS_NOT_SET" } },
      /^Can't pass the secret "token" to the build: .* variable IMAGE_BUILDERS_NOT_SET is not set/,
    ],
    [
      "is a file that is not there",
      { token: { file: "absent" } },
      /^Can't pass the secret "token" to the build: can't read its file ".*absent" \(ENOENT/,
    ],
    [
      "is a folder",
      { token: { file: "." } },
      /to the build: ".*" is not a file\. Specify a file, or choose another source\./,
    ],
    ["is a pipe", { token: { file: "pipe" } }, /pipe" is not a file/],
    ["is not stored", { token: { secret: "none" } }, /the secret "none" is not stored on this machine/],
    [
      "is one of several and does not say which",
      { token: { secret: "both" } },
      /specify "name\.key" if it has several keys/,
    ],
    ["is too large", { token: { file: "large" } }, /has 512001 bytes, but BuildKit accepts at most 512000 \(500 KiB\)/],
  ];
  for (const [what, secrets, message] of refusals) {
    it(`that ${what} is refused before anything is built`, async () => {
      const root = temporaryFolder({ Dockerfile: hashing(",required"), large: "" });
      truncateSync(join(root, "large"), 500 * 1024 + 1);
      execFileSync("mkfifo", [join(root, "pipe")]);
      const operation = recordingOperation();
      await assert.rejects(
        build({
          root,
          imageName: `${uniqueName()}:1`,
          options: { builder: "buildkit", secrets },
          core: core(),
          operation,
        }),
        (error) => ImageBuilderError.is(error, "secretUnavailable") && message.test(error.message),
      );
      assert.deepEqual(operation.events, []);
    });
  }

  it("that is needed marks the line that needs it", async () => {
    const root = temporaryFolder({ Dockerfile: hashing(",required") });
    await assert.rejects(build({ root, imageName: `${uniqueName()}:1`, options: { builder: "buildkit" } }), (error) => {
      assert.deepEqual(ImageBuilderError.is(error) && error.location, {
        file: join(root, "Dockerfile"),
        line: 2,
        endLine: 2,
      });
      return true;
    });
  });

  it("is refused for the classic builder, which has no secrets", async () => {
    const root = temporaryFolder({ Dockerfile: hashing("") });
    await assert.rejects(
      build({
        root,
        imageName: `${uniqueName()}:1`,
        options: { builder: "classic", secrets: { token: { env: variable } } },
      }),
      (error) =>
        ImageBuilderError.is(error, "optionInvalid") && /classic builder doesn't support secrets/.test(error.message),
    );
  });
});
