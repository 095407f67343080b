import assert from "node:assert/strict";
import { rules } from "../../../../src/core/context/lint/rules";
import { ignoreFileCases } from "./cases/ignoreFileCases";
import { exceptionCases } from "./cases/exceptionCases";
import { misreadCases } from "./cases/misreadCases";
import { nothingCases } from "./cases/nothingCases";
import { copySourceCases } from "./cases/copySourceCases";
import { sentFileCases } from "./cases/sentFileCases";
import { builderCases } from "./cases/builderCases";
import type { CaseTable } from "./cases/ruleCases";
import { effectOf, findingOf, findingsOf, offeredFixes, textAt, withFix } from "./support";

const table: CaseTable = {
  ...ignoreFileCases,
  ...exceptionCases,
  ...misreadCases,
  ...nothingCases,
  ...copySourceCases,
  ...sentFileCases,
  ...builderCases,
};

for (const rule of rules) {
  describe(`finding ${rule.code}`, () => {
    const cases = table[rule.code];
    for (const {
      truth,
      at,
      line = 1,
      severity,
      says,
      fixed,
      stops = [],
      starts = [],
      stays,
      ...setting
    } of cases?.found ?? []) {
      it(`is made: ${truth}`, async () => {
        const finding = await findingOf(rule.code, setting);
        const shown = setting.dockerfiles?.[finding.file] ?? setting.text ?? "";
        assert.deepEqual([textAt(shown, finding), finding.range.line, finding.severity], [at, line, severity]);
        assert.match(finding.message, says);
        assert.match(finding.message, /^[^a-z].*\.$/s, "a message is a whole sentence");
        const [fix] = await offeredFixes(finding);
        if (fixed === undefined) return assert.equal(fix, undefined);
        assert.ok(fix, "no fix is offered");
        const after = withFix(setting, fix);
        assert.equal(after.text, fixed);
        const effect = await effectOf(fix);
        if (setting.files)
          assert.deepEqual([effect.stopsSending.examples, effect.startsSending.examples], [stops, starts]);
        if (!stays)
          assert.deepEqual(
            (await findingsOf(rule.code, after)).map(({ message }) => message),
            [],
          );
      });
    }
    for (const { truth, ...setting } of cases?.silent ?? []) {
      it(`is not made: ${truth}`, async () => {
        assert.deepEqual(
          (await findingsOf(rule.code, setting)).map(({ message }) => message),
          [],
        );
      });
    }
    it("has cases for and against", () =>
      assert.ok(cases && cases.found.length > 0 && cases.silent !== undefined && cases.silent.length > 0));
  });
}
