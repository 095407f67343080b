import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finding } from "../../../../src/core/context/lint/state/finding";
import { lintSetting, offeredFixes, withFix, type Setting } from "./support";

/** What a real BuildKit made of an ignore file. */
interface Case {
  readonly id: string;
  readonly files: readonly string[];
  readonly dockerignore: string;
  readonly error?: string;
  readonly errorLine?: number;
  readonly emptied?: readonly string[];
}

const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../fixtures/dockerignore-cases.json"), "utf8"),
) as Case[];

const settingOf = ({ files, dockerignore }: Case): Setting => ({
  text: dockerignore,
  files: ["Dockerfile", ".dockerignore", ...files],
});
const syntaxErrors = (findings: readonly Finding[]): Finding[] =>
  findings.filter(
    ({ code, severity }) =>
      severity === "error" && ["invalid-pattern", "invalid-regexp", "unreadable-text"].includes(code),
  );

describe("findings agree with real builds", () => {
  it("of which there are hundreds", () => assert.ok(cases.length >= 400));

  for (const [i, each] of cases.entries()) {
    it(`case ${i}, ${each.id}`, async () => {
      const setting = settingOf(each);
      const findings = await lintSetting(setting);
      const errors = syntaxErrors(findings);
      assert.equal(
        errors.length > 0,
        each.error !== undefined,
        `the build: ${each.error ?? "passes"}; found: ${errors.map(({ message }) => message).join("; ")}`,
      );
      if (each.errorLine !== undefined)
        assert.ok(
          errors.some(({ range }) => range.line === each.errorLine),
          `the build fails at line ${each.errorLine}`,
        );
      if (!each.error)
        assert.equal(
          findings.some(({ code }) => code === "file-arrives-empty"),
          (each.emptied ?? []).length > 0,
        );
      await deletionsChangeNothing(setting, findings);
    });
  }
});

/** Lines that are said to do nothing can all be deleted, one after the other. */
async function deletionsChangeNothing(setting: Setting, findings: readonly Finding[]): Promise<void> {
  const idle = findings.filter(({ code }) => ["duplicate-line", "redundant-line", "never-matches"].includes(code));
  for (const finding of idle) {
    const offered = await offeredFixes(finding);
    assert.ok(
      offered.some(({ title }) => title.startsWith("Delete")),
      `line ${finding.range.line} of ${JSON.stringify(setting.text)} cannot be deleted, though: ${finding.message}`,
    );
    const [fix] = offered;
    if (!fix) continue;
    const again = await lintSetting(withFix(setting, fix));
    assert.equal(
      again.filter(({ code }) => code === "file-arrives-empty").length,
      findings.filter(({ code }) => code === "file-arrives-empty").length,
    );
  }
}
