import assert from "node:assert/strict";
import { Image } from "../../../src/core/image/image";
import { base, start, loose, refusal } from "./imageSupport";

describe("an image", () => {
  it("has the fields of Flyte's with their defaults [F1]", () => {
    const { baseImage, dockerfile, registry, name, platform, pythonVersion, extendable, isCloned, layers } = base;
    assert.deepEqual(
      { baseImage, dockerfile, registry, name, platform, pythonVersion, extendable, isCloned, layers },
      {
        baseImage: "python:3.12-slim",
        dockerfile: undefined,
        registry: undefined,
        name: undefined,
        platform: ["linux/amd64"],
        pythonVersion: undefined,
        extendable: false,
        isCloned: false,
        layers: [],
      },
    );
  });

  it("cannot be made directly [F2]", () => {
    assert.match(
      refusal(() => new (loose(Image) as new () => unknown)()),
      /can't be created directly\. Use fromDebianBase/,
    );
  });

  it("never changes: methods return another one [F3]", () => {
    const before = start.key;
    const after = start.withAptPackages("git").withEnvVars({ A: "1" });
    assert.notEqual(after.key, before);
    assert.equal(start.key, before);
    assert.throws(() => Object.assign(start, { name: "other" }), TypeError);
    assert.throws(() => (after.layers as unknown[]).push(1), TypeError);
    const [layer] = after.layers;
    assert.throws(() => Object.assign(layer ?? {}, { kind: "other" }), TypeError);
  });

  it("does not follow a list that is changed after it was given [F3]", () => {
    const commands = ["make"];
    const image = start.withCommands(commands);
    commands.push("make install");
    assert.deepEqual(image.layers, [{ kind: "commands", commands: ["make"], secrets: [] }]);
  });

  it("is equal to another of the same definition, and only to that [F4]", () => {
    const make = (): Image =>
      Image.fromDebianBase({ name: "x", pythonVersion: [3, 11] })
        .withPipPackages("numpy", { pre: true })
        .withEnvVars({ A: "1" });
    assert.ok(make().equals(make()));
    assert.equal(make().key, make().key);
    assert.deepEqual(make(), make());
    assert.ok(!make().equals(make().clone({ name: "y" })));
    assert.ok(!start.withAptPackages("a", "b").equals(start.withAptPackages("ab")));
  });

  it("is for linux/amd64, a debian one for arm64 too [F5]", () => {
    assert.deepEqual(base.platform, ["linux/amd64"]);
    assert.deepEqual(Image.fromDebianBase().platform, ["linux/amd64", "linux/arm64"]);
    assert.deepEqual(Image.fromDebianBase({ platform: "linux/arm64" }).platform, ["linux/arm64"]);
  });

  it("starts from Flyte's release, which exists, with one v and no plus [F7]", async () => {
    for (const flyteVersion of ["2.1.0", "v2.1.0"]) {
      const image = Image.fromDebianBase({ pythonVersion: [3, 11], flyteVersion });
      assert.equal(await image.uri(), "ghcr.io/flyteorg/flyte:py3.11-v2.1.0");
    }
    assert.equal(Image.fromDebianBase({ flyteVersion: "2.1+dev" }).baseImage, "ghcr.io/flyteorg/flyte:py3.12-v2.1-dev");
    assert.equal(Image.fromDebianBase().name, "flyte");
  });

  it("without Flyte starts from the slim image with five layers in order [F8]", () => {
    const { baseImage, layers, name } = Image.fromDebianBase({ installFlyte: false, pythonVersion: [3, 11] });
    assert.equal(baseImage, "python:3.11-slim-bookworm");
    assert.equal(name, "flyte");
    assert.deepEqual(
      layers.map(({ kind }) => kind),
      ["labels", "user", "workdir", "envVars", "aptPackages"],
    );
  });

  it("with a name, a registry or a registry's secret is one to build [F9] [F10] [F71]", () => {
    assert.equal(Image.fromDebianBase({ name: "mine" }).isCloned, true);
    assert.equal(Image.fromDebianBase({ registry: "ghcr.io/team" }).isCloned, true);
    const withSecret = Image.fromDebianBase({ registrySecret: "token" });
    assert.equal(withSecret.registrySecret?.key, "token");
    assert.equal(withSecret.withAptPackages("git").clone({ name: "other" }).registrySecret?.key, "token");
  });

  it("from a base is that base, and takes layers only once it is cloned [F11] [F12] [F19]", async () => {
    assert.equal(await base.uri(), "python:3.12-slim");
    assert.equal(base.extendable, false);
    assert.match(
      refusal(() => (base as unknown as Image<true>).withWorkdir("/app")),
      /^withWorkdir: layers can't be added to a non-extendable image\. Clone it/,
    );
    assert.equal(base.clone({ name: "app", extendable: true }).withWorkdir("/app").layers.length, 1);
  });

  it("by a reference name is what the configuration says, or built on it [F13] [F14]", async () => {
    assert.equal(Image.fromRefName().name, "default");
    const imageRefs = { default: "ghcr.io/team/base:1", other: "ghcr.io/team/other:1" };
    assert.equal(await Image.fromRefName().uri({ imageRefs }), "ghcr.io/team/base:1");
    const layered = Image.fromRefName("other").clone({ extendable: true }).withAptPackages("git");
    assert.match(await layered.uri({ imageRefs }), /^other:[0-9a-f]{64}$/);
    for (const name of ["gone", "constructor"]) {
      await assert.rejects(Image.fromRefName(name).uri({ imageRefs }), {
        message: new RegExp(
          `no image is configured under the name "${name}": the configured names are "default", "other"`,
        ),
      });
    }
    await assert.rejects(
      Image.fromRefName().uri({ imageRefs: { default: "busybox\nRUN id" } }),
      /^ImageBuilderError: fromRefName: the image configured under the name "default" contains a line break/,
    );
  });

  it("from a script is a debian one with the script's layer [F15]", () => {
    const image = Image.fromUvScript("s.py", { name: "script", indexUrl: "https://i" });
    assert.equal(image.name, "script");
    assert.deepEqual(
      image.layers.map(({ kind }) => kind),
      ["labels", "user", "workdir", "envVars", "aptPackages", "uvScript"],
    );
    assert.equal(image.pythonVersion, undefined);
    assert.equal(
      Image.fromUvScript("s.py", { name: "script", pythonVersion: [3, 11] }).baseImage,
      "python:3.11-slim-bookworm",
    );
  });

  it("by a Dockerfile takes no layers [F16] [F17] [F19]", () => {
    const image = Image.fromDockerfile("docker/Dockerfile", { registry: "ghcr.io/team", name: "app" });
    assert.equal(image.dockerfile, "docker/Dockerfile");
    assert.deepEqual(image.platform, ["linux/amd64"]);
    assert.match(
      refusal(() => (image as unknown as Image<true>).withWorkdir("/app")),
      /non-extendable/,
    );
    assert.match(
      refusal(() => image.clone({ extendable: true }).withWorkdir("/app")),
      /built from a Dockerfile\. Add them to "docker\/Dockerfile"/,
    );
  });

  it("without a name takes no layers [F18]", () => {
    assert.match(
      refusal(() => base.clone({ extendable: true }).withWorkdir("/app")),
      /without a name\. Clone it with a name first/,
    );
  });

  it("keeps what a clone does not name, and what it names as nothing [F20] [F21] [F22]", () => {
    const full = Image.fromDebianBase({
      installFlyte: false,
      registry: "ghcr.io/team",
      name: "app",
      pythonVersion: [3, 11],
    });
    const same = full.clone({ registry: "", name: "" });
    assert.ok(same.equals(full));
    assert.equal(full.clone({}).extendable, true);
    assert.equal(full.clone({ extendable: false }).extendable, false);
    assert.deepEqual(full.clone({ platform: "linux/arm64" }).platform, ["linux/arm64"]);
    assert.equal(full.clone({ pythonVersion: [3, 13] }).baseImage, "python:3.13-slim-bookworm");
    assert.equal(full.clone({ baseImage: "mine:1" }).clone({ pythonVersion: [3, 13] }).baseImage, "mine:1");
  });

  it("takes a layer by clone too [F19]", () => {
    const [addlLayer] = start.withAptPackages("git").layers;
    assert.ok(start.clone({ addlLayer }).equals(start.withAptPackages("git")));
    assert.match(
      refusal(() => base.clone({ addlLayer })),
      /^withAptPackages: layers can't be added to a non-extendable image/,
    );
  });

  it("takes index urls as one text or a list [F26] [F39]", () => {
    assert.ok(
      start
        .withPipPackages("a", { extraIndexUrls: "https://b" })
        .equals(start.withPipPackages("a", { extraIndexUrls: ["https://b"] })),
    );
    assert.ok(
      start
        .withUvProject("p/pyproject.toml", { extraIndexUrls: "https://b" })
        .equals(start.withUvProject("p/pyproject.toml", { extraIndexUrls: ["https://b"] })),
    );
  });

  it("stays the same when there is nothing to install or run [F27]", () => {
    assert.equal(start.withPipPackages(), start);
    assert.equal(start.withAptPackages(), start);
    assert.equal(start.withCommands([]), start);
    assert.equal(start.withEnvVars({}), start);
    assert.equal(start.withSourceFile([]), start);
    assert.equal(start.withLocalV2Plugins(null), start);
  });

  it("takes one command as a text [F32]", () => {
    assert.ok(start.withCommands("make").equals(start.withCommands(["make"])));
  });

  it("installs plugins from wheels of their own [F42]", () => {
    assert.deepEqual(
      start
        .withLocalV2Plugins(["flyteplugins-ray", "flyteplugins-big-query"])
        .layers.map((layer) => layer.kind === "pythonWheels" && [layer.folder, layer.packageName]),
      [
        ["plugins/ray/dist", "flyteplugins_ray"],
        ["plugins/big-query/dist", "flyteplugins_big_query"],
      ],
    );
  });
});
