import assert from "node:assert/strict";
import { certificateFolderName } from "../../../src/core/http/trust";

describe("the folder of a registry's certificates", () => {
  it("has its host and port as its name, on Windows without the colon", () => {
    assert.equal(certificateFolderName("registry.example:5000", "linux"), "registry.example:5000");
    assert.equal(certificateFolderName("registry.example:5000", "win32"), "registry.example5000");
    assert.equal(certificateFolderName("[2001:db8::1]:5000", "win32"), "[2001db81]5000");
    assert.equal(certificateFolderName("ghcr.io", "win32"), "ghcr.io");
  });
});
