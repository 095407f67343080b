import assert from "node:assert/strict";
import { join } from "node:path";
import { Image } from "../../../src/core/image/image";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { imageProject } from "../../support/imageProject";
import { start, tag } from "./tagSupport";

describe("the URI of an image", () => {
  let root: string;
  beforeEach(() => void (root = imageProject()));
  after(removeTemporaryFolders);

  it("is registry, name and tag, or name and tag [F49] [F50]", async () => {
    const image = start.withAptPackages("vim");
    assert.equal(await image.uri({ root }), `app:${await tag(image, root)}`);
    assert.equal(
      await image.clone({ registry: "ghcr.io/team/" }).uri({ root }),
      `ghcr.io/team/app:${await tag(image, root)}`,
    );
    assert.equal(await Image.fromBase("busybox:1").uri(), "busybox:1");
  });

  it("has no tag but that of its content, also where its base has one that can be read [F23]", async () => {
    const base = Image.fromDebianBase({ pythonVersion: [3, 11], flyteVersion: "2.1.0" });
    assert.equal(await base.uri(), "ghcr.io/flyteorg/flyte:py3.11-v2.1.0");
    assert.match(await base.clone({ name: "mine" }).uri(), /^mine:[0-9a-f]{64}$/);
    assert.match(await Image.fromDebianBase({ installFlyte: false, name: "mine" }).uri(), /^mine:[0-9a-f]{64}$/);
  });

  it("has the same tag whatever name, registry, secret of the registry and unused Python [F52]", async () => {
    const image = start.withAptPackages("vim");
    for (const changes of [
      { name: "other" },
      { registry: "ghcr.io/team" },
      { registrySecret: "s" },
      { pythonVersion: [3, 11] },
    ] as const) {
      assert.equal(await tag(image.clone(changes), root), await tag(image, root), JSON.stringify(changes));
    }
  });

  it("has another tag for another platform, base, or Python that is used [F52]", async () => {
    const image = start.withPipPackages("numpy");
    for (const changes of [
      { platform: "linux/arm64" },
      { baseImage: "python:3.11-slim" },
      { pythonVersion: [3, 11] },
    ] as const) {
      assert.notEqual(await tag(image.clone(changes), root), await tag(image, root), JSON.stringify(changes));
    }
    const both = image.clone({ platform: ["linux/amd64", "linux/arm64"] });
    assert.equal(await tag(both, root), await tag(image.clone({ platform: ["linux/arm64", "linux/amd64"] }), root));
  });

  const different: readonly (readonly [title: string, one: Image, other: Image])[] = [
    ["packages that read the same together [F60]", start.withAptPackages("v", "im"), start.withAptPackages("vim")],
    ["packages of pip that read the same together [F60]", start.withPipPackages("a", "b"), start.withPipPackages("ab")],
    [
      "the same packages in one layer and in two [F60]",
      start.withPipPackages("a", "b"),
      start.withPipPackages("a").withPipPackages("b"),
    ],
    ["a name as a package of one kind and another [F60]", start.withAptPackages("a"), start.withPipPackages("a")],
    ["another order of variables [F54]", start.withEnvVars({ A: "1", B: "2" }), start.withEnvVars({ B: "2", A: "1" })],
    [
      "values that read the same together [F60]",
      start.withEnvVars({ A: "1 B=2" }),
      start.withEnvVars({ A: "1", B: "2" }),
    ],
    [
      "an index and a further index [F60]",
      start.withPipPackages("a", { indexUrl: "https://i" }),
      start.withPipPackages("a", { extraIndexUrls: "https://i" }),
    ],
    ["pre-releases and none", start.withPipPackages("a", { pre: true }), start.withPipPackages("a")],
    [
      "uv and Poetry for one tree [F60]",
      start.withUvProject("proj/pyproject.toml", { projectInstallMode: "install_project" }),
      start.withPoetryProject("proj/pyproject.toml", { projectInstallMode: "install_project" }),
    ],
    [
      "dependencies and the project",
      start.withUvProject("proj/pyproject.toml"),
      start.withUvProject("proj/pyproject.toml", { projectInstallMode: "install_project" }),
    ],
    ["destinations", start.withSourceFolder("proj"), start.withSourceFolder("proj", { dst: "/opt/x" })],
    [
      "a folder and its content",
      start.withSourceFolder("proj"),
      start.withSourceFolder("proj", { copyContentsOnly: true }),
    ],
    ["secrets", start.withCommands("x", { secretMounts: "a" }), start.withCommands("x", { secretMounts: "b" })],
    ["a secret and none", start.withCommands("x", { secretMounts: "a" }), start.withCommands("x")],
  ];
  for (const [title, one, other] of different)
    it(`has another tag for ${title}`, async () => assert.notEqual(await tag(one, root), await tag(other, root)));

  it("has the same tag with a layer that does nothing and without", async () => {
    assert.equal(
      await tag(start.withEnvVars({}).withSourceFile([]).withPipPackages().withDockerignore("a.txt"), root),
      await tag(start, root),
    );
  });

  it("has the same tag for a destination with a slash at its end and without", async () => {
    assert.equal(
      await tag(start.withSourceFolder("proj", { dst: "/x" }).withSourceFile("a.txt", { dst: "d" }), root),
      await tag(start.withSourceFolder("proj", { dst: "/x/" }).withSourceFile("a.txt", { dst: "./d/" }), root),
    );
  });

  it("has the same tag for a secret by key or as an object [F62]", async () => {
    assert.equal(
      await tag(start.withCommands("x", { secretMounts: "s" }), root),
      await tag(start.withCommands("x", { secretMounts: [{ key: "s" }] }), root),
    );
  });

  it("has the same tag for relative and absolute paths, and for a copy of a file elsewhere [F53] [F55]", async () => {
    const elsewhere = temporaryFolder({ "other/requirements.txt": "httpx==0.27.0\n", "a.txt": "x\n" });
    const image = start.withRequirements("requirements.txt").withSourceFile("a.txt");
    const absolute = start.withRequirements(join(root, "requirements.txt")).withSourceFile(join(root, "a.txt"));
    const copied = start
      .withRequirements(join(elsewhere, "other/requirements.txt"))
      .withSourceFile(join(elsewhere, "a.txt"));
    assert.equal(await tag(absolute, root), await tag(image, root));
    assert.equal(await tag(copied, root), await tag(image, root));
  });
});
