import assert from "node:assert/strict";
import { problemParts } from "../../../src/vscode/components/tree/problemParts";

describe("the rows of a message", () => {
  const messages: readonly (readonly [message: string, rows: readonly string[]])[] = [
    [
      'Not allowed yet: sending builds to a host. Review it, or change the setting "x".',
      ["Not allowed yet", "Sending builds to a host", 'Review it, or change the setting "x"'],
    ],
    ["Can't reach x: check that it is running.", ["Can't reach x", "Check that it is running"]],
    ["It failed: don't use it; otherwise, wait.", ["It failed", "Don't use it", "Otherwise, wait"]],
    [
      "The address is wrong: localhost:5000 does not answer.",
      ["The address is wrong", "localhost:5000 does not answer"],
    ],
    ["It is missing: imageBuilders.images has no x.", ["It is missing", "imageBuilders.images has no x"]],
    [
      "The configuration is not valid: uri: expected a string; port: expected a number.",
      ["The configuration is not valid", "uri: expected a string", "port: expected a number"],
    ],
    ["It failed (no such host: try another. one).", ["It failed (no such host: try another. one)"]],
    ["", [""]],
  ];
  for (const [message, rows] of messages)
    it(`begin like sentences, unless with a name: ${message}`, () => assert.deepEqual(problemParts(message), rows));
});
