import assert from "node:assert/strict";
import { offeredFixes } from "../../../../src/core/context/lint/fixes/offeredFixes";
import { applyEdits } from "../../../../src/core/context/lint/state/textEdits";
import { planExclusion, planInclusion } from "../../../../src/core/context/overview/changePlan";
import { seededRandom } from "../support";
import { volume } from "../../../support/volume";
import { lintSetting, type Setting } from "../lint/support";
import { stateOf } from "./support";

const odd = [
  "[q](command:workbench.action.quit)$(trash)",
  "#notes",
  "!important",
  "! ",
  " leading",
  "trailing ",
  "a[1].txt",
  "[",
  "]",
  "[]",
  "[!a]",
  "[^a]",
  "{a,b}",
  "a|b",
  "x^y",
  "^",
  "star*",
  "**",
  "why?",
  "back\\slash",
  "\\",
  "\\\\",
  "\\!",
  "$HOME",
  "a+(b)",
  "ünïcode",
  "\u00a0nbsp",
  "a**b",
  "..a",
  "~",
  "READme",
  "a b",
  "a\tb",
  "-",
  ".",
].filter((name) => name !== ".");

const pieces = ["[", "]", "!", "#", "*", "?", "\\", "{", "}", "|", "^", "$", "(", ")", " ", "a", "B", ".", "-"];

/** Names that hold what ignore files give a meaning. */
function names(seed: number, count: number): string[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, () => pieces[Math.floor(random() * pieces.length)]).join(""),
  ).filter((name) => name !== "." && name !== "..");
}

/** What our own rules say of the lines that a change has written. */
async function complaints(setting: Setting, before: string, after: string): Promise<string[]> {
  const old = new Set(before.split("\n"));
  const findings = await lintSetting({ ...setting, text: after });
  return findings
    .filter(({ file, range }) => file === ".dockerignore" && !old.has(after.split("\n")[range.line - 1] ?? ""))
    .map(({ code, message }) => `${code}: ${message}`);
}

describe("a line that a command of ours writes into an ignore file", () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
  for (const isZenml of [false, true]) {
    for (const text of ["", "*.md\n!keep.md\n"]) {
      const where = `${isZenml ? "in a repository of ZenML, " : ""}after ${JSON.stringify(text)}`;

      it(`has no finding of ours, whatever it excludes and includes: ${where}, seed ${seed}`, async () => {
        for (const name of [...odd, ...names(seed, volume(8, 2000))]) {
          for (const [path, inside] of [
            [name, [name]],
            [`sub/${name}`, [`sub/${name}`]],
            [name, [`${name}/x.txt`, `${name}/y/z.txt`]],
          ] as const) {
            const files = [...inside, "other.txt", "keep.md", ...(isZenml ? [".zen/config.yaml"] : [])];
            const setting = { files, alwaysInclude: [".zen"] };
            const exclusion = await planExclusion(stateOf({ ...setting, text }), [path]);
            if (!exclusion) continue;
            const excluded = applyEdits(text, exclusion.fix.edits);
            assert.deepEqual(await complaints(setting, text, excluded), [], `${JSON.stringify(path)}: ${excluded}`);

            const everything = `${text}*\n`;
            const inclusion = await planInclusion(stateOf({ ...setting, text: everything }), [path]);
            if (!inclusion) continue;
            const included = applyEdits(everything, inclusion.fix.edits);
            assert.deepEqual(
              await complaints(setting, everything, included),
              [],
              `${JSON.stringify(path)}: ${included}`,
            );
          }
        }
      }).timeout(volume(120_000, 3_600_000));
    }
  }

  it(`has no finding of ours when a fix writes it, seed ${seed}`, async () => {
    for (const name of [...odd, ...names(seed, volume(8, 500))]) {
      for (const secret of [`${name}.pem`, `${name}/.env`, `${name}/node_modules/a.js`]) {
        const setting = { files: [secret, "Dockerfile"], dockerfiles: { Dockerfile: "FROM scratch\nCOPY . /\n" } };
        for (const finding of await lintSetting({ ...setting, text: "x\n" })) {
          for (const { text } of await offeredFixes(finding, "x\n"))
            assert.deepEqual(await complaints(setting, "x\n", text), [], `${JSON.stringify(secret)}: ${text}`);
        }
      }
    }
  }).timeout(volume(120_000, 3_600_000));
});
