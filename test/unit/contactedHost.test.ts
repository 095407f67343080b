import assert from "node:assert/strict";
import { win32 } from "node:path";
import { contactedHost } from "../../src/core/base/contactedHost";

/** Asks on a Windows that has these links, and returns the paths that were looked at, too. */
function ask(path: string, links: Readonly<Record<string, string>>, folder?: string) {
  const lookedAt: string[] = [];
  const readLink = (at: string) => (lookedAt.push(at), links[at]);
  return { host: contactedHost(path, folder, { platform: "win32", rules: win32, readLink }), lookedAt };
}

const folder = "C:\\work\\app";

describe("A path that links lead to another computer, on Windows,", () => {
  for (const [what, path, links] of [
    ["itself", "token", { "C:\\work\\app\\token": "\\\\evil\\share\\token" }],
    ["by a folder", "a\\b\\token", { "C:\\work\\app\\a": "\\\\evil\\share" }],
    ["by a deeper folder", "C:\\work\\app\\a\\b\\token", { "C:\\work\\app\\a\\b": "//evil/share" }],
    ["by two links", "one", { "C:\\work\\app\\one": "two", "C:\\work\\app\\two": "\\\\?\\UNC\\evil\\share" }],
    ["by a link up", "one\\x", { "C:\\work\\app\\one": "..\\other", "C:\\work\\other": "\\??\\UNC\\evil\\share" }],
    ["by another drive", "one\\x", { "C:\\work\\app\\one": "D:\\y", "D:\\y": "\\\\evil@SSL\\share" }],
    ["outside of the folder", "..\\b\\x", { "C:\\work\\b": "\\\\evil\\share" }],
    ["after it went around", "a\\a\\b", { "C:\\work\\app\\a": ".", "C:\\work\\app\\b": "\\\\evil\\share" }],
  ] as const)
    it(`is known by its host, and nothing is looked at there: ${what}`, () => {
      const { host, lookedAt } = ask(path, links, folder);
      assert.match(host ?? "", /^evil/);
      assert.deepEqual(
        lookedAt.filter((each) => /^[\\/]{2}/.test(each)),
        [],
      );
    });

  it("is known where the path is written so, without a look at anything", () => {
    assert.deepEqual(ask("\\\\evil\\share", {}, folder), { host: "evil", lookedAt: [] });
    assert.deepEqual(ask("//evil/share", {}), { host: "evil", lookedAt: [] });
  });

  for (const [what, path, links, opened] of [
    ["no link", "a\\b", {}, folder],
    ["links that stay", "a\\b", { "C:\\work\\app\\a": "c", "C:\\work\\app\\c": "D:\\x" }, folder],
    ["links in a circle", "a\\b", { "C:\\work\\app\\a": "a" }, folder],
    ["a folder that the person has opened by a link", "a\\b", { "C:\\work\\app": "\\\\nas\\app" }, folder],
    ["a link of the person's above it", "a", { "C:\\work": "\\\\nas\\work" }, folder],
    ["the folder itself", ".", { "C:\\work\\app": "\\\\nas\\app" }, folder],
    ["the computer that is worked on", "a\\b", { "\\\\nas\\work\\app\\a": "\\\\NAS\\other" }, "\\\\nas\\work\\app"],
  ] as const)
    it(`is none with ${what}`, () => assert.equal(ask(path, links, opened).host, undefined));

  it("is none elsewhere", () => {
    const readLink = () => assert.fail();
    assert.equal(contactedHost("//evil/share", "/work", { platform: "linux", readLink }), undefined);
  });
});
