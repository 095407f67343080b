import assert from "node:assert/strict";
import { Image } from "../../../src/core/image/image";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { baseSchema } from "../../../src/core/image/spec/baseSchema";
import { layerSchema } from "../../../src/core/image/spec/layerSchema";
import type { SpecInput } from "../../../src/core/image/spec/specSchema";
import { writeImageSpec } from "../../../src/core/image/spec/writeImageSpec";

const start = Image.fromBase("busybox").clone({ name: "app", extendable: true });
const pip = {
  indexUrl: "https://i",
  extraIndexUrls: ["https://a"],
  pre: true,
  extraArgs: "--no-deps",
  secretMounts: ["TOKEN", { key: "b", group: "g", mount: "/run/b" }],
};

/** Each key in its forms, and the fluent code that it stands for. */
const layers: readonly (readonly [yaml: string, image: Image])[] = [
  ["aptPackages: [git, curl]", start.withAptPackages("git", "curl")],
  ["aptPackages: git", start.withAptPackages("git")],
  ["aptPackages: {packages: [git], secretMounts: TOKEN}", start.withAptPackages("git", { secretMounts: "TOKEN" })],
  ["apkPackages: [git, curl]", start.withApkPackages("git", "curl")],
  ["dnfPackages: {packages: git, secretMounts: TOKEN}", start.withDnfPackages("git", { secretMounts: "TOKEN" })],
  ["microdnfPackages: git", start.withMicrodnfPackages("git")],
  ['pipPackages: ["pandas>=2,<3"]', start.withPipPackages("pandas>=2,<3")],
  [`pipPackages: ${JSON.stringify({ packages: ["a"], ...pip })}`, start.withPipPackages("a", pip)],
  ["requirements: requirements.txt", start.withRequirements("requirements.txt")],
  [`requirements: ${JSON.stringify({ file: "r.txt", ...pip })}`, start.withRequirements("r.txt", pip)],
  [
    "envVars: {PORT: 8080, RATIO: 1.10, DEBUG: true, NAME: a b, envVars: x}",
    start.withEnvVars({ PORT: "8080", RATIO: "1.10", DEBUG: "true", NAME: "a b", envVars: "x" }),
  ],
  ["workdir: /app", start.withWorkdir("/app")],
  ["user: 1000", start.withUser("1000")],
  ["entrypoint: [a, b c]", start.withEntrypoint(["a", "b c"])],
  ["cmd: a b", start.withCmd("a b")],
  ["expose: [80, 53/udp]", start.withExpose(["80", "53/udp"])],
  ["labels: {a.b: 1.10, c: true}", start.withLabels({ "a.b": "1.10", c: "true" })],
  ["buildArgs: {VERSION: 1.10}", start.withBuildArgs({ VERSION: "1.10" })],
  ["commands: echo a", start.withCommands("echo a")],
  [
    "commands: {commands: [echo a, echo b], secretMounts: [TOKEN]}",
    start.withCommands(["echo a", "echo b"], { secretMounts: ["TOKEN"] }),
  ],
  ["sourceFolder: src", start.withSourceFolder("src")],
  [
    "sourceFolder: {src: src, dst: /app, copyContentsOnly: true}",
    start.withSourceFolder("src", { dst: "/app", copyContentsOnly: true }),
  ],
  ["sourceFile: [a.txt, b.txt]", start.withSourceFile(["a.txt", "b.txt"])],
  ["sourceFile: {src: a.txt, dst: /app}", start.withSourceFile("a.txt", { dst: "/app" })],
  ["codeBundle:", start.withCodeBundle()],
  ["codeBundle: {copyStyle: all, dst: /app}", start.withCodeBundle({ copyStyle: "all", dst: "/app" })],
  ["dockerignore: other.dockerignore", start.withDockerignore("other.dockerignore")],
  ["uvProject: pyproject.toml", start.withUvProject("pyproject.toml")],
  [
    `uvProject: ${JSON.stringify({
      pyprojectFile: "p.toml",
      uvlock: "uv.lock",
      projectInstallMode: "install_project",
      ...pip,
    })}`,
    start.withUvProject("p.toml", { uvlock: "uv.lock", projectInstallMode: "install_project", ...pip }),
  ],
  ["poetryProject: pyproject.toml", start.withPoetryProject("pyproject.toml")],
  [
    "poetryProject: {pyprojectFile: p.toml, poetryLock: p.lock, projectInstallMode: install_project, " +
      "extraArgs: --all-extras, secretMounts: TOKEN}",
    start.withPoetryProject("p.toml", {
      poetryLock: "p.lock",
      projectInstallMode: "install_project",
      extraArgs: "--all-extras",
      secretMounts: "TOKEN",
    }),
  ],
  ["localV2:", start.withLocalV2()],
  ["localV2Plugins: [flyteplugins-ray]", start.withLocalV2Plugins(["flyteplugins-ray"])],
];

const wholes: readonly (readonly [yaml: string, image: Image])[] = [
  ["from: {debianBase: {}}", Image.fromDebianBase()],
  ["from:\n  debianBase:\n", Image.fromDebianBase()],
  [
    "from: {debianBase: {pythonVersion: 3.10, flyteVersion: 2.0.0, registry: r.io, name: a, " +
      "platform: linux/arm64, registrySecret: s}}",
    Image.fromDebianBase({
      pythonVersion: [3, 10],
      flyteVersion: "2.0.0",
      registry: "r.io",
      name: "a",
      platform: "linux/arm64",
      registrySecret: "s",
    }),
  ],
  [
    'from: {debianBase: {pythonVersion: [3, 11], installFlyte: false}}\nclone: {pythonVersion: "3.13"}',
    Image.fromDebianBase({ pythonVersion: [3, 11], installFlyte: false }).clone({ pythonVersion: [3, 13] }),
  ],
  ["from: {base: busybox}", Image.fromBase("busybox")],
  ["from: {base: {imageUri: busybox}}", Image.fromBase("busybox")],
  ["from: {refName: mine}", Image.fromRefName("mine")],
  ["from:\n  refName:\n", Image.fromRefName()],
  ["from: {uvScript: {script: s.py, name: a, pre: true}}", Image.fromUvScript("s.py", { name: "a", pre: true })],
  [
    "from: {dockerfile: {file: Dockerfile, registry: r.io, name: a, platform: [linux/amd64]}}",
    Image.fromDockerfile("Dockerfile", { registry: "r.io", name: "a", platform: ["linux/amd64"] }),
  ],
  [
    "from: {base: busybox}\nclone: {name: a, registry: r.io, baseImage: alpine, extendable: true}",
    Image.fromBase("busybox").clone({ name: "a", registry: "r.io", baseImage: "alpine", extendable: true }),
  ],
  [
    "from: {refName: mine}\nlayers: [workdir: /a]",
    Image.fromRefName("mine").clone({ extendable: true }).withWorkdir("/a"),
  ],
  [
    "x-env: &env {A: 1}\nfrom: {debianBase: }\nlayers:\n- envVars: {<<: *env, B: 2}\n- envVars: *env",
    Image.fromDebianBase().clone({ extendable: true }).withEnvVars({ B: "2", A: "1" }).withEnvVars({ A: "1" }),
  ],
  [
    "x-v: &v 3.10\nx-w: *v\nfrom: {debianBase: {pythonVersion: *v}}\nlayers:\n- envVars: {V: *v}",
    Image.fromDebianBase({ pythonVersion: [3, 10] })
      .clone({ extendable: true })
      .withEnvVars({ V: "3.10" }),
  ],
];

function imageOf(text: string, file = "app.image.yaml"): Image {
  const { image, problems } = readImageSpec(text, file);
  return image ?? assert.fail(`${text}\n${JSON.stringify(problems, undefined, 1)}`);
}

describe("a spec file", () => {
  for (const [yaml, image] of layers) {
    it(`has a layer by ${yaml.slice(0, 60)}`, () =>
      assert.equal(imageOf(`from: {base: busybox}\nclone: {name: app}\nlayers:\n- ${yaml}`).key, image.key));
  }
  for (const [yaml, image] of wholes)
    it(`is an image by ${yaml.slice(0, 70).replaceAll("\n", " ")}`, () => assert.equal(imageOf(yaml).key, image.key));

  it("has a key for each method of the API, and each of them is shown here", () => {
    const methods = Object.getOwnPropertyNames(Image.prototype).filter((name) => name.startsWith("with"));
    const keys = Object.keys(layerSchema.shape);
    assert.deepEqual(keys.map((key) => `with${key.charAt(0).toUpperCase()}${key.slice(1)}`).sort(), methods.sort());
    assert.deepEqual(
      keys.filter((key) => !layers.some(([yaml]) => yaml.startsWith(`${key}:`))),
      [],
    );
    const constructors = Object.getOwnPropertyNames(Image).filter(
      (name) => name.startsWith("from") && name !== "fromDefinition",
    );
    assert.deepEqual(
      Object.keys(baseSchema.shape)
        .map((key) => `from${key.charAt(0).toUpperCase()}${key.slice(1)}`)
        .sort(),
      constructors.sort(),
    );
  });

  it("says where its layers are, and which of the image's they become", () => {
    const text =
      "from: {debianBase: {installFlyte: false}}\nclone: {name: a}\nlayers:\n  # tools\n  - aptPackages:\n" +
      "      - git # for versions\n  - localV2Plugins: [flyteplugins-a, flyteplugins-b]\n";
    assert.deepEqual(
      readImageSpec(text, "app.image.yaml").layers.map(
        ({ key, range: { line, column, endLine, endColumn }, firstLayer, layerCount }) => [
          key,
          `${line}:${column}-${endLine}:${endColumn}`,
          firstLayer,
          layerCount,
        ],
      ),
      [
        ["aptPackages", "5:5-6:12", 5, 1],
        ["localV2Plugins", "7:5-7:53", 6, 2],
      ],
    );
  });

  it("is the same image with lines of Windows, a byte order mark and in another order of keys", () => {
    const text =
      "from: {base: busybox}\nclone: {name: app}\nlayers:\n- commands: |\n    one\n    two\n- pipPackages:\n" +
      "    packages: a\n    pre: true\n";
    const other = (
      "\uFEFFclone: {name: app}\nfrom: {base: busybox}\nlayers:\n- commands: |\n    one\n    two\n" +
      "- pipPackages:\n    pre: true\n    packages: a\n"
    ).replaceAll("\n", "\r\n");
    assert.equal(imageOf(other).key, imageOf(text).key);
  });

  it("is read in JSON as in YAML", () => {
    const text = '{\n\t"from": {"base": "busybox"},\n\t"clone": {"name": "app"},\n\t"layers": [{"workdir": "/app"}]\n}';
    assert.equal(imageOf(text, "app.image.json").key, start.withWorkdir("/app").key);
  });

  const written: SpecInput = {
    from: { debianBase: { pythonVersion: "3.10", installFlyte: false } },
    clone: { name: "app", registry: "localhost:5000/team" },
    layers: [
      { aptPackages: ["git"] },
      { envVars: { A: "1", B: "yes: # no", C: "" } },
      { commands: ["echo 'a: b' # c", "x\ny"] },
      { codeBundle: {} },
    ],
  };
  const meant = Image.fromDebianBase({ pythonVersion: [3, 10], installFlyte: false })
    .clone({ name: "app", registry: "localhost:5000/team", extendable: true })
    .withAptPackages("git")
    .withEnvVars({ A: "1", B: "yes: # no", C: "" })
    .withCommands(["echo 'a: b' # c", "x\ny"])
    .withCodeBundle();
  for (const file of ["app.image.yaml", "app.image.json"]) {
    it(`is read from ${file} as it was written there`, () =>
      assert.equal(imageOf(writeImageSpec(written, file, "an image"), file).key, meant.key));
  }
});
