import assert from "node:assert/strict";
import { buildFailure } from "../../../src/core/engine/buildFailure";

const dockerfile = { file: "/x/Dockerfile", name: "Dockerfile", bytes: Buffer.alloc(0), text: "FROM a\nRUN b\n" };

/** Words that daemons said when the client's thread stood still: Docker 20.10 after 10 s, Docker 28 after 30 s. */
const lost = ["transport is closing", "Canceled: grpc: the client connection is closing", "no active session for x8q: context deadline exceeded"];

describe("a failed build", () => {
  it("tells which networks there are where BuildKit takes none by its name", () => {
    const words = 'network mode "mine" not supported by buildkit';
    assert.equal(buildFailure({ words, dockerfile }).message, `The build failed: ${words}. Choose "default", "host" or "none", or the classic builder, which takes the name of any network.`);
  });

  for (const words of lost) {
    it(`tells that the session was given up where the daemon says "${words}"`, () => {
      assert.match(buildFailure({ words, dockerfile }).message, /The daemon has given up the session with the editor.*build again\.$/);
    });
  }
});
