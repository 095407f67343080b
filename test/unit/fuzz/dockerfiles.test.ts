import { copySources } from "../../../src/core/dockerfile/copySources";
import { outlineDockerfile } from "../../../src/core/dockerfile/dockerfile";
import { locateFailure } from "../../../src/core/dockerfile/locateFailure";
import { mountsOf } from "../../../src/core/dockerfile/mounts";
import { namedImages } from "../../../src/core/dockerfile/namedImages";
import { wantedIds } from "../../../src/core/dockerfile/wantedIds";
import { requestedPaths } from "../../../src/core/worker/requestedPaths";
import { specOf } from "../../../src/core/image/convert/specOf";
import { fixtures, fuzz, fuzzSeed, Mutator } from "../../support/fuzz";
import { volume } from "../../support/volume";
import { seededRandom } from "../context/support";

const readers: readonly ((text: string) => unknown)[] = [
  (text) => namedImages(text, { BASE: "alpine" }),
  (text) => wantedIds(text),
  (text) => copySources(text, { VERSION: "1" }),
  (text) => outlineDockerfile(text),
  (text) => mountsOf(text),
  (text) =>
    locateFailure(text, {
      stepName: "[build 2/4] RUN make",
      words: 'failed to compute cache key: "/a.txt": not found',
    }),
  (text) => requestedPaths(text, {}, undefined)("src/app.py"),
  (text) => specOf({ dockerfile: "/nowhere/Dockerfile", text, registry: "localhost:5000", platform: "linux/amd64" }),
];

describe("a fuzz of Dockerfiles", () => {
  const seed = fuzzSeed();

  it("finds nothing that the editor stops at or waits for", async () => {
    const mutator = new Mutator(seededRandom(seed), [...fixtures("dockerfiles"), ...fixtures("image", "ockerfile")]);
    let turn = 0;
    await fuzz(
      "Dockerfiles",
      seed,
      volume(300, 20_000),
      () => mutator.next(),
      (text) => {
        // One after the other, so that the budget is for one.
        readers[turn++ % readers.length]?.(text);
      },
    );
  }).timeout(volume(120_000, 7_200_000));
});
