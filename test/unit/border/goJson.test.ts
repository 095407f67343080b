import assert from "node:assert/strict";
import { overBudget } from "../../support/workTime";
import { parseGoJson, type GoShape } from "../../../src/core/border/goJson";

const shape: GoShape = {
  struct: { credsStore: "value", auths: { map: { struct: { auth: "value", username: "value" } } }, other: "value" },
};

const cases: readonly (readonly [truth: string, text: string, value: unknown])[] = [
  ["a field may be in any case", '{"CredsStore":"a"}', { credsStore: "a" }],
  [
    "all of it may be in capitals",
    '{"CREDSSTORE":"a","AUTHS":{"X":{"AUTH":"b"}}}',
    {
      credsStore: "a",
      auths: { X: { auth: "b" } },
    },
  ],
  ["of two spellings the last counts", '{"credsStore":"a","CREDSSTORE":"b"}', { credsStore: "b" }],
  ["also if that is the usual one", '{"CREDSSTORE":"b","credsStore":"a"}', { credsStore: "a" }],
  ["also if one comes twice", '{"credsStore":"a","CredsStore":"b","credsStore":"c"}', { credsStore: "c" }],
  ["also if the first one comes twice", '{"credsStore":"a","credsStore":"c","CredsStore":"b"}', { credsStore: "b" }],
  ["null leaves a text as it was", '{"credsStore":"a","CredsStore":null}', { credsStore: "a" }],
  ["null empties a map", '{"auths":{"x":{"auth":"a"}},"Auths":null}', { auths: undefined }],
  [
    "maps are merged",
    '{"auths":{"x":{"auth":"a"}},"Auths":{"y":{"auth":"b"}}}',
    {
      auths: { x: { auth: "a" }, y: { auth: "b" } },
    },
  ],
  [
    "an entry of a map is replaced",
    '{"auths":{"x":{"auth":"a"},"x":{"username":"u"}}}',
    {
      auths: { x: { username: "u" } },
    },
  ],
  ["keys of maps keep their case", '{"auths":{"A":{},"a":{}}}', { auths: { A: {}, a: {} } }],
  ["Go's own two equal letters count", '{"cred\u017f\u017ftore":"a"}', { credsStore: "a" }],
  ["other letters do not", '{"creds\u017ftore ":"a","cred\u00dftore":"b"}', {}],
  ["unknown fields are left out", '{"x":1,"__proto__":{"auths":{}},"constructor":{}}', {}],
  ["another type is handed on", '{"auths":[1],"credsStore":{"a":1}}', { auths: [1], credsStore: { a: 1 } }],
  ["escapes are read", '{"creds\\u0053tore":"\\u0061\\ud800"}', { credsStore: "a\ufffd" }],
  ["what is no object is handed on", "[1]", [1]],
  ["what is no JSON is nothing", '{"a":1,}', undefined],
  ["nor are comments", '{/* */"credsStore":"a"}', undefined],
];

describe("parseGoJson", () => {
  for (const [truth, text, value] of cases) it(truth, () => assert.deepEqual(parseGoJson(text, shape), value));

  it("takes little time where a map comes 10,000 times", () => {
    const maps = Array.from({ length: 10_000 }, (_, i) => `"auths":{"x${i}":{}}`);
    assert.equal(
      overBudget(() => parseGoJson(`{${maps.join()}}`, shape), 200),
      undefined,
    );
  });

  it("keeps a map's key that objects have by themselves", () => {
    const parsed = parseGoJson('{"auths":{"toString":{"auth":"a"},"__proto__":{"auth":"b"}}}', shape);
    assert.deepEqual(Object.keys((parsed as { auths: object }).auths), ["toString"]);
  });
});
