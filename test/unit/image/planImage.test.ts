import assert from "node:assert/strict";
import { chmodSync, rmSync, symlinkSync, unlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Component } from "../../../src/core/base/component";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { Image } from "../../../src/core/image/image";
import { imageBuild } from "../../../src/core/image/plan/imageBuild";
import { planImage } from "../../../src/core/image/plan/planImage";
import { ensureImage } from "../../../src/core/jobs/ensureImage";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { recordingOperation } from "../../support/operation";

const start = Image.fromBase("busybox:1.35").clone({ name: "app", extendable: true });

const files = {
  "src/a.txt": "1",
  "src/b/c.txt": "2",
  "src/Dockerfile": "FROM scratch\nCOPY . /\n",
  "requirements.txt": "-r more.txt\n",
  "more.txt": "six==1.16.0\n",
  "dist/app-1-py3-none-any.whl": "wheel",
};

const images: Readonly<Record<string, { readonly image: Image; readonly file: string }>> = {
  "a folder": { image: start.withSourceFolder("src"), file: "src/b/c.txt" },
  "a file": { image: start.withSourceFile("src/a.txt"), file: "src/a.txt" },
  "nested requirements": { image: start.withRequirements("requirements.txt"), file: "more.txt" },
  wheels: { image: start.withLocalV2(), file: "dist/app-1-py3-none-any.whl" },
  "a Dockerfile's folder": {
    image: Image.fromDockerfile("src/Dockerfile", { name: "app", registry: "localhost:5000" }),
    file: "src/a.txt",
  },
  "the Dockerfile itself": {
    image: Image.fromDockerfile("src/Dockerfile", { name: "app", registry: "localhost:5000" }),
    file: "src/Dockerfile",
  },
};

const isChanged = (error: unknown): boolean =>
  ImageBuilderError.is(error, "contextChanged") && error.message.includes("Build again");

describe("an image that is planned once", () => {
  after(removeTemporaryFolders);

  for (const [title, { image, file }] of Object.entries(images)) {
    it(`is built by the name it was planned with, and not with other bytes: ${title}`, async () => {
      const root = temporaryFolder(files);
      const planned = await planImage(image, { root });
      assert.equal(planned.uri, await image.uri({ root }));
      assert.equal((await imageBuild(planned, { root }))?.imageName, planned.uri);

      const before = files[file as keyof typeof files];
      writeFiles(root, { [file]: before.replace(/.$/m, "#") });
      await assert.rejects(imageBuild(planned, { root }), (error) => {
        assert.ok(error instanceof Error && error.message.includes(join(root, file)), String(error));
        return isChanged(error);
      });
      writeFiles(root, { [file]: before });
      assert.equal((await imageBuild(planned, { root }))?.imageName, planned.uri, "the bytes count, not the times");
    });
  }

  it("is refused where a file changes after that, until it is sent", async () => {
    const root = temporaryFolder(files);
    const build = await imageBuild(await planImage(start.withSourceFolder("src"), { root }), { root });
    const listed = async (): Promise<string[]> => {
      const context = new BuildContext();
      context.addAll(build?.extraFiles ?? new Map());
      const paths: string[] = [];
      const { extraFiles } = context.describe() ?? assert.fail();
      assert.ok(structuredClone(extraFiles), "it is the same in another thread");
      for await (const batch of context.entries()) paths.push(...batch.map(({ path }) => path));
      return paths;
    };
    assert.ok((await listed()).includes("src/a.txt"));
    writeFiles(root, { "src/a.txt": "longer" });
    await assert.rejects(listed(), isChanged);
    writeFiles(root, { "src/a.txt": "#" });
    utimesSync(join(root, "src/a.txt"), new Date(0), new Date(0));
    await assert.rejects(listed(), isChanged);
  });

  const folders = { "a folder": images["a folder"], "a Dockerfile's folder": images["a Dockerfile's folder"] };
  const changes: Readonly<Record<string, (root: string) => void>> = {
    "a file that came": (root) => writeFiles(root, { "src/new": "" }),
    "a file that went": (root) => unlinkSync(join(root, "src/a.txt")),
    "a file that may be run now": (root) => chmodSync(join(root, "src/a.txt"), 0o755),
    "a link in the place of a file": (root) => {
      rmSync(join(root, "src/a.txt"));
      symlinkSync("b/c.txt", join(root, "src/a.txt"));
    },
    "an ignore file": (root) => writeFiles(root, { "src/.dockerignore": "b\n", ".dockerignore": "src/b\n" }),
  };
  for (const [title, given] of Object.entries(folders)) {
    for (const [change, make] of Object.entries(changes)) {
      it(`is not built with ${change}: ${title}`, async () => {
        const root = temporaryFolder(files);
        const planned = await planImage(given?.image ?? assert.fail(), { root });
        make(root);
        await assert.rejects(imageBuild(planned, { root }), isChanged);
      });
    }
  }
});

describe("a file that changes between the look for an image and its build", () => {
  const builder: Component = { name: "far", type: "image_builder", flavor: "counted", configuration: {} };
  const registry: Component = {
    name: "there",
    type: "container_registry",
    flavor: "default",
    configuration: { uri: "127.0.0.1:1" },
  };
  const built: { readonly imageName: string; readonly content: string }[] = [];
  const flavors = new FlavorRegistry();
  flavors.register({
    name: "counted",
    type: "image_builder",
    displayName: "",
    description: "",
    configSchema: z.strictObject({}),
    load: async () => ({
      isBuildingLocally: true,
      async build(imageName, context, _options, operation) {
        const dockerfile = { file: "", bytes: Buffer.alloc(0), text: "" };
        const review = () => assert.fail("nobody looks at it");
        await operation.confirmUpload?.({ context, dockerfile, builder: "buildkit", isRequested: () => true, review });
        for await (const batch of context.entries())
          for (const { path, content } of batch)
            if (path.endsWith("a.txt")) built.push({ imageName, content: String(content) });
        return { reference: imageName };
      },
    }),
  });
  const core = {
    flavors,
    services: {
      engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
      credentials: { find: async () => undefined },
    },
  };
  after(removeTemporaryFolders);

  it("refuses the build, which would put other content under the tag", async () => {
    const root = temporaryFolder(files);
    const image = start.clone({ registry: "127.0.0.1:1" }).withSourceFolder("src");
    const planned = await planImage(image, { root });
    const ensure = (info: (message: string) => void) => {
      const operation = recordingOperation();
      return ensureImage({ ...planned, places: { root }, builder, registry }, core, {
        ...operation,
        log: { ...operation.log, info },
      });
    };
    const change = (message: string): void => {
      if (message.includes("exists, so it is built")) writeFiles(root, { "src/a.txt": "#" });
    };
    await assert.rejects(ensure(change), (error) => {
      assert.ok(ImageBuilderError.is(error, "contextChanged"), String(error));
      assert.equal(
        error.message,
        `The file "${join(root, "src/a.txt")}" has changed since the tag of "app" was computed. ` +
          "Build again when the folder is no longer changing.",
      );
      return true;
    });
    assert.deepEqual(built, []);

    writeFiles(root, { "src/a.txt": "1" });
    const result = await ensure(() => undefined);
    assert.deepEqual([result.outcome, result.imageName], ["built", planned.uri]);
    assert.deepEqual(
      built.map(({ imageName }) => imageName),
      [planned.uri],
    );
  });

  it("refuses the build also if it changes while the question about the upload is open", async () => {
    const root = temporaryFolder(files);
    const image = Image.fromDockerfile("src/Dockerfile", { name: "app", registry: "127.0.0.1:1" });
    const planned = await planImage(image, { root });
    built.length = 0;
    const ensure = (confirmUpload: () => Promise<void>) =>
      ensureImage({ ...planned, places: { root }, builder, registry }, core, {
        ...recordingOperation(),
        confirmUpload,
      });
    await assert.rejects(
      ensure(async () => writeFiles(root, { "src/a.txt": "#" })),
      (error) => isChanged(error) && ImageBuilderError.is(error) && error.message.includes("src/a.txt"),
    );
    assert.deepEqual(built, []);

    writeFiles(root, { "src/a.txt": "1" });
    assert.equal((await ensure(async () => undefined)).outcome, "built");
    assert.equal(built.length, 1);
  });
});
