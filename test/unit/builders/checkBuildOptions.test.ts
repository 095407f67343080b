import assert from "node:assert/strict";
import { checkBuildOptions } from "../../../src/core/builders/checkBuildOptions";
import { ImageBuilderError } from "../../../src/core/errors";

const refused: readonly (readonly [options: object, names: RegExp])[] = [
  [{ nonsense: 1 }, /there is no build option "nonsense"/],
  [{ buildargs: {} }, /"buildargs" is called buildArgs here/],
  [{ tag: "x" }, /"tag" is called tags here/],
  [{ fileobj: 1 }, /"fileobj"/],
  [{ buildArgs: { N: 3 } }, /"buildArgs\.N"/],
  [{ labels: ["a"] }, /"labels"/],
  [{ noCache: "yes" }, /"noCache"/],
  [{ platform: "arm64" }, /"platform": must be written as os\/architecture/],
  [{ extraHosts: ["db"] }, /"extraHosts\.0"/],
  [{ shmSizeBytes: "64m" }, /"shmSizeBytes"/],
  [{ dockerfile: "Dockerfile" }, /"dockerfile": must be an absolute path/],
  [{ target: "", pull: 1 }, /"target".*"pull"/],
];

describe("checkBuildOptions", () => {
  for (const [options, names] of refused) {
    it(`refuses ${JSON.stringify(options)} by name [Z92][Z93]`, () => {
      assert.throws(
        () => checkBuildOptions(options),
        (error) => ImageBuilderError.is(error, "optionInvalid") && names.test(error.message),
      );
    });
  }

  it("takes no options for none [Z94]", () => {
    assert.deepEqual(checkBuildOptions(undefined), {});
    assert.deepEqual(checkBuildOptions(null), {});
  });

  it("gives good options back as they are, frozen", () => {
    const options = { dockerfile: "/x/Dockerfile", tags: ["a:1"], buildArgs: { A: "1" }, platform: "linux/arm64", noCache: true, builder: "classic" };
    const checked = checkBuildOptions(options);
    assert.deepEqual(checked, options);
    assert.ok(Object.isFrozen(checked));
  });
});
