import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { pathWithin } from "../../src/core/base/pathWithin";

const table: readonly (readonly [folder: string, file: string, path: string | undefined])[] = [
  ["/a", "/a", ""],
  ["/a", "/a/b/c", "b/c"],
  ["/a", "/a/..b/c", "..b/c"],
  ["/a", "/a/..b", "..b"],
  ["/a", "/b", undefined],
  ["/a", "/", undefined],
  ["/a", "/ab", undefined],
  ["/", "/a", "a"],
  ["C:\\proj", "c:\\proj\\x\\f", "x/f"],
  ["C:\\proj", "D:\\x\\f", undefined],
  ["C:\\proj", "D:\\proj\\f", undefined],
  ["C:\\proj", "C:\\other", undefined],
  ["C:\\proj", "\\\\server\\share\\f", undefined],
];

describe("the path of a file in a folder", () => {
  for (const [folder, file, path] of table) {
    it(`of ${file} in ${folder} is ${JSON.stringify(path)}`, () =>
      assert.equal(pathWithin(folder, file, folder.includes("\\") ? win32 : posix), path));
  }
});
