import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { BuildContext } from "../../src/core/context/files/buildContext";
import { ImageBuilderError } from "../../src/core/base/errors";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { allSettings, type SettingsGroup } from "../support/settingsGroups";
import { until } from "../support/until";
import { extension } from "./extension";
import { findingCases, type FindingCase } from "./findingCases";
import { actionsAt, closeAll, fileIn, findingIn, findingsIn, hoverAt, show } from "./findingsIn";

const severities = { error: 0, warning: 1, information: 2, hint: 3 } as const;

/**
 * The files that a build of the folder gets, as the walk that feeds builds finds them; nothing where the build fails.
 */
async function sentFrom(root: string, { open = ".dockerignore" }: FindingCase): Promise<Set<string> | undefined> {
  const dockerfile = open.endsWith("file")
    ? join(root, open)
    : open.endsWith("file.dockerignore")
      ? join(root, open.replace(/\.dockerignore$/, ""))
      : undefined;
  try {
    const paths = [...(await new BuildContext({ root, dockerfile }).getFiles()).keys()];
    return new Set(paths.filter((path) => !path.endsWith("/")));
  } catch (error) {
    if (ImageBuilderError.is(error, "dockerignoreInvalid")) return undefined;
    throw error;
  }
}

function amountOf(root: string, paths: readonly string[]): string {
  const bytes = paths.reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
  return `${paths.length} ${paths.length === 1 ? "file" : "files"}, ${bytes} B`;
}

/** The file that a fix is about, at the end of its title. */
const aboutFile = / — [^—]+$/;

describe("a finding in a file that is open", () => {
  before(() => extension().activate());
  afterEach(closeAll);
  after(removeTemporaryFolders);

  for (const each of findingCases) {
    const {
      code,
      truth,
      files,
      open = ".dockerignore",
      at,
      severity,
      says,
      explains = /https:\/\/docs\.docker\.com\//,
      fix,
      stops = [],
      starts = [],
    } = each;
    it(`${code} (${truth}) is shown, fixed as told, and gone`, async () => {
      const root = temporaryFolder(files);
      const place = fileIn(root, each.in ?? open);
      await show(fileIn(root, open));
      const finding = await findingIn(place, code);

      const { start, end } = finding.range;
      assert.deepEqual([start.line, start.character, end.character], at);
      assert.equal(end.line, start.line);
      assert.equal(finding.severity, severities[severity]);
      assert.match(finding.message, says);
      assert.match(
        typeof finding.code === "object" ? finding.code.target.toString() : "",
        /^https:\/\/docs\.docker\.com\//,
      );
      if (code !== "ignore-file-not-a-file") {
        await show(place);
        assert.match(await hoverAt(place, start), explains);
      }
      if (fix === undefined) return;

      const before = await sentFrom(root, each);
      const actions = await actionsAt(place, finding);
      const titles = actions.map(({ title }) => title);
      assert.equal(new Set(titles).size, titles.length, `no two are alike: ${titles.join("; ")}`);
      const action = actions.find(({ title }) => fix.test(title.replace(aboutFile, "")));
      assert.ok(action, `offered: ${titles.join("; ")}`);
      assert.match(action.title, aboutFile);
      assert.equal(action.isPreferred, true);
      assert.ok(action.edit && (await vscode.workspace.applyEdit(action.edit)));
      // The extension host learns late which documents are dirty, so this saves all of the folder.
      for (const document of vscode.workspace.textDocuments)
        if (document.uri.scheme === "file" && document.fileName.startsWith(join(root, "/")))
          await until(async () => document.save(), `${document.fileName} is saved`);
      const after = await sentFrom(root, each);
      assert.ok(after, "the fixed file is read");
      if (before) {
        const gone = [...before].filter((path) => !after.has(path));
        const come = [...after].filter((path) => !before.has(path) && path !== ".dockerignore");
        assert.deepEqual([gone, come], [stops, starts]);
        if (gone.length > 0) assert.ok(action.title.includes(`stops sending ${amountOf(root, gone)}`), action.title);
        if (come.length > 0) assert.ok(action.title.includes(`starts sending ${amountOf(root, come)}`), action.title);
      }
      await until(() => findingsIn(place, code).length === 0, "the finding goes");
    });
  }

  it("is of one of 25 kinds, and all are tried", () => {
    const { contributes } = extension().packageJSON as {
      contributes: { configuration: SettingsGroup<{ properties?: object }>[] };
    };
    const settings = allSettings(contributes.configuration);
    assert.deepEqual(
      findingCases.map(({ code }) => code),
      Object.keys(settings["imageBuilders.findings"]?.properties ?? {}).sort(),
    );
    assert.equal(findingCases.length, 25);
  });
});
