import assert from "node:assert/strict";
import { mkdirSync, realpathSync, renameSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { ImageBuilderError, messageOf } from "../../../src/core/base/errors";
import type { Confinement } from "../../../src/core/image/files/confinement";
import { dockerfileOf } from "../../../src/core/image/convert/dockerfileOf";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import { allowedPlaceProblems } from "../../../src/core/image/spec/allowedPlaceProblems";
import { placeProblems } from "../../../src/core/image/spec/placeProblems";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { plannedBuild, plannedPreview } from "../../support/plannedBuild";
import { readsDuring } from "../../support/watchedReads";
import { hostileCases, hostilePlace, type HostileCase, type HostilePlace } from "./hostilePlaces";

/** Longest time in milliseconds for all that a case is asked: reading 3 GB takes longer. */
const mostMs = 2000;

const specOf = (
  { layers, from = "debianBase: { name: app, installFlyte: false }" }: HostileCase,
  place: HostilePlace,
) =>
  readImageSpec(
    `from: { ${from} }\n` +
      (layers(place).length > 0 ? "layers:\n" : "") +
      layers(place)
        .map((each) => `  - ${each}\n`)
        .join(""),
    "a.image.yaml",
  );

describe("a hostile spec and its folder", () => {
  after(removeTemporaryFolders);

  for (const manner of ["restricted", "trusted"] as const)
    for (const [title, each] of Object.entries(hostileCases))
      it(`with ${title} reads nothing outside, and says why, if the workspace is ${manner}`, async () => {
        const place = hostilePlace(each);
        const { root } = place;
        const within: Confinement = { folders: [root], asks: manner === "trusted" };
        const spec = specOf(each, place);
        const { image } = spec;
        const told: string[] = [];
        const tell = async (act: () => Promise<unknown>): Promise<string> => {
          try {
            await act();
            return "ok";
          } catch (error) {
            if (!ImageBuilderError.is(error)) throw error;
            told.push(messageOf(error));
            return `${error.code}: ${messageOf(error)}`;
          }
        };
        const places = { root, within };
        const begin = performance.now();
        let seen = "";
        const reads = await readsDuring(async () => {
          seen = image ? await tell(() => imageUri(image, places)) : `imageInvalid: ${spec.problems[0]?.message}`;
          if (image) {
            await tell(async () => told.push((await plannedPreview(image, places))?.text ?? ""));
            await tell(() => plannedBuild(image, places));
            await tell(async () => told.push((await dockerfileOf(image, places)).text));
          }
          const marks = [...placeProblems(spec, places), ...(await allowedPlaceProblems(spec, places))];
          for (const { message, fixes = [] } of marks) told.push(message, ...fixes.map(({ title: fix }) => fix));
        });
        assert.match(seen, each[manner]);
        const real = realpathSync.native(root);
        assert.deepEqual(
          reads.filter((path) => path !== real && !path.startsWith(`${real}/`)),
          [],
        );
        assert.doesNotMatch(told.join("\n"), /canary|workspace-too/);
        assert.ok(performance.now() - begin < mostMs, "nothing large was read");
      });
});

describe("a place outside the workspace that is allowed", () => {
  after(removeTemporaryFolders);

  const cases: Readonly<
    Record<string, { layer: string; make: (outside: string, secret: string) => void; told: RegExp }>
  > = {
    "has a link out of it copied as a link": {
      layer: "sourceFolder: ../shared",
      make: (outside, secret) => symlinkSync(secret, join(outside, "link")),
      told: /^ok/,
    },
    "does not allow the target of its ignore file": {
      layer: "sourceFolder: ../shared",
      make: (outside, secret) => symlinkSync(join(secret, "key"), join(outside, ".dockerignore")),
      told: /^sourceNotConfirmed.*secret/,
    },
    "does not allow the target of its project file": {
      layer: "uvProject: ../shared/pyproject.toml",
      make: (outside, secret) => {
        unlinkSync(join(outside, "pyproject.toml"));
        symlinkSync(join(secret, "key"), join(outside, "pyproject.toml"));
      },
      told: /^sourceNotConfirmed.*secret/,
    },
    "does not allow what is reached through it": {
      layer: "sourceFile: ../shared/../secret/key",
      make: () => undefined,
      told: /^sourceNotConfirmed.*secret/,
    },
    "does not allow a folder whose name begins like it": {
      layer: "sourceFile: ../shared-too/key",
      make: () => undefined,
      told: /^sourceNotConfirmed.*shared-too/,
    },
    "does not allow what a link in its place leads to": {
      layer: "sourceFolder: ../shared",
      make: (outside, secret) => {
        renameSync(outside, `${outside}.moved`);
        symlinkSync(secret, outside);
      },
      told: /^sourceNotConfirmed.*secret/,
    },
    "allows what replaces it at its own path": {
      layer: "sourceFolder: ../shared",
      make: (outside) => {
        renameSync(outside, `${outside}.moved`);
        mkdirSync(outside);
      },
      told: /^ok/,
    },
  };

  for (const [title, { layer, make, told }] of Object.entries(cases))
    it(title, async () => {
      const parent = realpathSync.native(
        temporaryFolder({
          "workspace/.keep": "",
          "shared/pyproject.toml": '[project]\nname = "a"\nversion = "1"\n',
          "shared-too/key": "canary",
          "secret/key": "canary",
        }),
      );
      const [root, shared, secret] = ["workspace", "shared", "secret"].map((name) => join(parent, name));
      assert.ok(root !== undefined && shared !== undefined && secret !== undefined);
      make(shared, secret);
      const within: Confinement = { folders: [root], asks: true, allowed: [{ kind: "files", path: shared }] };
      const { image } = specOf({ layers: () => [layer], restricted: told, trusted: told }, { root, outside: shared });
      assert.ok(image);
      let seen = "ok";
      const reads = await readsDuring(async () => {
        try {
          await plannedBuild(image, { root, within });
        } catch (error) {
          if (!ImageBuilderError.is(error)) throw error;
          seen = `${error.code}: ${error.message}`;
        }
      });
      assert.match(seen, told);
      assert.deepEqual(
        reads.filter((path) => !path.startsWith(root) && path !== shared && !path.startsWith(`${shared}/`)),
        [],
      );
    });
});
