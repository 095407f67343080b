import assert from "node:assert/strict";
import { Image } from "../../../src/core/image/image";
import type { Architecture } from "../../../src/core/image/definition/platform";
import { base, start, loose, refusal } from "./imageSupport";

describe("an image", () => {
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
      /^withEnvVars: the variables are an object\. Use a plain object such as/,
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
