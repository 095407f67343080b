import assert from "node:assert/strict";
import { checkBuildOptions } from "../../../src/core/base/checkBuildOptions";
import { ImageBuilderError } from "../../../src/core/base/errors";

const refused: readonly (readonly [options: object, names: RegExp])[] = [
  [{ nonsense: 1 }, /unknown build option "nonsense"/],
  [{ constructor: 1 }, /: unknown build option "constructor"\.$/],
  [JSON.parse('{ "__proto__": 1, "toString": 2 }'), /unknown build option "toString"/],
  [{ buildargs: {} }, /use buildArgs instead of "buildargs"/],
  [{ tag: "x" }, /use tags instead of "tag"/],
  [{ fileobj: 1 }, /"fileobj"/],
  [{ buildArgs: { N: 3 } }, /"buildArgs\.N"/],
  [{ labels: ["a"] }, /"labels"/],
  [{ noCache: "yes" }, /"noCache"/],
  [{ platform: "arm64" }, /"platform": must be os\/architecture/],
  [{ extraHosts: ["db"] }, /"extraHosts\.0"/],
  [{ shmSizeBytes: "64m" }, /"shmSizeBytes": must be a number\.$/],
  [{ shmSizeBytes: -1e300 }, /: "shmSizeBytes": must be more than 0\.$/],
  [{ memoryBytes: 1e21 }, /"memoryBytes": must be at most 9007199254740991\.$/],
  [{ buildArgs: "x", isolation: "none" }, /"buildArgs": must be an object; "isolation": must be "default" or /],
  [[], /must be an object/],
  [{ dockerfile: "Dockerfile" }, /"dockerfile": must be an absolute path/],
  [{ target: "", pull: 1 }, /"target".*"pull"/],
  [
    { secrets: { npm: "the value itself" } },
    /"secrets\.npm": must be written as \{ "env": "NAME" \}, \{ "file": "path" \} or \{ "secret": "name" \}/,
  ],
  [{ secrets: { npm: { env: "A", file: "b" } } }, /"secrets\.npm"/],
  [{ ssh: { default: "id_rsa" } }, /"ssh\.default": must be "agent" or the absolute path/],
  [{ output: { type: "image", dest: "/x" } }, /"output\.type"/],
  [{ output: { type: "tar", dest: "x.tar" } }, /"output\.dest": must be an absolute path/],
  [{ platform: "linux/amd64,arm64" }, /"platform": must be os\/architecture/],
  [{ cacheTo: ["type=local,dest=/x"] }, /"cacheTo\.0": must be "type=inline" or "type=registry/],
  [{ cacheFrom: ["type=local,src=/x"] }, /"cacheFrom\.0"/],
  [{ ulimits: ["nofile"] }, /"ulimits\.0": must be written as name=soft/],
  [
    { no_cache_filter: ["a"], ulimit: ["a=1"] },
    /use noCacheFilter instead of "no_cache_filter"; use ulimits instead of "ulimit"/,
  ],
];

describe("checkBuildOptions", () => {
  for (const [options, names] of refused) {
    it(`refuses ${JSON.stringify(options)} by name [Z92][Z93]`, () => {
      assert.throws(
        () => checkBuildOptions(options),
        (error) => {
          assert.ok(ImageBuilderError.is(error, "optionInvalid"));
          assert.match(error.message, names);
          assert.doesNotMatch(
            error.message,
            /expected|received|Invalid (?:input|option)|Too (?:small|big)/,
            "a library's words",
          );
          return true;
        },
      );
    });
  }

  it("takes no options for none [Z94]", () => {
    assert.deepEqual(checkBuildOptions(undefined), {});
    assert.deepEqual(checkBuildOptions(null), {});
  });

  it("checks once: what it has given back is good, and a change of it is not", () => {
    const checked = checkBuildOptions({ noCache: true });
    assert.equal(checkBuildOptions(checked), checked);
    assert.throws(() => checkBuildOptions({ ...checked, no_cache: true }), { code: "optionInvalid" });
  });

  it("gives good options back as they are, frozen", () => {
    const options = {
      dockerfile: "/x/Dockerfile",
      tags: ["a:1"],
      buildArgs: { A: "1" },
      noCache: true,
      builder: "classic",
      ulimits: ["nofile=1024:2048", "core=-1"],
      platform: "linux/amd64,linux/arm/v7",
      cacheFrom: ["a/b:c", "type=registry,ref=x:1"],
      cacheTo: ["type=registry,mode=max,ref=x/y:1", "type=inline"],
      secrets: { a: { env: "A" }, b: { file: "~/b" }, c: { secret: "c" } },
      ssh: { default: "agent", key: "~/.ssh/id" },
      output: { type: "oci", dest: "/x.tar" },
    };
    const checked = checkBuildOptions(options);
    assert.deepEqual(checked, options);
    assert.ok(Object.isFrozen(checked));
  });
});
