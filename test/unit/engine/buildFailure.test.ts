import assert from "node:assert/strict";
import { buildFailure } from "../../../src/core/engine/buildFailure";

const dockerfile = { file: "/x/Dockerfile", name: "Dockerfile", bytes: Buffer.alloc(0), text: "FROM a\nRUN b\n" };

/** Words that daemons said when the client's thread stood still: Docker 20.10 after 10 s, Docker 28 after 30 s. */
const lost = [
  "transport is closing",
  "Canceled: grpc: the client connection is closing",
  "no active session for x8q: context deadline exceeded",
];

describe("a failed build", () => {
  it("names all lines of a step that is there several times, and marks none", () => {
    const twice = { ...dockerfile, text: "FROM a\nRUN b\nRUN c\nRUN b\n" };
    const failed = buildFailure({ words: "exit code: 1", step: { number: 4, name: "RUN b" }, dockerfile: twice });
    assert.equal(
      failed.message,
      'The build failed at "RUN b" in Dockerfile, line 2 or 4 (the builder doesn\'t report which): exit code: 1.',
    );
    assert.equal(failed.location, undefined);
    const many = { ...dockerfile, text: `FROM a\n${"RUN b\n".repeat(9)}` };
    assert.match(
      buildFailure({ words: "x", step: { number: 1, name: "RUN b" }, dockerfile: many }).message,
      /line 2, 3, 4, 5, 6, 7 or another line \(the builder/,
    );
  });

  for (const words of lost) {
    it(`tells that the session was given up where the daemon says "${words}"`, () => {
      assert.match(
        buildFailure({ words, dockerfile }).message,
        /The daemon closed the session with the editor.*Build again\.$/,
      );
    });
  }

  it("still blames the tag of a base image for what is not found there", () => {
    assert.match(
      buildFailure({ words: "docker.io/library/a:b: not found", dockerfile }).message,
      /Check that the base image has that tag\.$/,
    );
  });
});
