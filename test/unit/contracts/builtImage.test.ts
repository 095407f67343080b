import assert from "node:assert/strict";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { checkedBuiltImage } from "../../../src/core/contracts/builtImage";

const who = 'The builder "far"';
const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const failing = (): never => {
  throw new Error("s3cr3t");
};

describe("the answer of a builder that is somebody else's", () => {
  const hostile: readonly (readonly [what: string, make: () => unknown])[] = [
    ["fails when it is read", () => Object.defineProperty({}, "reference", { get: failing })],
    ["fails whatever is asked of it", () => new Proxy({}, { get: failing })],
    ["is a proxy that was revoked", revoked],
    ["is a text of 40 million characters", () => "a-".repeat(20_000_000)],
    ["is a host of 20 million characters", () => `${"a.".repeat(10_000_000)}/x`],
    ["is a path of 20 million parts", () => "a/".repeat(20_000_000)],
    ["is a link", () => "[a](command:b)"],
    ["is an object of another kind", () => new String("a:1")],
  ];
  for (const [what, make] of hostile)
    it(`is refused in one short sentence where it ${what}`, () => {
      assert.throws(
        () => checkedBuiltImage(make(), who),
        (error) => {
          assert.ok(ImageBuilderError.is(error, "buildFailed"), String(error).slice(0, 500));
          assert.ok(error.message.length < 400 && !error.message.includes("s3cr3t"), error.message.slice(0, 500));
          return error.message.startsWith(who);
        },
      );
    });

  it("is read once: what changes meanwhile does not count", () => {
    let reads = 0;
    const changing = {
      get reference() {
        return reads++ === 0 ? "app:1" : "evil/app:1";
      },
    };
    assert.equal(checkedBuiltImage(changing, who).reference, "app:1");
  });
});
