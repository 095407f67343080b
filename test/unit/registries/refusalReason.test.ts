import assert from "node:assert/strict";
import { reasonOf, saysExpired, type RefusalReason } from "../../../src/core/distribution/refusalReason";

describe("the reason of a refusal", () => {
  const read = (words: string, names: readonly string[] = []): RefusalReason =>
    reasonOf({ status: 403, codes: ["DENIED"], words, isPage: false, isReadOnly: false }, names);

  const refusals: readonly (readonly [words: string, names: readonly string[], reason: RefusalReason])[] = [
    ["storage quota exceeded", ["a", "1"], "quota"],
    ["storage quota exceeded", ["e", "o"], "quota"],
    ["access to quota denied", ["quota"], "right"],
    ["robot read-only may not push", ["team/app", "read-only"], "right"],
    ["the system is in read-only mode", ["team/read", "only"], "readOnly"],
    ["user arn:aws:iam::1:role/immutable may not", [], "right"],
    ["denied for `firewall-policy`", [], "right"],
    ["see https://example.test/quota/policy", [], "right"],
    ["the quota-manager may not", ["quota"], "quota"],
  ];
  for (const [words, names, reason] of refusals)
    it(`is ${reason} in "${words}" for the names ${names.join(", ") || "of nothing"}`, () =>
      assert.equal(read(words, names), reason));

  it("takes linear time, however often a name is in the words", () => {
    const words = "a ".repeat(500_000);
    assert.equal(read(words, ["a", "a a"]), "right");
  });

  const expiries: readonly (readonly [words: string, isExpired: boolean])[] = [
    ["Your authorization token has expired. Reauthenticate and try again.", true],
    ["personal access token is expired", true],
    ["Token failed verification: expired", true],
    ["ExpiredToken: The provided token is not valid", true],
    ["it was either incorrect, expired, or improperly scoped", false],
    ["Your license has expired", false],
    ["the subscription of this organization is expired", false],
  ];
  for (const [words, isExpired] of expiries)
    it(`is ${isExpired ? "" : "not "}that the login has expired in "${words}"`, () =>
      assert.equal(saysExpired(words), isExpired));
});
