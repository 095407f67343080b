import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDockerfileName } from "../../../src/core/dockerfile/dockerfileName";
import { parseWhen } from "../../support/whenClause";

const dockerfiles = [
  ..."Dockerfile dockerfile DOCKERFILE Containerfile containerfile Dockerfile.dev Dockerfile.prod.alpine".split(" "),
  ..."Dockerfile-dev".split(" "),
  ..."Dockerfile_dev Dockerfile_dev-2 dockerfile.web web.Dockerfile api.dockerfile build.Containerfile".split(" "),
  ..."Containerfile.ci".split(" "),
  ..."Dockerfile.3.11 Dockerfile.arm64 Dockerfile.windows .Dockerfile.swarm.Dockerfile Dockerfile.x86_64".split(" "),
];
const nonDockerfiles = [
  ..."dockerfile.go dockerfile.test.ts Dockerfile.md dockerfile_test.go dockerfile-parser.js Dockerfile.txt".split(" "),
  ..."Dockerfile.tmpl".split(" "),
  ..."Dockerfile.j2 Dockerfile.template dockerfile.py Dockerfile.bak Dockerfile.orig Dockerfile~".split(" "),
  ..."Dockerfile.dev~ dockerfile.rs".split(" "),
  ..."Dockerfile.dockerignore web.Dockerfile.dockerignore Dockerfiles dockerfiles Dockerfile.".split(" "),
  ..."Dockerfile- Dockerfile.MD".split(" "),
  ..."containerfile.go Containerfile.md Dockerfile.containerignore mydockerfile Dockerfile.yaml dockerfile.json".split(
    " ",
  ),
];

describe("the name of a Dockerfile", () => {
  for (const name of dockerfiles) it(`may be ${name}`, () => assert.equal(isDockerfileName(name), true));
  for (const name of nonDockerfiles) it(`is not ${name}`, () => assert.equal(isDockerfileName(name), false));

  it("is the same in every menu", () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as {
      readonly contributes: {
        readonly menus: Readonly<Record<string, readonly { readonly when?: string; readonly submenu?: string }[]>>;
      };
    };
    const entries = Object.values(manifest.contributes.menus).flat();
    const named = entries.filter(({ when = "" }) => when.includes("docker|container)file"));
    assert.ok(named.length >= 3);
    for (const { when = "", submenu } of named) {
      const { test } = parseWhen(when);
      const context = {
        resourceScheme: "file",
        isWorkspaceTrusted: true,
        isFileSystemResource: true,
        "imageBuilders:isAllContext": true,
      };
      // Our menu of all other files leaves Dockerfiles out.
      const isForOthers = submenu === "imageBuilders.file";
      for (const name of [...dockerfiles, ...nonDockerfiles])
        if (!isForOthers || !/ignore$/.test(name))
          assert.equal(
            test({ ...context, resourceFilename: name }) !== isForOthers,
            isDockerfileName(name),
            `${name} by ${when}`,
          );
    }
  });
});
