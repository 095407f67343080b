import assert from "node:assert/strict";
import { foreignHost, networkHost } from "../../src/core/base/networkPath";

describe("A path", () => {
  const elsewhere: readonly (readonly [path: string, host: string])[] = [
    ["\\\\host\\share\\file", "host"],
    ["//host/share/file", "host"],
    ["\\/host\\share", "host"],
    ["/\\host/share", "host"],
    ["\\\\\\host\\share", "host"],
    ["\\\\host", "host"],
    ["\\\\host@SSL@8443\\DavWWWRoot\\x", "host@SSL@8443"],
    ["\\\\192.0.2.1\\c$\\x", "192.0.2.1"],
    ["\\\\?\\UNC\\host\\share", "host"],
    ["//?/unc/host/share", "host"],
    ["\\\\.\\UNC\\host\\share", "host"],
    ["\\??\\UNC\\host\\share", "host"],
    ["\\\\.\\pipe\\..\\UNC\\host\\share", "pipe"],
    ["\\\\.\\C:\\..\\UNC\\host\\share", "C:"],
    ["\\\\?\\GLOBALROOT\\Device\\Mup\\host\\share", "GLOBALROOT"],
    ["\\\\.\\Global\\UNC\\host\\share", "Global"],
    ["\\\\host\\pipe\\docker_engine", "host"],
  ];
  for (const [path, host] of elsewhere) {
    it(`of another computer is known by its host on Windows: ${path}`, () => {
      assert.equal(networkHost(path, "win32"), host);
      assert.equal(networkHost(path, "linux"), undefined);
      assert.equal(networkHost(path, "darwin"), undefined);
    });
  }

  for (const path of [
    "C:\\work\\file",
    "c:/work/file",
    "file",
    "..\\..\\file",
    "\\work\\file",
    "/work/file",
    "~/file",
    "\\\\?\\C:\\work\\file",
    "\\\\.\\C:\\work",
    "\\\\.\\pipe\\docker_engine",
    "//./pipe/openssh-ssh-agent",
    "\\\\?\\Volume{b75e2c83-0000-0000-0000-602f00000000}\\file",
    "",
  ])
    it(`of this machine contacts nobody: ${path}`, () => assert.equal(networkHost(path, "win32"), undefined));

  it("on the computer that is worked on contacts no other", () => {
    const near = "\\\\nas\\work\\folder";
    assert.equal(foreignHost("\\\\NAS\\other\\file", near, "win32"), undefined);
    assert.equal(foreignHost("//?/UNC/nas/other", near, "win32"), undefined);
    assert.equal(foreignHost("C:\\file", near, "win32"), undefined);
    assert.equal(foreignHost("\\\\evil\\share", near, "win32"), "evil");
    assert.equal(foreignHost("\\\\evil\\share", "C:\\work", "win32"), "evil");
    assert.equal(foreignHost("\\\\evil\\share", undefined, "win32"), "evil");
  });
});
