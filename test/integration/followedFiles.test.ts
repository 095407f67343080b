import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { requestedFiles } from "../../src/core/worker/requestedPaths";
import { DockerCli } from "../support/dockerCli";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

const files = ["a.txt", "b.md", "src/a.js", "src/b.ts", "src/deep/c.js", "real/x", "real/deep/y", "{odd}"];
const links = { "to-real": "real", "src/up": "../real/deep", absolute: "/real/x", outside: "../../a.txt" };
/** The size of the first file; each next one is twice as large, so that the bytes that were sent tell the files. */
const unit = 10_000;

const sources = [
  "src",
  "src/*.js",
  "*.txt b.??",
  "[ab].*",
  "{odd}",
  "src/de*",
  "real/../src/a.js",
  "real/*/y",
  "to-real",
  "to-real/deep",
  "to-*/x",
  "src/up",
  "src/u*",
  "src/*/c.js",
  "absolute",
  "outside",
  "*/*.js",
];

describe("the files that the docker command line of today sends", function () {
  this.timeout(300_000);
  let docker: DockerCli;
  before(async () => (docker = await DockerCli.of("28")));
  after(removeTemporaryFolders);

  for (const source of sources) {
    it(`are told as requested for COPY ${source}`, async () => {
      const dockerfile = `FROM scratch\nCOPY ${source} /x/\n`;
      const root = temporaryFolder({
        Dockerfile: dockerfile,
        ...Object.fromEntries(files.map((file, i) => [file, randomBytes(unit * 2 ** i)])),
      });
      for (const [link, target] of Object.entries(links)) symlinkSync(target, join(root, link));
      const sent = Math.floor((await docker.sentBytes(root)) / unit);
      const isRequested = requestedFiles(dockerfile, {}, root);
      assert.ok(sent > 0);
      assert.deepEqual(
        files.filter(isRequested),
        files.filter((_, i) => (sent >> i) & 1),
      );
    });
  }
});
