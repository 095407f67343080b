import assert from "node:assert/strict";
import { resolve } from "node:path";
import { buildInputOf } from "../../../src/cli/buildInput";
import { sharedOptions } from "../../../src/cli/optionSpec";
import { ParsedArguments } from "../../../src/cli/parsedArguments";

const digest = `sha256:${"0".repeat(64)}`;

const sources: readonly (readonly [written: string, source: string])[] = [
  ["shared", resolve("shared")],
  ["../shared", resolve("../shared")],
  ["~/shared", "~/shared"],
  ["oci-layout://o", `oci-layout://${resolve("o")}`],
  ["oci-layout://../images:1.0", `oci-layout://${resolve("../images")}:1.0`],
  [`oci-layout://images:1.0@${digest}`, `oci-layout://${resolve("images")}:1.0@${digest}`],
  ["oci-layout://~/images", "oci-layout://~/images"],
  ["docker-image://alpine:3.20", "docker-image://alpine:3.20"],
  ["https://127.0.0.1/x.tar", "https://127.0.0.1/x.tar"],
];

describe("a named build context on the command line", () => {
  for (const [written, source] of sources) {
    it(`"${written.slice(0, 30)}" counts from the current folder`, () => {
      const args = new ParsedArguments(["web", "--build-context", `app=${written}`], [sharedOptions.buildContext]);
      assert.deepEqual(buildInputOf(args).options.buildContexts, { app: source });
    });
  }
});
