import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { Image } from "../../../src/core/image/image";
import type { Architecture } from "../../../src/core/image/definition/platform";

const base = Image.fromBase("python:3.12-slim");
const start = base.clone({ name: "app", extendable: true });

/** Takes away what the compiler knows, as someone in JavaScript does. */
function loose(value: unknown): never {
  return value as never;
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(ImageBuilderError.is(error, "imageInvalid"), String(error));
    return error.message;
  }
  assert.fail("it must be refused");
}

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

  const refused: readonly (readonly [title: string, act: () => unknown, message: RegExp])[] = [
    [
      "an unknown platform [F6]",
      () => base.clone({ platform: loose("linux/vax") }),
      /^clone: platform is "linux\/vax"\. Choose "linux\/amd64" or/,
    ],
    ["no platform [F6]", () => base.clone({ platform: [] }), /platform is a list\. Use a platform such as/],
    [
      "a python version as a text [F6]",
      () => Image.fromDebianBase({ pythonVersion: loose("3.12") }),
      /^fromDebianBase: pythonVersion is "3.12"\. Use .* such as \[3, 12\]/,
    ],
    [
      "a python version of three parts",
      () => Image.fromDebianBase({ pythonVersion: loose([3, 12, 1]) }),
      /pythonVersion is \[3,12,1\]/,
    ],
    [
      "a base that is no image",
      () => Image.fromBase("Python 3"),
      /^fromBase: the image "Python 3" is not a valid image name/,
    ],
    [
      "a name that is none",
      () => start.clone({ name: "My App" }),
      /^clone: registry and name "My App" is not a valid image name/,
    ],
    ["a name with a tag", () => start.clone({ name: "app:1" }), /^clone: name "app:1" ends in "1"\. Remove that part/],
    [
      "a Dockerfile without a registry",
      () => Image.fromDockerfile("Dockerfile", loose({ name: "a" })),
      /^fromDockerfile: registry is undefined/,
    ],
    [
      "an option there is not",
      () => start.clone(loose({ platforms: ["linux/amd64"] })),
      /there is no option "platforms"\. Valid options: registry/,
    ],
    [
      "an option of pip there is not",
      () => start.withPipPackages("a", loose({ index_url: "https://a" })),
      /^withPipPackages: there is no option "index_url"/,
    ],
    [
      "a list as a package [F25]",
      () => start.withAptPackages(loose(["git", "curl"])),
      /^withAptPackages: expected a package but got a list\. Spread it: withAptPackages\(\.\.\.packages\)/,
    ],
    ["an empty package", () => start.withPipPackages(" "), /^withPipPackages: a package is empty/],
    [
      "an option as a package",
      () => start.withPipPackages("--pre"),
      /"--pre" is an option, not a package\. Pass options in extraArgs/,
    ],
    [
      "pre that is no boolean",
      () => start.withPipPackages("a", { pre: loose("yes") }),
      /pre is "yes"\. Use true or false/,
    ],
    [
      "a password in an address",
      () => start.withPipPackages("a", { indexUrl: "https://me:hunter2@host/simple" }),
      /indexUrl "https:\/\/me:…@host\/simple" contains a password/,
    ],
    [
      "requirements of another kind [F28]",
      () => start.withRequirements("pyproject.toml"),
      /^withRequirements: "pyproject.toml" does not end in "\.txt"/,
    ],
    [
      "a variable's name that is none",
      () => start.withEnvVars({ "A B": "1" }),
      /^withEnvVars: "A B" is not a valid variable name/,
    ],
    [
      "a variable's value that is no text",
      () => start.withEnvVars({ A: loose(1) }),
      /the value of A is 1\. Use a string/,
    ],
    ["a NUL character", () => start.withEnvVars({ A: "a\0" }), /the value of A contains a NUL character/],
    ["half of a character", () => start.withCommands("echo \ud800"), /a command contains half of a character/],
    [
      "a relative working directory",
      () => start.withWorkdir("app"),
      /^withWorkdir: "app" is not absolute\. Start it with "\/"/,
    ],
    [
      "a command that says RUN [F32]",
      () => start.withCommands("RUN make"),
      /^withCommands: the command "RUN make" starts with RUN/,
    ],
    [
      "files of one name [F35]",
      () => start.withSourceFile(["a/x.txt", "b/x.txt", "c.txt"]),
      /^withSourceFile: several files are named "x.txt"/,
    ],
    [
      "an unknown copy style [F36]",
      () => start.withCodeBundle({ copyStyle: loose("none") }),
      /copyStyle is "none"\. Choose "loaded_modules" or "all"/,
    ],
    [
      "an unknown install mode [F41]",
      () => start.withUvProject("pyproject.toml", { projectInstallMode: loose("all") }),
      /projectInstallMode is "all"\. Choose "dependencies_only" or "install_project"/,
    ],
    [
      "files that are no list",
      () => start.withSourceFile(loose(5)),
      /^withSourceFile: the files are 5\. Use a string or a list of strings/,
    ],
    [
      "commands that are no list",
      () => start.withCommands(loose(new Set(["make"]))),
      /^withCommands: the commands are an object\. Use a string or a list/,
    ],
    [
      "plugins that are no list",
      () => start.withLocalV2Plugins(loose(5)),
      /^withLocalV2Plugins: the plugins are 5\. Use a string or a list/,
    ],
    [
      "addresses that are no list",
      () => start.withPipPackages("a", { extraIndexUrls: loose(null) }),
      /^withPipPackages: extraIndexUrls are null\. Use a string or a list/,
    ],
    [
      "variables in a Map",
      () => start.withEnvVars(loose(new Map([["A", "1"]]))),
      /^withEnvVars: the variables are an object\. Use an object such as/,
    ],
    [
      "a name that is no text",
      () => Image.fromDebianBase({ name: loose(5) }),
      /^fromDebianBase: name is 5\. Use a string/,
    ],
    [
      "a version of Flyte that there cannot be",
      () => Image.fromDebianBase({ flyteVersion: "2 5" }),
      /^fromDebianBase: the image of flyteVersion ".*-v2 5" is not a valid image name/,
    ],
    [
      "extendable that is no boolean",
      () => start.clone({ extendable: loose("yes") }),
      /^clone: extendable is "yes"\. Use true or false/,
    ],
    [
      "a layer that is none",
      () => start.clone({ addlLayer: loose({ kind: "constructor" }) }),
      /^clone: addlLayer is an object\. Use a layer of another image/,
    ],
    [
      "several secrets of one registry",
      () => start.clone({ registrySecret: loose(["a", "b"]) }),
      /^clone: a secret is a list\. Use its key, or an object/,
    ],
    [
      "a secret that is nothing",
      () => start.withCommands("a", { secretMounts: loose(null) }),
      /^withCommands: a secret is null\. Use its key, or an object/,
    ],
    [
      "a secret's variable that is no text",
      () => start.withCommands("a", { secretMounts: { key: "a", mount: "/a", asEnvVar: loose(5) } }),
      /^withCommands: the asEnvVar of the secret "a" is 5/,
    ],
    [
      "no options at all",
      () => start.withSourceFolder("a", loose(null)),
      /^withSourceFolder: the options are null\. Use an object such as/,
    ],
    [
      "a plugin that is none [F42]",
      () => start.withLocalV2Plugins("ray"),
      /^withLocalV2Plugins: "ray" is not a plugin name\. It must start with "flyteplugins-"/,
    ],
    [
      "a secret whose variable cannot be [F63]",
      () => start.withAptPackages("a", { secretMounts: "a.b" }),
      /the secret "a.b" can't be in a variable named "A.B"\. Set asEnvVar/,
    ],
    [
      "a secret's mount that is relative [F64]",
      () => start.withAptPackages("a", { secretMounts: { key: "a", mount: "x" } }),
      /the mount of the secret "a" is "x"\. Use the absolute path/,
    ],
    [
      "a secret's mount that would end its flag [F64]",
      () => start.withAptPackages("a", { secretMounts: { key: "a", mount: "/x,required=false" } }),
      /the mount of the secret/,
    ],
  ];
  for (const [title, act, message] of refused) it(`refuses ${title}`, () => assert.match(refusal(act), message));

  it("does not compile where it would be refused", () => {
    const neverCalled = (architecture: Architecture): void => {
      // @ts-expect-error A base takes no layers.
      base.withWorkdir("/app");
      // @ts-expect-error So does a Dockerfile.
      Image.fromDockerfile("Dockerfile", { registry: "r.io", name: "n" }).withAptPackages("git");
      // @ts-expect-error And a clone that says so.
      start.clone({ extendable: false }).withAptPackages("git");
      // @ts-expect-error Python's version is a pair of numbers.
      Image.fromDebianBase({ pythonVersion: "3.12" });
      // @ts-expect-error There is no such platform.
      base.clone({ platform: "linux/vax" });
      // @ts-expect-error A script's image needs a name.
      Image.fromUvScript("s.py", {});
      // @ts-expect-error Packages are not a list.
      start.withAptPackages(["git"]);
      // @ts-expect-error Options come last.
      start.withPipPackages({ pre: true }, "numpy");
      // @ts-expect-error There is no such option.
      start.withPipPackages("numpy", { index_url: "https://i" });
      // @ts-expect-error Values are texts.
      start.withEnvVars({ PORT: 8080 });
      // @ts-expect-error There are two ways only.
      start.withUvProject("pyproject.toml", { projectInstallMode: "everything" });
      // @ts-expect-error Nothing can be changed.
      start.name = "other";
      // @ts-expect-error Nor be made directly.
      new Image();
      base.clone({ platform: architecture });
    };
    assert.equal(typeof neverCalled, "function");
  });
});
