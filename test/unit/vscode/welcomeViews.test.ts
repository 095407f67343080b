import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isShown } from "../../support/whenClause";

interface Manifest {
  readonly contributes: {
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly visibility?: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
  };
}

/** States of a window, as the texts tell them apart. */
function combinations() {
  const states = [];
  for (const isWorkspaceTrustEnabled of [true, false])
    for (const isWorkspaceTrusted of [true, false])
      for (const workspaceFolderCount of [0, 1])
        for (const dockerfiles of [undefined, "none", "found"])
          for (const daemonProblem of ["", "daemonDenied", "daemonUnreachable"])
            states.push({
              isWorkspaceTrustEnabled,
              isWorkspaceTrusted,
              workspaceFolderCount,
              "imageBuilders:dockerfiles": dockerfiles,
              "imageBuilders:daemonProblem": daemonProblem,
            });
  return states;
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
        for (const [isWorkspaceTrustEnabled, isWorkspaceTrusted] of [
          [true, true],
          [true, false],
          [false, false],
        ] as const) {
          const states = combinations().map((state) => ({ ...state, isWorkspaceTrustEnabled, isWorkspaceTrusted }));
          assert.equal(
            states.some((state) => isShown(when, state)),
            isRestricted === (isWorkspaceTrustEnabled && !isWorkspaceTrusted),
          );
        }
      });
  }

  it("has one button in all views together, for the next step, and none without a daemon", () => {
    const buttons = new Map<string, number>();
    for (const state of combinations()) {
      const shown = contributes.viewsWelcome
        .filter(({ when }) => isShown(when, state))
        .flatMap(({ contents }) => (nls[contents.slice(1, -1)] ?? "").split("\n"))
        .flatMap((line) => /^\[([^\]]+)\]\([^)]+\)$/.exec(line)?.[1] ?? []);
      assert.ok(shown.length <= 1, `${JSON.stringify(state)}: ${shown.join(", ")}`);
      buttons.set(shown[0] ?? "", (buttons.get(shown[0] ?? "") ?? 0) + 1);
      const isRestricted = state.isWorkspaceTrustEnabled && !state.isWorkspaceTrusted;
      const isReady = state["imageBuilders:dockerfiles"] === "found" && !state["imageBuilders:daemonProblem"];
      assert.equal(
        shown[0],
        isRestricted
          ? "Manage Workspace Trust"
          : state.workspaceFolderCount === 0
            ? "Open Folder"
            : state["imageBuilders:dockerfiles"] === "none"
              ? "Create Dockerfile"
              : isReady
                ? "Build Image"
                : undefined,
      );
    }
    assert.equal(buttons.size, 5);
  });

  it("opens with the views of the builds and registries, the others collapsed", () => {
    const views = Object.values(contributes.views).flat();
    const open = views.filter(({ visibility }) => visibility !== "collapsed").map(({ id }) => id);
    assert.deepEqual(open, ["imageBuilders.builds", "imageBuilders.registries"]);
    assert.deepEqual(
      views.slice(0, 2).map(({ id }) => id),
      open,
    );
  });
});
