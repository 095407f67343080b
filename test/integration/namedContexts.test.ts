import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import { ImageBuilderError } from "../../src/core/base/errors";
import type { SourceRequest } from "../../src/core/base/sourceConsent";
import type { Upload } from "../../src/core/context/review/upload";
import { runCli, runCliJson } from "../support/cli";
import { ConnectionProxy } from "../support/connectionProxy";
import { DockerCli } from "../support/dockerCli";
import { askDaemon, build, coreOn, engineAt, given, outputOf, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { useNewestEngine } from "../support/newestEngine";
import { recordingOperation } from "../support/operation";

interface Case {
  readonly truth: string;
  readonly dockerfile: string;
  /** By name; `{app}` is the folder, `{other}` another one. */
  readonly contexts: Readonly<Record<string, string>>;
  readonly options?: Pick<BuildOptions, "target" | "buildArgs">;
}

const files = { "a.txt": "a of app", "src/b.txt": "b of app", "kept.out": "no", ".dockerignore": "*.out\n" };
const show = "FROM busybox:1.35\nCOPY --from=made / /made/\n";

const cases: readonly Case[] = [
  {
    truth: "a folder to copy from",
    dockerfile: "FROM scratch\nCOPY --from=app . /app/\nCOPY own /",
    contexts: { app: "{app}" },
  },
  { truth: "a file of a folder", dockerfile: "FROM scratch\nCOPY --from=app src/b.txt /", contexts: { app: "{app}" } },
  { truth: "files by a wildcard", dockerfile: "FROM scratch\nCOPY --from=app *.txt /", contexts: { app: "{app}" } },
  { truth: "a folder as the base", dockerfile: "FROM app\nCOPY own /own", contexts: { app: "{app}" } },
  {
    truth: "a folder in a stage's place",
    dockerfile: "FROM scratch AS app\nCOPY own /\nFROM scratch\nCOPY --from=app a.txt /",
    contexts: { app: "{app}" },
  },
  {
    truth: "a folder in an image's place",
    dockerfile: "FROM alpine:3.20\nCOPY own /own",
    contexts: { "docker.io/library/alpine:3.20": "{app}" },
  },
  {
    truth: "two folders, one of them with a name that the session has itself",
    dockerfile: "FROM scratch\nCOPY --from=dockerfile a.txt /\nCOPY --from=other:latest other.txt /",
    contexts: { dockerfile: "{app}", other: "{other}" },
  },
  {
    truth: "a mounted folder",
    dockerfile:
      "FROM busybox:1.35 AS x\nRUN --mount=from=app,target=/x cp /x/src/b.txt /b\nFROM scratch\nCOPY --from=x /b /",
    contexts: { app: "{app}" },
  },
  {
    truth: "an image",
    dockerfile: "FROM app AS x\nRUN echo x >/x\nFROM scratch\nCOPY --from=x /x /",
    contexts: { app: "docker-image://busybox:1.35" },
  },
  {
    truth: "an image in a stage's place",
    dockerfile: "FROM scratch AS app\nCOPY own /\nFROM scratch\nCOPY --from=app /etc/passwd /",
    contexts: { app: "docker-image://busybox:1.35" },
  },
  { truth: "a folder that nothing is taken from", dockerfile: "FROM scratch\nCOPY own /", contexts: { app: "{app}" } },
];

describe("named build contexts where there are none", function () {
  this.timeout(180_000);
  after(removeTemporaryFolders);

  it("are refused plainly by a BuildKit that has none", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM app\n" });
    const options = { buildContexts: { app: temporaryFolder(files) } };
    const refused = build({ root, imageName: `${uniqueName()}:1`, options });
    const { Version } = (await askDaemon("/version")) as { Version: string };
    if (Number(Version.split(".")[0]) >= 23) return void (await refused);
    await assert.rejects(
      refused,
      (error: unknown) =>
        ImageBuilderError.is(error, "optionInvalid") &&
        /doesn't support named build contexts\. Update Docker to 23/.test(error.message),
    );
  });

  it("are refused plainly by the classic builder", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM app\n" });
    await assert.rejects(
      build({ root, imageName: `${uniqueName()}:1`, options: { builder: "classic", buildContexts: { app: "." } } }),
      (error: unknown) =>
        ImageBuilderError.is(error, "optionInvalid") &&
        /classic builder doesn't support buildContexts/.test(error.message),
    );
  });
});

describe("named build contexts", function () {
  this.timeout(180_000);
  useNewestEngine();
  let cli: DockerCli;
  let proxy: ConnectionProxy;
  const folders = { app: "", other: "" };

  before(async () => {
    cli = await DockerCli.ofDaemon();
    proxy = await ConnectionProxy.start(given("DOCKER_HOST").replace("unix://", ""));
    folders.app = temporaryFolder(files);
    folders.other = temporaryFolder({ "other.txt": "other" });
  });
  after(async () => {
    await proxy.stop();
    removeTemporaryFolders();
  });

  function filled(contexts: Case["contexts"]): Record<string, string> {
    return Object.fromEntries(
      Object.entries(contexts).map(([name, source]) => [
        name,
        source.replace("{app}", folders.app).replace("{other}", folders.other),
      ]),
    );
  }

  /** What an image holds, as a step of a build prints it. */
  async function contentOf(imageName: string): Promise<string> {
    const operation = recordingOperation();
    const list = "cd /made && echo '<<' && find . | sort && find . -type f | sort | xargs cat && echo '>>'";
    const root = temporaryFolder({ Dockerfile: `${show.replace("made", imageName)}RUN ${list}\n` });
    await build({ root, imageName: `${uniqueName("shown")}:1`, options: { noCache: true }, operation });
    const [, content] = /^<<\n([^]*)>>$/m.exec(outputOf(operation.events)) ?? [];
    assert.ok(content, "the step has told it");
    return content;
  }

  for (const { truth, dockerfile, contexts, options = {} } of cases) {
    it(`make the same image as buildx: ${truth}`, async () => {
      const root = temporaryFolder({ Dockerfile: dockerfile, own: "own", "kept.out": "own" });
      const [ours, theirs] = [`${uniqueName("ours")}:1`, `${uniqueName("theirs")}:1`];
      const buildContexts = filled(contexts);
      await build({ root, imageName: ours, options: { ...options, buildContexts } });
      const flags = Object.entries(buildContexts).flatMap(([name, source]) => ["--build-context", `${name}=${source}`]);
      await cli.build("buildkit", root, theirs, { options: flags });
      assert.equal(await contentOf(ours), await contentOf(theirs));
    });
  }

  it("are looked at each by itself, with its own ignore file, and a daemon elsewhere gets what is copied", async () => {
    const root = temporaryFolder({
      Dockerfile: "FROM scratch\nCOPY --from=app src /src/\nCOPY own /\n",
      "Dockerfile.dockerignore": "nothing\n",
      own: "own",
    });
    for (const dockerHost of [given("DOCKER_HOST"), proxy.dockerHost]) {
      const uploads: [name: string | undefined, ignore: string | undefined, asked: readonly string[], files: number][] =
        [];
      const confirmUpload = async (upload: Upload): Promise<void> => {
        const asked = ["a.txt", "src/b.txt", "own"].filter(upload.isRequested);
        const report = await upload.review({});
        uploads.push([upload.name, upload.context.dockerignoreFile, asked, report.files]);
      };
      await build({
        root,
        imageName: `${uniqueName()}:1`,
        options: { buildContexts: { app: folders.app }, noCache: true },
        core: coreOn(engineAt(dockerHost)),
        operation: { ...recordingOperation(), confirmUpload },
      });
      assert.deepEqual(uploads, [
        [undefined, join(root, "Dockerfile.dockerignore"), ["own"], 1],
        ["app", join(folders.app, ".dockerignore"), ["src/b.txt"], 1],
      ]);
    }
  });

  it("send nothing of a folder that was not agreed to", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY --from=app . /\n" });
    const no = new Error("no");
    const confirmUpload = async ({ name }: Upload): Promise<void> => {
      if (name === "app") throw no;
    };
    const operation = { ...recordingOperation(), confirmUpload };
    const options = { buildContexts: { app: folders.app } };
    await assert.rejects(build({ root, imageName: `${uniqueName()}:1`, options, operation }), (error) => error === no);
  });

  it("are used once they are allowed, by the folders that links lead to", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY --from=app a.txt /\n" });
    symlinkSync(folders.app, join(root, "link"));
    const asked: SourceRequest[] = [];
    const consent = { confirm: async (request: SourceRequest): Promise<void> => void asked.push(request) };
    const options = { buildContexts: { app: "link", image: "docker-image://busybox:1.35" } };
    await build({ root, imageName: `${uniqueName()}:1`, options, operation: { ...recordingOperation(), consent } });
    assert.deepEqual(
      asked.map(({ source, requestedBy }) => [source, requestedBy]),
      [
        [
          { kind: "remoteContext", address: "docker-image://busybox:1.35" },
          { kind: "buildContext", name: "image" },
        ],
        [
          { kind: "folder", path: folders.app },
          { kind: "buildContext", name: "app" },
        ],
      ],
    );
  });

  it("of the same name and other folders do not mix", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY --from=app x /\n" });
    for (const content of ["one", "two"]) {
      const imageName = `${uniqueName()}:1`;
      const folder = temporaryFolder({ x: content });
      await build({ root, imageName, options: { buildContexts: { app: folder } } });
      assert.ok((await contentOf(imageName)).endsWith(content));
    }
  });

  it("name what is wrong with a folder", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM app\n", file: "x" });
    for (const [source, words] of [
      ["missing", /Can't use the build context "app", because the folder ".*missing" can't be read/],
      ["file", /Can't use the build context "app", because ".*file" is not a folder/],
    ] as const) {
      await assert.rejects(
        build({ root, imageName: `${uniqueName()}:1`, options: { buildContexts: { app: source } } }),
        (error: unknown) => ImageBuilderError.is(error, "contextUnreadable") && words.test(error.message),
      );
    }
  });

  it("cannot be an OCI layout in Docker's own image store, which is said before anything is built", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM app\n" });
    await assert.rejects(
      build({ root, imageName: `${uniqueName()}:1`, options: { buildContexts: { app: "oci-layout://." } } }),
      (error: unknown) =>
        ImageBuilderError.is(error, "optionInvalid") &&
        /can't read OCI layouts\. Switch the daemon/.test(error.message),
    );
  });

  it("may be a file of a web server, whose password is shown nowhere", async () => {
    const server = createServer((_request, answer) => answer.end("from the web"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const secret = "S3CRET-c4n4ry";
      const address = `http://user:${secret}@127.0.0.1:${(server.address() as AddressInfo).port}/x.txt`;
      const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY --from=app context /x\n" });
      const operation = recordingOperation();
      const options = { buildContexts: { app: address } };
      await build({ root, imageName: `${uniqueName()}:1`, options, operation }).catch((error: Error) => {
        assert.ok(!`${error.message}${error.stack}`.includes(secret));
      });
      assert.ok(!JSON.stringify([operation.events, operation.logged]).includes(secret));
    } finally {
      server.close();
    }
  });

  it("are options of the command line", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY --from=app src /\nCOPY own /\n", own: "own" });
    const flags = [root, "--build-context", `app=${folders.app}`];
    const { result } = await runCliJson<object>(["context", ...flags]);
    assert.deepEqual(result, {
      files: [
        { path: "Dockerfile", sizeBytes: 46, requested: false },
        { path: "own", sizeBytes: 3, requested: true },
      ],
      secrets: [],
      contexts: [
        {
          name: "app",
          files: [
            { path: ".dockerignore", sizeBytes: 6, requested: false },
            { path: "a.txt", sizeBytes: 8, requested: false },
            { path: "src/b.txt", sizeBytes: 8, requested: true },
          ],
        },
      ],
    });
    for (const [value, words] of [
      ["app", /"app" is not a valid build context\. Use NAME=SOURCE/],
      ["App=.", /"App" is not a valid build context name/],
      ["app=oci-layout://", /The source of the build context "app" must have a folder after "oci-layout:/],
    ] as const) {
      const { code, stderr } = await runCli(["context", root, "--build-context", value]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, words);
    }
    const built = await runCli(["build", ...flags, "--tag", uniqueName()]);
    assert.equal(built.code, 0, built.stderr);
  });
});
