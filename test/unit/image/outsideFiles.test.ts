import assert from "node:assert/strict";
import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, truncateSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { Component } from "../../../src/core/base/component";
import type { SourceRequest } from "../../../src/core/base/sourceConsent";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { ensureImage } from "../../../src/core/jobs/ensureImage";
import { outsideRequest, type OutsideQuestion } from "../../../src/core/jobs/outsideRequest";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import type { ConfirmOutside } from "../../../src/core/image/files/outsideError";
import type { Image } from "../../../src/core/image/image";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import { checkUnchanged, planImage } from "../../../src/core/image/plan/planImage";
import type { ImagePlaces } from "../../../src/core/image/resolve/resolve";
import { allowedPlaceProblems } from "../../../src/core/image/spec/allowedPlaceProblems";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { Secrets } from "../../../src/vscode/platform/secrets";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../../support/folder";
import { memorySecrets } from "../../support/memento";
import { recordingOperation } from "../../support/operation";
import { trustedSources } from "../../support/trustedSources";
import { readsDuring } from "../../support/watchedReads";
import { isRefused, services } from "../consent/askedSources";
import { base, outsideCases, outsideFolders } from "./outsideCases";

const core = async (trusted: ReturnType<typeof trustedSources>) => ({
  flavors: new FlavorRegistry(),
  services: services(new Secrets(memorySecrets()), trusted.asking),
});

/** A person who is asked about the files of an image, and what the image is planned with. */
function asked(
  root: string,
  answer: (request: SourceRequest) => boolean = () => true,
  image: Pick<Image, "name" | "registry"> = base,
) {
  const trusted = trustedSources(undefined, answer, realpathSync.native(root));
  const confirm =
    (manner: "asking" | "quiet"): ConfirmOutside =>
    async (uses, signal) => {
      const question = { uses, image, spec: "app.image.yaml", builder: undefined };
      await trusted[manner].confirm(await outsideRequest(question, await core(trusted)), signal);
    };
  const within = { folders: [root], asks: true };
  const places = { root, within, confirmOutside: confirm("asking") } satisfies ImagePlaces;
  return { trusted, places, quiet: { ...places, confirmOutside: confirm("quiet") } };
}

const pathsOf = ({ source }: SourceRequest): readonly string[] => ("paths" in source ? source.paths : []);

/** What a bundle leads to outside its folder is refused in any case. */
const neverAsked = ["an imported module that is a link", "an entry point above"];

describe("files outside the workspace that an image uses", () => {
  after(removeTemporaryFolders);

  for (const [title, { image: imageIn, files, places: more }] of Object.entries(outsideCases)) {
    if (neverAsked.includes(title))
      it(`by ${title} are refused without a question, and not read`, async () => {
        const { root, outside } = outsideFolders(files);
        const { trusted, places } = asked(root);
        const reads = await readsDuring(() =>
          assert.rejects(imageUri(imageIn(outside), { ...places, ...more }), /is a link to a path outside/),
        );
        assert.deepEqual([reads.filter((path) => isOutside(path, root)), trusted.questions], [[], []]);
      });
    else
      it(`by ${title} are read only once they are allowed, and then not asked about again`, async () => {
        const { root, outside } = outsideFolders(files);
        truncateSync(join(outside, "big"), 0);
        let allows = false;
        const { trusted, places, quiet } = asked(root, () => allows);
        const image = imageIn(outside);
        const reads = await readsDuring(async () => {
          await assert.rejects(imageUri(image, { ...quiet, ...more }), isRefused);
          assert.equal(trusted.questions.length, 0, "a view asks nobody");
          await assert.rejects(imageUri(image, { ...places, ...more }), isRefused);
        });
        assert.deepEqual(
          reads.filter((path) => isOutside(path, root)),
          [],
        );
        assert.equal(trusted.questions.length, 1);
        const [question] = trusted.questions;
        for (const path of question ? pathsOf(question) : []) assert.ok(isOutside(path, root), path);
        assert.deepEqual(question?.requestedBy, { kind: "image", name: "app", from: "file", place: "app.image.yaml" });
        allows = true;
        const free = await outcomeOf(imageUri(image, { root, ...more }));
        assert.equal(await outcomeOf(imageUri(image, { ...places, ...more })), free);
        const { length } = trusted.questions;
        assert.equal(await outcomeOf(imageUri(image, { ...places, ...more })), free);
        assert.equal(await outcomeOf(imageUri(image, { ...quiet, ...more })), free);
        assert.equal(trusted.questions.length, length);
        await trusted.revoke(trusted.confirmations.list.map(({ request }) => request));
        await assert.rejects(imageUri(image, { ...quiet, ...more }), isRefused);
      });
  }

  it("are asked about together, with the paths that their links lead to", async () => {
    const { root, outside } = outsideFolders({ "link@": "dist/a.whl", "r.txt": "-r ../outside/r.txt\n-c link\n" });
    truncateSync(join(outside, "big"), 0);
    const { trusted, places } = asked(root);
    const image = base
      .withRequirements("r.txt")
      .withSourceFile("../outside/big")
      .withSourceFolder("../workspace-too")
      .withDockerignore("../outside/.dockerignore");
    await imageUri(image, places);
    const real = realpathSync.native(outside);
    assert.deepEqual(trusted.questions.map(pathsOf), [
      [
        join(real, ".dockerignore"),
        join(real, "big"),
        join(real, "dist/a.whl"),
        join(real, "r.txt"),
        join(real, "../workspace-too"),
      ],
    ]);
  });

  it("are asked about ten at a time, and at most a hundred of them", async () => {
    const files = (count: number): string[] => Array.from({ length: count }, (_, i) => `../outside/${i}.txt`);
    const { root, outside } = outsideFolders();
    for (let i = 0; i < 101; i++) writeFiles(outside, { [`${i}.txt`]: "" });
    const { trusted, places } = asked(root);
    await imageUri(base.withSourceFile(files(25)), places);
    assert.deepEqual(
      trusted.questions.map((each) => pathsOf(each).length),
      [10, 10, 5],
    );
    await assert.rejects(imageUri(base.withSourceFile(files(101)), places), /uses more than 100 files and folders/);
    assert.equal(trusted.questions.length, 3);
  });

  it("are asked about again only as far as they are new", async () => {
    const { root } = outsideFolders();
    const { trusted, places } = asked(root);
    await imageUri(base.withRequirements("../outside/r.txt"), places);
    await imageUri(base.withRequirements("../outside/r.txt").withSourceFile("../outside/s.py"), places);
    assert.deepEqual(
      trusted.questions.map((each) => pathsOf(each).map((path) => path.split(/[\\/]/).at(-1))),
      [["r.txt"], ["s.py"]],
    );
  });

  it("are asked about anew for another link's target, if the link is replaced while the question is open", async () => {
    const { root, outside } = outsideFolders({ "link@": "s.py" });
    const secret = join(outside, "big");
    let isReplaced = false;
    const { trusted, places } = asked(root, () => {
      if (isReplaced) return false;
      isReplaced = true;
      unlinkSync(join(root, "link"));
      symlinkSync(secret, join(root, "link"));
      return true;
    });
    const reads = await readsDuring(() => assert.rejects(imageUri(base.withSourceFile("link"), places), isRefused));
    assert.equal(trusted.questions.length, 2);
    assert.ok(!reads.includes(realpathSync.native(secret)));
  });

  it("are asked about anew if the allowed folder has become a link", async () => {
    const { root, outside } = outsideFolders();
    const real = realpathSync.native(outside);
    let allows = true;
    const { places } = asked(root, () => allows);
    const image = base.withSourceFolder("../outside/dist");
    await imageUri(image, places);
    allows = false;
    renameSync(join(outside, "dist"), join(outside, "moved"));
    symlinkSync(join(real, "moved"), join(outside, "dist"));
    const reads = await readsDuring(() => assert.rejects(imageUri(image, places), isRefused));
    assert.deepEqual(
      reads.filter((path) => isOutside(path, root)),
      [],
    );
  });

  it("are not read if a link replaces a file or a folder after its image was planned", async () => {
    for (const name of ["a.txt", "folder"]) {
      const { root, outside } = outsideFolders({ "a.txt": "1", "folder/a.txt": "1" });
      const { places } = asked(root, () => false);
      const image = name === "folder" ? base.withSourceFolder(name) : base.withSourceFile(name);
      const plan = await planImage(image, places);
      rmSync(join(root, name), { recursive: true });
      symlinkSync(name === "folder" ? outside : join(outside, "big"), join(root, name));
      const reads = await readsDuring(() => assert.rejects(checkUnchanged(plan)));
      assert.deepEqual(
        reads.filter((path) => isOutside(path, root) && path !== realpathSync.native(outside)),
        [],
      );
    }
  });

  it("are not sent if their permission is revoked after the image was planned", async () => {
    const { root } = outsideFolders();
    const { trusted, places, quiet } = asked(root);
    const plan = await planImage(base.withSourceFile("../outside/s.py"), places);
    await trusted.revoke(trusted.confirmations.list.map(({ request }) => request));
    const builder = { name: "local", type: "image_builder", flavor: "local", configuration: {} } as const;
    await assert.rejects(
      ensureImage({ ...plan, places: quiet, builder, force: true }, await core(trusted), recordingOperation()),
      isRefused,
    );
  });

  it("of a uv workspace around the opened folder are asked about as its file, then its folder", async () => {
    const parent = temporaryFolder({
      "pyproject.toml": '[project]\nname = "top"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["packages/*"]\n',
      "uv.lock": "",
      "packages/app/pyproject.toml":
        '[project]\nname = "app"\nversion = "1"\ndependencies = ["lib"]\n' +
        "[tool.uv.sources]\nlib = { workspace = true }\n",
      "packages/lib/pyproject.toml": '[project]\nname = "lib"\nversion = "1"\n',
    });
    const root = join(parent, "packages/app");
    const image = base.withUvProject("pyproject.toml");
    const { trusted, places } = asked(root);
    assert.equal(await imageUri(image, places), await imageUri(image, { root }));
    const real = realpathSync.native(parent);
    assert.deepEqual(trusted.questions.map(pathsOf), [[join(real, "pyproject.toml")], [real]]);
  });

  it("of a project around the opened folder that is no workspace of it are only its file", async () => {
    const parent = temporaryFolder({
      "pyproject.toml": '[project]\nname = "top"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["packages/*"]\n',
      "other/app/pyproject.toml": '[project]\nname = "app"\nversion = "1"\n',
    });
    const { trusted, places } = asked(join(parent, "other/app"));
    await imageUri(base.withUvProject("pyproject.toml"), places);
    assert.deepEqual(trusted.questions.map(pathsOf), [[join(realpathSync.native(parent), "pyproject.toml")]]);
  });

  it("that a pattern of a uv workspace looks for are listed only once that is allowed", async () => {
    const parent = temporaryFolder({
      "app/pyproject.toml": '[project]\nname = "app"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["../*"]\n',
      "lib/pyproject.toml": '[project]\nname = "lib"\nversion = "1"\n',
      "secret/key": "",
    });
    const root = join(parent, "app");
    let allows = false;
    const { trusted, places } = asked(root, () => allows);
    const image = base.withUvProject("pyproject.toml");
    const reads = await readsDuring(() => assert.rejects(imageUri(image, places), isRefused));
    assert.deepEqual(
      reads.filter((path) => isOutside(path, root)),
      [],
    );
    allows = true;
    await imageUri(image, places);
    const real = realpathSync.native(parent);
    assert.deepEqual(
      trusted.questions.map(({ source }) => source),
      [
        { kind: "outsideNames", paths: [real] },
        { kind: "outsideNames", paths: [real] },
        { kind: "outsideFiles", paths: [join(real, "lib")] },
      ],
    );
  });

  it("that a permission to list names covers are not read", async () => {
    const { root, outside } = outsideFolders();
    const { places } = asked(root, () => false);
    const within = { ...places.within, allowed: [{ kind: "names", path: realpathSync.native(outside) }] } as const;
    await assert.rejects(imageUri(base.withSourceFile("../outside/s.py"), { ...places, within }), isRefused);
  });

  it("are asked about by the ends of their names only where these are the same", async () => {
    const { root, outside } = outsideFolders();
    writeFiles(outside, { "a/x": "", "ab/x": "" });
    const { places } = asked(root, ({ source }) => JSON.stringify(source).includes('a"'));
    await imageUri(base.withSourceFolder("../outside/a"), places);
    await assert.rejects(imageUri(base.withSourceFolder("../outside/ab"), places), isRefused);
  });

  it("are marked in their spec until they are allowed, and then checked", async () => {
    const { root } = outsideFolders();
    const { quiet, places } = asked(root);
    const spec = readImageSpec(
      "from: { debianBase: { name: app } }\nlayers:\n  - requirements: ../outside/r.txt\n" +
        "  - sourceFile: ../outside/gone\n  - sourceFile: gone\n",
      "a.image.yaml",
    );
    const codes = async (): Promise<string[]> =>
      (await allowedPlaceProblems(spec, quiet)).map(({ code, severity }) => `${code} ${severity}`);
    assert.deepEqual(await codes(), ["outside-workspace warning", "outside-workspace warning", "file-missing error"]);
    await imageUri(base.withRequirements("../outside/r.txt"), places);
    assert.deepEqual(await codes(), ["outside-workspace warning", "file-missing error"]);
    await assert.rejects(imageUri(base.withSourceFile("../outside/gone"), places), /doesn't exist/);
    assert.deepEqual(await codes(), ["file-missing error", "file-missing error"]);
  });

  it("are asked about by another name for another image, registry, or daemon", async () => {
    const { root } = outsideFolders();
    const { trusted } = asked(root);
    const confirm = async (name: string, registry?: string): Promise<void> => {
      const component: Component = {
        name: "r",
        type: "container_registry",
        flavor: "default",
        configuration: { uri: registry },
      };
      const question: OutsideQuestion = {
        uses: [{ kind: "files", path: "/outside" }],
        image: { name },
        spec: "app.image.yaml",
        builder: undefined,
        ...(registry !== undefined && { registry: component }),
      };
      await trusted.asking.confirm(await outsideRequest(question, await core(trusted)));
    };
    await confirm("a", "one.example");
    await confirm("a", "one.example");
    assert.equal(trusted.questions.length, 1);
    await confirm("a");
    assert.equal(trusted.questions.length, 1, "what may be pushed may be built");
    await confirm("a", "two.example");
    await confirm("b");
    await confirm("b", "one.example");
    assert.equal(trusted.questions.length, 4);
  });

  it("are in a folder whose parent is a link, by the parent's real path", async () => {
    const { root, outside } = outsideFolders();
    mkdirSync(join(root, "in"));
    symlinkSync(join(outside, "dist"), join(root, "in/up"));
    const { trusted, places } = asked(root);
    await imageUri(base.withSourceFile("in/up/../s.py"), places).catch(() => undefined);
    await imageUri(base.withSourceFile("in/up/a.whl"), places);
    assert.deepEqual(trusted.questions.map(pathsOf), [[join(realpathSync.native(outside), "dist/a.whl")]]);
  });
});

function isOutside(path: string, root: string): boolean {
  const workspace = realpathSync.native(root);
  const parent = join(workspace, "..");
  return path === parent || (path.startsWith(parent) && path !== workspace && !path.startsWith(join(workspace, "/")));
}

/** The URI, or the code and message of the failure. */
async function outcomeOf(work: Promise<string>): Promise<string> {
  try {
    return await work;
  } catch (error) {
    if (ImageBuilderError.is(error)) return `${error.code} ${error.message}`;
    throw error;
  }
}
