import assert from "node:assert/strict";
import { join } from "node:path";
import { dockerfileOf } from "../../src/core/image/convert/dockerfileOf";
import { specOf } from "../../src/core/image/convert/specOf";
import { Image } from "../../src/core/image/image";
import { readImageSpec } from "../../src/core/image/spec/readImageSpec";
import { writeImageSpec } from "../../src/core/image/spec/writeImageSpec";
import { buildImage, inspectImage, ownPlatform, printedIn } from "../support/buildImage";
import { build, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";

const files = { "a.txt": "a", "src/b.txt": "b", "src/deep/c.log": "c", "main.py": "", ".dockerignore": "**/*.log\n" };

/**
 * What an image holds that a build made: its variables, where it starts, and the files of some folders. A spec's has no
 * empty folders.
 */
async function contentOf(imageName: string): Promise<object> {
  const { Config } = await inspectImage({ imageName });
  const image = Image.fromBase(imageName).clone({ name: uniqueName(), extendable: true, platform: ownPlatform });
  const lines = await printedIn(image, "cd / && find out app src a.txt main.py -type f 2>/dev/null | sort; cat /out");
  return {
    env: Config.Env.filter((line) => !line.startsWith("_F_IMG_ID=")),
    workdir: Config.WorkingDir,
    user: Config.User || "root",
    lines,
  };
}

async function buildDockerfile(root: string, dockerfile = join(root, "Dockerfile")): Promise<string> {
  const imageName = `${uniqueName("converted")}:1`;
  await build({ root, imageName, options: { dockerfile } });
  return imageName;
}

describe("a Dockerfile and its image spec", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  const dockerfiles: readonly (readonly [what: string, instructions: string])[] = [
    ["lines that go on", 'RUN echo "one \\\n    two" > /out && \\\n\techo three >> /out\n'],
    ["a word that goes on", "RUN echo on\\\ne > /out\n"],
    ["white space behind a backslash", "RUN echo one \\  \n two > /out\n"],
    ["an empty line within", "RUN echo one > /out && \\\n\n  echo two >> /out\n"],
    [
      "quotes, dollars and backslashes",
      "RUN printf '%s\\\\n\\t$HOME' \"$HOME\" > /out; echo $((1 + 1)) \\\\ '#' >> /out\n",
    ],
    ["lines of Windows", "ENV A=1\r\nRUN echo one && \\\r\n  echo two > /out\r\nWORKDIR /app\r\n"],
    [
      "small letters and comments",
      '# first\nenv A=1 B=\'x "y" z\' C="it\'s"\n# second\nworkdir /app\nrun env | grep -c ^[ABC]= > /out\n',
    ],
    ["files and folders", "WORKDIR /app\nCOPY a.txt main.py ./\nCOPY src /src\nCOPY src deep/\nRUN ls > /out\n"],
    ["a byte order mark", "RUN true > /out\n"],
  ];
  for (const [what, instructions] of dockerfiles) {
    it(`build the same: ${what}`, async () => {
      const text = `${what === "a byte order mark" ? "\uFEFF" : ""}FROM busybox:1.35\n${instructions}`;
      const root = temporaryFolder({ ...files, Dockerfile: text });
      const dockerfile = join(root, "Dockerfile");
      const written = writeImageSpec(
        specOf({ dockerfile, text, registry: "localhost:5000", platform: ownPlatform }),
        "app.image.yaml",
      );
      const { image } = readImageSpec(written, "app.image.yaml");
      assert.ok(image && image.layers.length > 0, `it has layers:\n${written}`);
      const { imageName } = await buildImage(image.clone({ name: uniqueName() }), { root });
      assert.deepEqual(await contentOf(imageName), await contentOf(await buildDockerfile(root)));
    });
  }

  it("build the same where the Dockerfile is made of the spec", async () => {
    const root = temporaryFolder(files);
    const image = Image.fromBase("busybox:1.35")
      .clone({ name: uniqueName(), extendable: true, platform: ownPlatform })
      .withEnvVars({ QUOTES: 'it\'s "so" $HOME \\ ', HASH: "# no comment" })
      .withCommands(["cat > /out <<'EOF'\n$HOME\nEOF", 'echo "it\'s" \\\n  two >> /out'])
      .withWorkdir("/app")
      .withSourceFile("a.txt")
      .withSourceFolder("src", { dst: "/app/s", copyContentsOnly: true })
      .withCodeBundle({ copyStyle: "all" });
    const { text, ignoreLines = "" } = await dockerfileOf(image, { root });
    const { imageName } = await buildImage(image, { root });
    writeFiles(root, { "app.Dockerfile": text, "app.Dockerfile.dockerignore": `${ignoreLines}app.Dockerfile*\n` });
    assert.deepEqual(
      await contentOf(imageName),
      await contentOf(await buildDockerfile(root, join(root, "app.Dockerfile"))),
    );
  });
});
