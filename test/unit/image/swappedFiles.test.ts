import assert from "node:assert/strict";
import { existsSync, realpathSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { ImageBuilderError, messageOf } from "../../../src/core/base/errors";
import type { Confinement } from "../../../src/core/image/files/confinement";
import { Image } from "../../../src/core/image/image";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import type { ImagePlaces } from "../../../src/core/image/resolve/resolve";
import { plannedPreview } from "../../support/plannedBuild";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { swappedBefore } from "../../support/swapAt";
import { base } from "./outsideCases";

const project = '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.12"\n';
const script = '# /// script\n# requires-python = ">=3.12"\n# dependencies = []\n# ///\n';

/** Images with the file or folder in the workspace that a link to the same name outside replaces. */
const cases: Readonly<
  Record<string, { readonly image: Image; readonly swapped: string; readonly places?: ImagePlaces }>
> = {
  "a requirements file": { image: base.withRequirements("r.txt"), swapped: "r.txt" },
  "an included requirements file": { image: base.withRequirements("all.txt"), swapped: "r.txt" },
  "the folder of a requirements file": { image: base.withRequirements("sub/r.txt"), swapped: "sub" },
  "a file": { image: base.withSourceFile("r.txt"), swapped: "r.txt" },
  "a folder": { image: base.withSourceFolder("sub"), swapped: "sub" },
  "an ignore file": { image: base.withSourceFolder("sub").withDockerignore("rules"), swapped: "rules" },
  "a folder's ignore file": { image: base.withSourceFolder("ignored"), swapped: "ignored/.dockerignore" },
  "a script": { image: Image.fromUvScript("s.py", { name: "app" }), swapped: "s.py" },
  "a uv project": { image: base.withUvProject("uv/pyproject.toml"), swapped: "uv/pyproject.toml" },
  "the folder of a uv project": { image: base.withUvProject("uv/pyproject.toml"), swapped: "uv" },
  "a uv lock": { image: base.withUvProject("uv/pyproject.toml"), swapped: "uv/uv.lock" },
  "a selected Python": { image: base.withUvProject("uv/pyproject.toml"), swapped: "uv/.python-version" },
  "a Poetry lock": { image: base.withPoetryProject("uv/pyproject.toml"), swapped: "uv/poetry.lock" },
  "a folder of wheels": { image: base.withLocalV2(), swapped: "dist" },
  "an imported module": {
    image: base.withCodeBundle(),
    swapped: "pack/inner.py",
    places: { copyStyle: "none", entrypoints: ["main.py"] },
  },
  "an imported package": {
    image: base.withCodeBundle(),
    swapped: "pack",
    places: { copyStyle: "none", entrypoints: ["main.py"] },
  },
  "a Dockerfile": {
    image: Image.fromDockerfile("docker/Dockerfile", { registry: "r.example", name: "app" }),
    swapped: "docker/Dockerfile",
  },
  "the folder of a Dockerfile": {
    image: Image.fromDockerfile("docker/Dockerfile", { registry: "r.example", name: "app" }),
    swapped: "docker",
  },
  "the ignore file of a Dockerfile": {
    image: Image.fromDockerfile("docker/Dockerfile", { registry: "r.example", name: "app" }),
    swapped: "docker/.dockerignore",
  },
};

const files = (text: string): Record<string, string> => ({
  "r.txt": `numpy${text}\n`,
  "all.txt": "-r r.txt\n",
  "sub/r.txt": `numpy${text}\n`,
  rules: `${text}\n`,
  "ignored/.dockerignore": `${text}\n`,
  "ignored/a": "",
  "s.py": script + text,
  "uv/pyproject.toml": `${project}# ${text}\n`,
  "uv/uv.lock": `# ${text}\n`,
  "uv/poetry.lock": `# ${text}\n`,
  "uv/.python-version": `3.12\n${text}`,
  "dist/a.whl": text,
  "main.py": "import pack.inner\n",
  "pack/__init__.py": `# ${text}\n`,
  "pack/inner.py": `# ${text}\n`,
  "docker/Dockerfile": `FROM busybox\n# ${text}\n`,
  "docker/.dockerignore": `${text}\n`,
});

describe("a file that is swapped for a link to a file outside the workspace", () => {
  after(removeTemporaryFolders);

  const folders = (): { readonly root: string; readonly outside: string } => {
    const own = files("own");
    const foreign = files("canary");
    const parent = temporaryFolder(
      Object.fromEntries([
        ...Object.entries(own).map(([path, text]) => [`workspace/${path}`, text]),
        ...Object.entries(foreign).map(([path, text]) => [`outside/${path}`, text]),
      ]),
    );
    return {
      root: realpathSync.native(join(parent, "workspace")),
      outside: realpathSync.native(join(parent, "outside")),
    };
  };

  for (const [manner, asks] of [
    ["not trusted", undefined],
    ["trusted", true],
  ] as const)
    for (const [title, { image, swapped, places }] of Object.entries(cases))
      it(`is not read at any point of planning and previewing ${title}, if the workspace is ${manner}`, async () => {
        const { root, outside } = folders();
        const [file, kept, link] = [join(root, swapped), join(root, `${swapped}.kept`), join(outside, swapped)];
        const within: Confinement = { folders: [root], asks };
        const all = { root, ...places, within };
        const outcomes: string[] = [];
        let calls = 1;
        for (let call = 0; call < calls; call++) {
          const work = async (): Promise<void> => {
            try {
              await imageUri(image, all);
              const preview = await plannedPreview(image, all);
              outcomes.push(`${preview?.text ?? ""}`);
            } catch (error) {
              if (!ImageBuilderError.is(error)) throw error;
              outcomes.push(messageOf(error));
            }
          };
          const swap = (): void => {
            renameSync(file, kept);
            symlinkSync(link, file);
          };
          const seen = await swappedBefore(call, { swap, work });
          if (existsSync(kept)) {
            unlinkSync(file);
            renameSync(kept, file);
          }
          calls = Math.max(calls, seen.calls);
          assert.deepEqual(
            seen.read.filter((path) => path === outside || path.startsWith(`${outside}/`)),
            [],
            `before call ${call}`,
          );
        }
        assert.ok(calls > 5, `${calls} calls`);
        assert.doesNotMatch(outcomes.join("\n"), /canary/);
        assert.ok(outcomes.some((each) => /outside|replaced|changed/.test(each)));
      });
});
