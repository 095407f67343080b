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

  /** Whoever changes one of these has every image built again. */
  const examples: readonly (readonly [tag: string, title: string, image: Image])[] = [
    ["aadceb88004cbd7b", "no layer", start],
    ["dc4a6086d0d86e8c", "apt vim", start.withAptPackages("vim")],
    ["10a9780afc6b958f", "apt v im", start.withAptPackages("v", "im")],
    [
      "703c2a97e06d6d6f",
      "apt vim on another base",
      start.clone({ baseImage: "myregistry.com/myimage:v123" }).withAptPackages("vim"),
    ],
    ["03108d2e595d1464", "apt git curl", start.withAptPackages("git", "curl")],
    ["b068eada33d4b69f", "pip a b", start.withPipPackages("a", "b")],
    ["db811c54e36cfc1f", "pip a of an index", start.withPipPackages("a", { indexUrl: "https://i" })],
    ["2c647db192e1d36c", "pip with everything", start.withPipPackages("numpy", "pandas>=2,<3", pip)],
    ["c42d2720843a4a96", "requirements", start.withRequirements("requirements.txt")],
    ["cc0aa77212850ead", "commands", start.withCommands(["echo a", "echo b"])],
    ["cc5f3e017904d96c", "env", start.withEnvVars({ A: "1", B: "2" })],
    ["30c39439a8df2903", "workdir", start.withWorkdir("/app")],
    ["42f6072e1844fef0", "uv project", start.withUvProject("proj/pyproject.toml")],
    ["daad8581865aef40", "uv project installed", start.withUvProject("proj/pyproject.toml", installed)],
    ["97e43ed1c0bfc96c", "poetry project", start.withPoetryProject("proj/pyproject.toml")],
    ["33c7c4842d2a892f", "poetry project installed", start.withPoetryProject("proj/pyproject.toml", installed)],
    ["7850b90944e3a89e", "folder", start.withSourceFolder("proj")],
    ["04189a8b7873a27b", "folder's content", start.withSourceFolder("proj", { copyContentsOnly: true })],
    ["a2e6b4d053427f96", "file", start.withSourceFile("a.txt")],
    ["a835774ef9a1cab4", "file elsewhere", start.withSourceFile("a.txt", { dst: "/d/" })],
    ["ac8e30354d45764b", "apt with a secret", start.withAptPackages("a", { secretMounts: "s" })],
    ["08ba21a02c1e2ad9", "wheels", start.withLocalV2()],
    [
      "644bfe9e234e82c8",
      "debian base",
      Image.fromDebianBase({ installFlyte: false, name: "app", pythonVersion: [3, 12] }),
    ],
    ["eb670da2b54471a0", "uv script", Image.fromUvScript("s.py", { name: "app", pythonVersion: [3, 12] })],
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
