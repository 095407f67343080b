import assert from "node:assert/strict";
import { parsePlatforms } from "../../../src/core/base/platforms";

describe("platforms that a person writes", () => {
  const cases: readonly (readonly [text: string, platforms: string | undefined])[] = [
    ["linux/amd64", "linux/amd64"],
    ["linux/arm/v7", "linux/arm/v7"],
    [" Linux/AMD64 , linux/arm64", "linux/amd64,linux/arm64"],
    ["linux/amd64,linux/arm64,linux/amd64", "linux/amd64,linux/arm64"],
    ["", undefined],
    ["linux", undefined],
    ["linux/amd64,", undefined],
    ["linux/amd64,,linux/arm64", undefined],
    ["linux/amd64 linux/arm64", undefined],
    ["linux/amd64;linux/arm64", undefined],
    ["linux/arm/v7/x", undefined],
    ["linux/../x", undefined],
  ];
  for (const [text, platforms] of cases) {
    it(`${JSON.stringify(text)} are ${platforms ?? "none"}`, () => assert.equal(parsePlatforms(text), platforms));
  }
});
