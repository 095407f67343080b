import assert from "node:assert/strict";
import { BuildContext } from "../../src/core/context/files/buildContext";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import type { Upload } from "../../src/core/context/review/upload";
import { ImageBuilderError } from "../../src/core/base/errors";
import { ConnectionProxy } from "../support/connectionProxy";
import { build, coreOn, engineAt, given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { savedImage } from "../support/savedImage";

const paths = ["a/1.txt", "a/b/2.txt", "c/3.txt", "4.txt", "5.md", ".env"];
const markOf = (path: string): string => `the content of ${path}.`;

describe("what BuildKit puts into an image", () => {
  let proxy: ConnectionProxy;
  before(async () => (proxy = await ConnectionProxy.start(given("DOCKER_HOST").replace("unix://", ""))));
  after(async () => {
    await proxy.stop();
    removeTemporaryFolders();
  });

  const cases: readonly {
    readonly truth: string;
    readonly dockerfile: string;
    readonly options?: BuildOptions;
    readonly arrives: readonly string[];
  }[] = [
    { truth: "all", dockerfile: "FROM scratch\nCOPY . /", arrives: paths },
    { truth: "a folder", dockerfile: "FROM scratch\nCOPY a /a", arrives: ["a/1.txt", "a/b/2.txt"] },
    { truth: "files by a wildcard", dockerfile: "FROM scratch\nCOPY *.txt /", arrives: ["4.txt"] },
    { truth: "files by a wildcard in a folder", dockerfile: "FROM scratch\nCOPY a/*.txt /", arrives: ["a/1.txt"] },
    {
      truth: "several sources in JSON",
      dockerfile: 'FROM scratch\nCOPY ["c", "5.md", "/"]',
      arrives: ["c/3.txt", "5.md"],
    },
    { truth: "what a variable names", dockerfile: "FROM scratch\nARG WHAT=c\nCOPY $WHAT /", arrives: ["c/3.txt"] },
    {
      truth: "what an argument names",
      dockerfile: "FROM scratch\nARG WHAT=c\nCOPY $WHAT /",
      options: { buildArgs: { WHAT: "a" } },
      arrives: ["a/1.txt", "a/b/2.txt"],
    },
    {
      truth: "what a needed stage copies",
      dockerfile: "FROM scratch AS one\nCOPY c /c\nFROM scratch AS two\nCOPY a /a\nFROM one\nCOPY 4.txt /",
      arrives: ["c/3.txt", "4.txt"],
    },
    {
      truth: "what the target copies",
      dockerfile: "FROM scratch AS one\nCOPY c /c\nFROM scratch\nCOPY 4.txt /",
      options: { target: "one" },
      arrives: ["c/3.txt"],
    },
    {
      truth: "what a mount shows",
      dockerfile: "FROM busybox:1.35\nRUN --mount=type=bind,target=/src mkdir /out && cp /src/.env /src/c/3.txt /out",
      arrives: ["c/3.txt", ".env"],
    },
    {
      truth: "what a mount of a folder shows",
      dockerfile: "FROM busybox:1.35\nRUN --mount=source=c,target=/src mkdir /out && cp /src/3.txt /out",
      arrives: ["c/3.txt"],
    },
    {
      truth: "what a stage copies that the platform chooses",
      dockerfile:
        "FROM scratch AS base-amd64\nCOPY c /c\nFROM scratch AS base-arm64\nCOPY c /c\nFROM base-${TARGETARCH}\n" +
        "COPY 4.txt /",
      arrives: ["c/3.txt", "4.txt"],
    },
    {
      truth: "what a stage copies that a default chooses",
      dockerfile: "FROM scratch AS one\nCOPY c /c\nFROM ${NONE:-one}\nCOPY 4.txt /",
      arrives: ["c/3.txt", "4.txt"],
    },
    {
      truth: "what the later of ENV and ARG names",
      dockerfile: "FROM scratch\nENV WHAT=a\nARG WHAT=c\nCOPY $WHAT /",
      arrives: ["c/3.txt"],
    },
    {
      truth: "what the platform completes",
      dockerfile: "FROM scratch\nARG TARGETOS\nARG D=a\nCOPY ${D}${TARGETOS:+/1.txt} /",
      arrives: ["a/1.txt"],
    },
    {
      truth: "what a mount in capitals shows",
      dockerfile: "FROM busybox:1.35\nRUN --mount=TYPE=BIND,SRC=c,DST=/src mkdir /out && cp /src/3.txt /out",
      arrives: ["c/3.txt"],
    },
    {
      truth: "what a stage triggers in the next",
      dockerfile: "FROM scratch AS one\nONBUILD COPY c /c\nFROM one\nCOPY 4.txt /",
      arrives: ["c/3.txt", "4.txt"],
    },
  ];
  const places = [
    ["here", () => given("DOCKER_HOST")],
    ["elsewhere, which gets no more", () => proxy.dockerHost],
  ] as const;
  for (const { truth, dockerfile, options, arrives } of cases)
    for (const [place, dockerHost] of places) {
      it(`was looked at before: ${truth}, by a daemon ${place}`, async () => {
        const root = temporaryFolder({
          ...Object.fromEntries(paths.map((path) => [path, markOf(path)])),
          Dockerfile: dockerfile,
        });
        const imageName = `${uniqueName()}:1`;
        const uploads: Upload[] = [];
        const confirmUpload = async (upload: Upload): Promise<void> => void uploads.push(upload);
        await build({
          root,
          imageName,
          options: { builder: "buildkit", ...options },
          core: coreOn(engineAt(dockerHost())),
          operation: { ...recordingOperation(), confirmUpload },
        });
        const image = await savedImage(imageName);
        assert.deepEqual(
          paths.filter((path) => image.includes(markOf(path))),
          arrives,
        );
        const [upload, ...more] = uploads;
        assert.deepEqual(
          [more.length, upload?.builder, upload?.context instanceof BuildContext],
          [0, "buildkit", true],
        );
        assert.deepEqual(
          arrives.filter((path) => !upload?.isRequested(path)),
          [],
        );
      });
    }

  it("by a base image's ONBUILD goes elsewhere only once somebody has agreed to the whole", async () => {
    const base = `${uniqueName("base")}:1`;
    await build({
      root: temporaryFolder({ Dockerfile: "FROM scratch\nCOPY Dockerfile /\nONBUILD COPY c /c\n" }),
      imageName: base,
    });
    const root = temporaryFolder({
      ...Object.fromEntries(paths.map((path) => [path, markOf(path)])),
      Dockerfile: `FROM ${base}\nCOPY 4.txt /\n`,
    });
    const imageName = `${uniqueName()}:1`;
    const wanted = {
      root,
      imageName,
      options: { builder: "buildkit" },
      core: coreOn(engineAt(proxy.dockerHost)),
    } as const;
    await assert.rejects(
      build(wanted),
      (error) =>
        ImageBuilderError.is(error, "requestRefused") && /requested "c" from the build context/.test(error.message),
    );

    const asked: boolean[] = [];
    const confirmUpload = async ({ isRequested }: Upload): Promise<void> => void asked.push(isRequested("c/3.txt"));
    await build({ ...wanted, operation: { ...recordingOperation(), confirmUpload } });
    assert.deepEqual(asked, [false, true]);
    const image = await savedImage(imageName);
    assert.deepEqual(
      paths.filter((path) => image.includes(markOf(path))),
      ["c/3.txt", "4.txt"],
    );
  });

  it("is nothing once the answer is no", async () => {
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /", ".env": "A=1" });
    for (const builder of ["buildkit", "classic"] as const) {
      const operation = recordingOperation();
      const confirmUpload = (): Promise<void> => Promise.reject(new Error("no"));
      await assert.rejects(
        build({ root, imageName: uniqueName(), options: { builder }, operation: { ...operation, confirmUpload } }),
        /^Error: no$/,
      );
      assert.deepEqual(operation.events, []);
    }
  });
});
