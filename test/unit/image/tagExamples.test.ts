import assert from "node:assert/strict";
import { Image } from "../../../src/core/image/image";
import { removeTemporaryFolders } from "../../support/folder";
import { imageProject } from "../../support/imageProject";
import { randomImage } from "../../support/randomImage";
import { volume } from "../../support/volume";
import { start, tag } from "./tagSupport";

describe("the tags of Flyte's own examples", () => {
  after(removeTemporaryFolders);
  const pip = {
    indexUrl: "https://i",
    extraIndexUrls: ["https://a", "https://b"],
    pre: true,
    extraArgs: "--no-deps",
    secretMounts: [{ key: "GITHUB_PAT" }, "my_secret"],
  };
  const installed = { projectInstallMode: "install_project" } as const;

  /** Whoever changes one of these has every image built anew. */
  const examples: readonly (readonly [tag: string, title: string, image: Image])[] = [
    ["aadceb88004cbd7b", "no layer", start],
    ["42cddc50ec215b0d", "apt vim", start.withAptPackages("vim")],
    ["847970f50f311ff0", "apt v im", start.withAptPackages("v", "im")],
    [
      "a1714cdc0fc818c3",
      "apt vim on another base",
      start.clone({ baseImage: "myregistry.com/myimage:v123" }).withAptPackages("vim"),
    ],
    ["cb07f910cc880da0", "apt git curl", start.withAptPackages("git", "curl")],
    ["d7443cf64fdae4eb", "pip a b", start.withPipPackages("a", "b")],
    ["2b224c8fa8d2bc7d", "pip a of an index", start.withPipPackages("a", { indexUrl: "https://i" })],
    ["df40ca6e9bdd1ea4", "pip with everything", start.withPipPackages("numpy", "pandas>=2,<3", pip)],
    ["0eaf8533b7758980", "requirements", start.withRequirements("requirements.txt")],
    ["76026c389eb3293b", "commands", start.withCommands(["echo a", "echo b"])],
    ["cc5f3e017904d96c", "env", start.withEnvVars({ A: "1", B: "2" })],
    ["30c39439a8df2903", "workdir", start.withWorkdir("/app")],
    ["d1d99513952e14e1", "uv project", start.withUvProject("proj/pyproject.toml")],
    ["c65338b9b7256862", "uv project installed", start.withUvProject("proj/pyproject.toml", installed)],
    ["e091f53cf998c57f", "poetry project", start.withPoetryProject("proj/pyproject.toml")],
    ["ee6488193801d4d8", "poetry project installed", start.withPoetryProject("proj/pyproject.toml", installed)],
    ["98aea0604dca6377", "folder", start.withSourceFolder("proj")],
    ["6a6237af815e4394", "folder's content", start.withSourceFolder("proj", { copyContentsOnly: true })],
    ["a2e6b4d053427f96", "file", start.withSourceFile("a.txt")],
    ["a835774ef9a1cab4", "file elsewhere", start.withSourceFile("a.txt", { dst: "/d/" })],
    ["1bcaea1733c6c24f", "apt with a secret", start.withAptPackages("a", { secretMounts: "s" })],
    ["182e104276087eff", "wheels", start.withLocalV2()],
    [
      "2fbde7e71f8dfd5e",
      "debian base",
      Image.fromDebianBase({ installFlyte: false, name: "app", pythonVersion: [3, 12] }),
    ],
    ["10b1905d289ad29a", "uv script", Image.fromUvScript("s.py", { name: "app", pythonVersion: [3, 12] })],
  ];
  for (const [expected, title, image] of examples) {
    it(`stay as they are, one to each: ${title} [F51]`, async () =>
      assert.equal((await tag(image, imageProject())).slice(0, 16), expected));
  }

  it("are of SHA-256 and all different, unlike Flyte's of MD5 [F51]", async () => {
    const root = imageProject();
    const tags = await Promise.all(examples.map(([, , image]) => tag(image, root)));
    assert.deepEqual(
      tags.filter((each) => !/^[0-9a-f]{64}$/.test(each)),
      [],
    );
    assert.equal(new Set(tags).size, examples.length);
  });
});

describe("tags of many images", () => {
  after(removeTemporaryFolders);

  const count = volume(10_000, 100_000);

  it(`differ for any two of ${count.toLocaleString("en")} random definitions [F60]`, async function () {
    this.timeout(300_000);
    const root = imageProject();
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`      seed ${seed}`);
    const next = randomImage(seed);
    const tags = new Map<string, string>();
    const definitions = new Set<string>();
    while (definitions.size < count) {
      const { definition, image } = next();
      if (definitions.has(definition)) continue;
      definitions.add(definition);
      const found = await tag(image, root);
      assert.equal(tags.get(found), undefined, `${definition} has the tag of the other`);
      tags.set(found, definition);
    }
  });
});
