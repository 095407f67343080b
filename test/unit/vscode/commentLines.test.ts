import assert from "node:assert/strict";
import { commentLines } from "../../../src/vscode/images/specs/commentLines";

describe("a problem in a preview", () => {
  it("is in lines that fit next to a spec, of which each is a comment", () => {
    const path = `/${"p".repeat(90)}`;
    const text = commentLines(
      `app.image.yaml: Not allowed yet: sending "${path}".\nReview it,\u2028or ${"move ".repeat(40)}`,
    );
    const lines = text.trimEnd().split("\n");
    assert.equal(lines[0], "# app.image.yaml: Not allowed yet: sending");
    assert.equal(lines[1], `# "${path}".`);
    assert.ok(lines.every((line) => line.startsWith("# ") && (line.length <= 74 || line.includes(path))));
    assert.equal(lines.join(" ").replaceAll("# ", "").split(" ").length, 49);
  });
});
