import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { ImageBuilderError, messageOf } from "../../../src/core/base/errors";
import type { Confinement } from "../../../src/core/image/files/confinement";
import { dockerfileOf } from "../../../src/core/image/convert/dockerfileOf";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import { allowedPlaceProblems } from "../../../src/core/image/spec/allowedPlaceProblems";
import { placeProblems } from "../../../src/core/image/spec/placeProblems";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { removeTemporaryFolders } from "../../support/folder";
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
