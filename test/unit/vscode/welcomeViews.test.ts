import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

interface Manifest {
  readonly contributes: {
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
  };
}

describe("what an empty view says", () => {
  const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const nls = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;

  for (const { view, contents, when } of contributes.viewsWelcome) {
    const text = nls[contents.slice(1, -1)] ?? "";
    it(`has no marks that VS Code shows as they are: ${view}, ${contents}`, () => {
      assert.notEqual(text, "");
      assert.doesNotMatch(text, /[`*_]|\$\(/);
    });
    if (when?.includes("isWorkspaceTrusted"))
      it(`speaks of Restricted Mode only where there is one: ${view}, ${when}`, () => {
        const isRestricted = /Restricted Mode/.test(text);
        assert.equal(
          when,
          isRestricted
            ? "isWorkspaceTrustEnabled && !isWorkspaceTrusted"
            : "!isWorkspaceTrustEnabled || isWorkspaceTrusted",
        );
      });
  }
});
