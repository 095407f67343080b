import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { inDefaultRepository, resolveImageNames } from "../../../src/vscode/builds/imageNames";

const variables = { folder: "app", gitShortSha: "abc1234", date: "2026-02-03" };

const placeOf = (uri: string | undefined, defaultRepository?: string) =>
  uri === undefined ? undefined : { uri, defaultRepository };

describe("the names of an image", () => {
  const cases: readonly {
    readonly typed: string;
    readonly registry?: string;
    readonly repository?: string;
    readonly names: string[];
  }[] = [
    { typed: "app", names: ["app:latest"] },
    { typed: " app:1 ", names: ["app:1"] },
    { typed: "${folder}:${gitShortSha},app:latest", names: ["app:abc1234", "app:latest"] },
    { typed: "app, app:latest", names: ["app:latest"] },
    { typed: "app:1", registry: "localhost:5000", names: ["localhost:5000/app:1"] },
    {
      typed: "localhost:5000/app:1, app",
      registry: "localhost:5000",
      names: ["localhost:5000/app:1", "localhost:5000/app:latest"],
    },
    { typed: "app", registry: "ghcr.io/team", names: ["ghcr.io/team/app:latest"] },
    {
      typed: ":1, other",
      registry: "ghcr.io/team",
      repository: "web/app",
      names: ["ghcr.io/team/web/app:1", "ghcr.io/team/other:latest"],
    },
  ];
  for (const { typed, registry, repository, names } of cases) {
    it(`"${typed}"${registry ? ` for ${registry}` : ""} are ${names.join(" and ")}`, () =>
      assert.deepEqual(resolveImageNames(typed, variables, placeOf(registry, repository)), names));
  }

  const refusals: readonly {
    readonly typed: string;
    readonly registry?: string;
    readonly code: ImageBuilderError["code"];
    readonly words: RegExp;
  }[] = [
    { typed: ":1", registry: "localhost:5000", code: "imageNameInvalid", words: /:1/ },
    { typed: "", code: "imageNameInvalid", words: /empty/ },
    { typed: "a,", code: "imageNameInvalid", words: /empty/ },
    { typed: "a b", code: "imageNameInvalid", words: /white space/ },
    { typed: "app, App:1", code: "imageNameInvalid", words: /"App:1".*lowercase/ },
    { typed: `app@sha256:${"0".repeat(64)}`, code: "imageNameInvalid", words: /digest/ },
    { typed: "app:${gitBranch}", code: "imageNameInvalid", words: /not on a Git branch/ },
    { typed: "ghcr.io/app", registry: "localhost:5000", code: "imageForeign", words: /localhost:5000/ },
    { typed: "app, ghcr.io/app", registry: "localhost:5000", code: "imageForeign", words: /ghcr\.io\/app/ },
  ];
  for (const { typed, registry, code, words } of refusals) {
    it(`"${typed}"${registry ? ` for ${registry}` : ""} is refused with the reason`, () => {
      assert.throws(
        () => resolveImageNames(typed, variables, placeOf(registry)),
        (error) => ImageBuilderError.is(error, code) && words.test(error.message),
      );
    });
  }

  it("are proposed in a registry's default repository by their tags [Z116]", () => {
    assert.equal(
      inDefaultRepository("${folder}:${gitShortSha}, localhost:5000/${folder}", "web/app"),
      "web/app:${gitShortSha},web/app",
    );
    assert.equal(inDefaultRepository("${folder}:latest", undefined), "${folder}:latest");
  });
});
