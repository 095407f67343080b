import assert from "node:assert/strict";
import { fixTogether, type FixesTogether } from "../../../../src/core/context/lint/fixTogether";
import type { Finding } from "../../../../src/core/context/lint/state/finding";
import { applyEdits } from "../../../../src/core/context/lint/state/textEdits";
import { inputOf, lintSetting, type Setting } from "./support";

const copyAll = { Dockerfile: "FROM a\nCOPY . /\n" };
const base = ["Dockerfile", ".dockerignore", "package.json", "src/app.js"];
const isSecret = ({ code }: Finding): boolean => code === "secret-sent";
const isAny = ({ file }: Finding): boolean => file === ".dockerignore";

function together(setting: Setting, isMeant = isAny): Promise<FixesTogether | undefined> {
  return fixTogether(setting.text, inputOf(setting), isMeant);
}

async function fixed(setting: Setting, isMeant = isAny): Promise<FixesTogether & { readonly text: string }> {
  const found = await together(setting, isMeant);
  assert.ok(found, "several fixes are offered together");
  assert.equal(found.edits.length, 1, "one edit");
  const text = applyEdits(setting.text ?? "", found.edits);
  assert.equal((await lintSetting({ ...setting, text })).filter(isMeant).length, found.rest, "the rest is still found");
  return { ...found, text };
}

describe("fixes of several findings together", () => {
  it("exclude all secrets, and nothing else", async () => {
    const secrets = ["id_rsa=400", "deploy/server.key=30", "web/.env=5"];
    const setting = { text: "*.log\n", files: [...base, ...secrets], dockerfiles: copyAll };
    const { effect, rest, text } = await fixed(setting, isSecret);
    assert.equal(rest, 0);
    assert.deepEqual([effect.stopsSending.files, effect.stopsSending.bytes], [3, 435]);
    assert.deepEqual([effect.startsSending.files, effect.startsSending.folders], [0, 0]);
    assert.match(text, /^\*\.log\n/);
  });

  it("leave what a COPY needs by its name", async () => {
    const setting = {
      text: "",
      files: [...base, "id_rsa", "deploy/server.key", "web/.env"],
      dockerfiles: { Dockerfile: "FROM a\nCOPY . /\nCOPY id_rsa /root/.ssh/\n" },
    };
    const { fixed: count, rest, text, effect } = await fixed(setting, isSecret);
    assert.deepEqual([count, rest, effect.stopsSending.files], [2, 1, 2]);
    assert.doesNotMatch(text, /id_rsa/);
  });

  for (const [name, text, expected] of [
    ["in the middle", "docs\n*.log\ndocs\n*.log\nsrc/x\n", /^docs\n\*\.log\n/],
    ["at the end without a line break", "docs\n*.log\ndocs\n*.log", /^docs\n\*\.log$/],
    ["with Windows' line breaks", "docs\r\n*.log\r\ndocs\r\n*.log\r\n", /^docs\r\n\*\.log\r\n$/],
  ] as const)
    it(`delete lines ${name} with one edit`, async () => {
      const files = [...base, "docs/a", "x.log", "src/x"];
      const { effect, text: now } = await fixed(
        { text, files, dockerfiles: copyAll },
        ({ code }) => code === "duplicate-line",
      );
      assert.match(now, expected);
      assert.deepEqual([effect.stopsSending.files, effect.startsSending.files], [0, 0]);
    });

  it("are no better than the single one if only one is fixed", async () => {
    const setting = { text: "docs\ndocs\n", files: [...base, "docs/a"], dockerfiles: copyAll };
    assert.equal(await together(setting), undefined);
  });

  it("are not tried for more findings than can be tried again after each", async () => {
    const files = [...base, "docs/a"];
    assert.equal(await together({ text: "docs\n".repeat(60), files, dockerfiles: copyAll }), undefined);
  });

  it("stop when they are aborted", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const setting = { text: "docs\ndocs\ndocs\n", files: [...base, "docs/a"], dockerfiles: copyAll, signal };
    await assert.rejects(together(setting), /enough/);
  });
});
