import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuilderChoice } from "../../src/core/base/buildOptions";
import type { ErrorCode } from "../../src/core/base/errors";
import { ImageBuilderError } from "../../src/core/base/errors";
import {
  authRegistry,
  build,
  coreOn,
  credentialsFor,
  plainRegistry,
  registryDigest,
  runningContainers,
  uniqueName,
  type TestBuild,
} from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { until } from "../support/until";

interface Failure {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  /** What no table of files can say. */
  readonly prepare?: (root: string) => void;
  readonly build?: Partial<TestBuild>;
  readonly code: ErrorCode;
  readonly message: RegExp;
  readonly line?: number;
}

const failures: readonly Failure[] = [
  {
    what: "a missing Dockerfile",
    files: { "a.txt": "" },
    code: "dockerfileMissing",
    message: /^There is no Dockerfile in "[^"]+"\. Create one, or choose a Dockerfile in another folder\.$/,
  },
  ...(["mkdir", "mkfifo"] as const).map((program) => ({
    what: `a Dockerfile that was made by ${program}`,
    files: { "a.txt": "" },
    prepare: (root: string) => void execFileSync(program, [join(root, "Dockerfile")]),
    code: "dockerfileMissing" as const,
    message: /^The Dockerfile "[^"]+" is not a file\. Choose another one\.$/,
  })),
  {
    what: "a broken Dockerfile",
    files: { Dockerfile: "FROM busybox:1.35\n\nRUNN echo\n" },
    code: "buildFailed",
    message: /^The build failed .*in Dockerfile, line 3: .*unknown instruction: "?RUNN/i,
    line: 3,
  },
  {
    what: "an empty Dockerfile",
    files: { Dockerfile: "" },
    code: "buildFailed",
    message: /^The build failed.*(cannot be empty|file with no instructions|no contents in)/,
  },
  {
    what: "a RUN that fails",
    files: { Dockerfile: "FROM busybox:1.35\nRUN true\nRUN echo to stderr >&2; exit 3\n" },
    code: "buildFailed",
    message:
      /^The build failed at ".*RUN echo to stderr >&2; exit 3" in Dockerfile, line 3: .*(code:|exit (code|status)) 3/,
    line: 3,
  },
  {
    what: "a COPY of an absent file",
    files: { Dockerfile: "FROM busybox:1.35\nCOPY nope /\n" },
    code: "buildFailed",
    message: /in Dockerfile, line 2: .*nope.*Check that the file is in the build context/s,
    line: 2,
  },
  {
    what: "a COPY of a file that the ignore file keeps out",
    files: { Dockerfile: "FROM busybox:1.35\nCOPY a /\n", ".dockerignore": "a\n", a: "" },
    code: "buildFailed",
    message: /in Dockerfile, line 2: .*Check that .* the ignore file doesn't exclude it/s,
    line: 2,
  },
  {
    what: "a base image that cannot be reached",
    files: { Dockerfile: "# a comment\nFROM registry.invalid/none:1\n" },
    code: "buildFailed",
    message: /in Dockerfile, line 2: .*registry\.invalid.*The daemon couldn't reach the base image's registry/s,
    line: 2,
  },
  {
    what: "a target that does not exist",
    files: { Dockerfile: "FROM busybox:1.35 AS one\n" },
    build: { options: { target: "two" } },
    code: "buildFailed",
    message: /two.*Choose a stage that exists in the Dockerfile\./s,
  },
  {
    what: "a bad tag",
    files: { Dockerfile: "FROM scratch\n" },
    build: { imageName: "App:1" },
    code: "imageNameInvalid",
    message: /App/,
  },
  {
    what: "a name of another registry",
    files: { Dockerfile: "FROM busybox:1.35\n" },
    build: { imageName: "ghcr.io/team/app:1", registry: "127.0.0.1:1" },
    code: "imageForeign",
    message: /"ghcr\.io\/team\/app:1" does not belong to the registry .*127\.0\.0\.1:1/,
  },
  {
    what: "a bad ignore file",
    files: { Dockerfile: "FROM busybox:1.35\nCOPY . /\n", ".dockerignore": "a\n!\n" },
    code: "dockerignoreInvalid",
    message: /^Line 2 of the ignore file ".*\.dockerignore" .*illegal exclusion pattern/,
  },
  {
    what: "a registry that is not there",
    files: { Dockerfile: "FROM busybox:1.35\n" },
    build: { imageName: "127.0.0.1:1/app:1", registry: "127.0.0.1:1" },
    code: "pushFailed",
    message: /^Can't push 127\.0\.0\.1:1\/app:1: .*connection refused.*The daemon couldn't reach the registry/s,
  },
];

describe("a build that fails", () => {
  after(removeTemporaryFolders);

  for (const builder of ["auto", "classic"] satisfies BuilderChoice[]) {
    for (const { what, files, prepare, build: wanted, code, message, line } of failures) {
      it(`by ${what} says so and where (${builder}) [Z96][Z97][Z98]`, async function () {
        this.timeout(120_000);
        const root = temporaryFolder(files);
        prepare?.(root);
        const options = { ...wanted?.options, builder };
        const failed = await failureOf(build({ root, imageName: `${uniqueName()}:1`, ...wanted, options }));
        assert.equal(failed.code, code, failed.message);
        assert.match(failed.message, message);
        if (line !== undefined)
          assert.deepEqual(
            { file: failed.location?.file, line: failed.location?.line },
            { file: join(root, "Dockerfile"), line },
          );
        if (process.env["SHOW_MESSAGES"]) console.log(`      ${failed.message}`);
      });
    }
  }

  it("by a wrong password says that the registry did not accept it, and never the password", async () => {
    const password = `wrong-${randomBytes(4).toString("hex")}`;
    const core = coreOn(undefined, credentialsFor({ [authRegistry()]: { username: "test", password } }));
    const operation = recordingOperation();
    const imageName = `${authRegistry()}/${uniqueName()}:1`;
    const failed = await failureOf(
      build({
        root: temporaryFolder({ Dockerfile: "FROM busybox:1.35\n" }),
        imageName,
        registry: authRegistry(),
        core,
        operation,
      }),
    );
    assert.equal(failed.code, "pushFailed");
    assert.match(failed.message, /rejected the credentials from .*unauthorized/is);
    const told = [failed.message, failed.stack, failed, operation.logged, operation.events];
    assert.ok(!told.some((each) => JSON.stringify(each).includes(password)));
  });

  it("by missing credentials says how to give them", async () => {
    const imageName = `${authRegistry()}/${uniqueName()}:1`;
    const failed = await failureOf(
      build({ root: temporaryFolder({ Dockerfile: "FROM busybox:1.35\n" }), imageName, registry: authRegistry() }),
    );
    assert.equal(failed.code, "pushFailed");
    assert.match(failed.message, /requires credentials to push .*none were found.*Log in|rejected the credentials/);
  });
});

describe("a build that is cancelled", () => {
  after(removeTemporaryFolders);

  for (const builder of ["auto", "classic"] satisfies BuilderChoice[]) {
    it(`during RUN stops the daemon's work (${builder})`, async () => {
      const controller = new AbortController();
      const operation = recordingOperation(controller.signal);
      const root = temporaryFolder({
        Dockerfile: `FROM busybox:1.35\nRUN echo ${uniqueName()} && echo started && sleep 300\n`,
      });
      const building = build({ root, imageName: `${uniqueName()}:1`, options: { builder }, operation });
      await until(
        () => operation.events.some((event) => event.kind === "stepLog" && event.text.includes("started")),
        "RUN has started",
      );
      await assertCancelled(building, controller);
      await until(async () => (await runningContainers()) === 0, "no container is left");
    });

    it(`during the upload ends at once (${builder})`, async function () {
      this.timeout(120_000);
      const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nCOPY . /\n" });
      for (let i = 0; i < 200; i++) writeFileSync(join(root, `file-${i}`), randomBytes(1024 * 1024));
      const controller = new AbortController();
      const operation = recordingOperation(controller.signal);
      const building = build({ root, imageName: `${uniqueName()}:1`, options: { builder }, operation });
      await until(
        () => operation.events.some((event) => event.kind === "transfer" && event.currentBytes > 0),
        "the upload has started",
      );
      await assertCancelled(building, controller);
    });
  }

  it("during the push leaves no manifest in the registry", async function () {
    this.timeout(120_000);
    const root = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nCOPY big /\n" });
    writeFileSync(join(root, "big"), randomBytes(150 * 1024 * 1024));
    const controller = new AbortController();
    const operation = recordingOperation(controller.signal);
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    const building = build({ root, imageName, registry: plainRegistry(), operation });
    // Podman tells nothing of layers.
    const told = (await coreOn().services.engine.probe()).product === "podman" ? "pushStarted" : "layer";
    await until(
      () =>
        operation.events.some((event) => event.kind === told && (event.kind !== "layer" || event.state === "pushing")),
      "the push has started",
    );
    await assertCancelled(building, controller);
    assert.equal(await registryDigest(imageName), undefined);
  });

  it("before it began sends nothing", async () => {
    const controller = new AbortController();
    controller.abort(new Error("cancelled"));
    const operation = recordingOperation(controller.signal);
    await assert.rejects(
      build({ root: temporaryFolder({ Dockerfile: "FROM scratch\n" }), imageName: `${uniqueName()}:1`, operation }),
      /cancelled/,
    );
    assert.deepEqual(operation.events, []);
  });
});

async function failureOf(building: Promise<unknown>): Promise<ImageBuilderError> {
  const error = await building.then(
    () => assert.fail("the build must fail"),
    (reason: unknown) => reason,
  );
  assert.ok(ImageBuilderError.is(error), `not ours: ${error instanceof Error ? error.stack : String(error)}`);
  return error;
}

async function assertCancelled(building: Promise<unknown>, controller: AbortController): Promise<void> {
  const reason = new Error("cancelled by the user");
  controller.abort(reason);
  await assert.rejects(building, reason);
}
