import assert from "node:assert/strict";
import { checkBuildOptions } from "../../src/core/base/checkBuildOptions";
import { contextSource, keptAddress, shownAddress } from "../../src/core/base/contextSource";
import { ImageBuilderError } from "../../src/core/base/errors";
import { contextName } from "../../src/core/base/imageReference";

describe("a named build context", () => {
  const names: readonly (readonly [written: string, name: string | undefined])[] = [
    ["app", "app"],
    ["app:latest", "app"],
    ["alpine:3.20", "alpine:3.20"],
    ["docker.io/library/alpine", "alpine"],
    ["index.docker.io/library/alpine:latest", "alpine"],
    ["docker.io/team/app", "team/app"],
    ["ghcr.io/team/app", "ghcr.io/team/app"],
    ["localhost:5000/app:1", "localhost:5000/app:1"],
    ["App", undefined],
    ["", undefined],
    ["a b", undefined],
    ["-app", undefined],
    ["app:", undefined],
  ];
  for (const [written, name] of names)
    it(`"${written}" is ${name === undefined ? "no name" : `called ${name}`}`, () =>
      assert.equal(contextName(written), name));

  const digest = `sha256:${"0".repeat(64)}`;
  const sources: readonly (readonly [text: string, source: object | RegExp])[] = [
    ["../shared", { kind: "folder", path: "../shared" }],
    ["C:\\shared", { kind: "folder", path: "C:\\shared" }],
    ["github.com/a/b", { kind: "folder", path: "github.com/a/b" }],
    ["docker-image://alpine:3.20", { kind: "image", name: "alpine:3.20" }],
    ["docker-image://scratch", { kind: "image", name: "scratch" }],
    ["https://github.com/a/b.git#main:x", { kind: "remote", address: "https://github.com/a/b.git#main:x" }],
    ["http://127.0.0.1/x.tar", { kind: "remote", address: "http://127.0.0.1/x.tar" }],
    ["git://host/x", { kind: "remote", address: "git://host/x" }],
    ["git@github.com:a/b", { kind: "remote", address: "git@github.com:a/b" }],
    ["docker-image://A b", /must have a valid image name after/],
    ["docker-image://", /must have a valid image name after/],
    ["oci-layout://./x", { kind: "layout", path: "./x", tag: undefined, digest: undefined }],
    ["oci-layout://C:\\x:1.0", { kind: "layout", path: "C:\\x", tag: "1.0", digest: undefined }],
    [`oci-layout:///a@b/x:1@${digest}`, { kind: "layout", path: "/a@b/x", tag: "1", digest }],
    ["oci-layout:///a@sha256:12", /must have a digest such as/],
    ["oci-layout://", /must have a folder after/],
    ["https://", /must contain a host/],
    ["ssh://git@host/x", /must be a folder, docker-image/],
    ["HTTPS://host/x", /must be a folder, docker-image/],
    ["target:x\n", /control characters/],
    ["", /must be a folder/],
    ["x".repeat(5000), /at most 4096 characters/],
  ];
  for (const [text, source] of sources) {
    it(`"${text.slice(0, 40)}" is ${source instanceof RegExp ? "refused" : "understood"}`, () => {
      const found = contextSource(text);
      if (source instanceof RegExp) assert.match(String(found), source);
      else assert.deepEqual(found, source);
    });
  }

  it("is an option that is checked", () => {
    assert.deepEqual(checkBuildOptions({ buildContexts: { app: "../x" } }).buildContexts, { app: "../x" });
    for (const [options, words] of [
      [{ buildContexts: { App: "x" } }, /must have the form of an image name/],
      [{ buildContexts: { app: "oci-layout://" } }, /"buildContexts\.app": must have a folder after "oci-layout:/],
      [{ additional_contexts: {} }, /use buildContexts instead of "additional_contexts"/],
    ] as const) {
      assert.throws(
        () => checkBuildOptions(options),
        (error: unknown) => ImageBuilderError.is(error, "optionInvalid") && words.test(error.message),
      );
    }
  });

  const shown: readonly (readonly [address: string, shown: string])[] = [
    ["https://github.com/a/b.git#main:x", "https://github.com/a/b.git#main:x"],
    ["https://me:s3cr3t@host/a", "https://***@host/a"],
    ["https://token@host/a", "https://***@host/a"],
    ["https://a@b@host/a@c", "https://***@host/a@c"],
    [`https://github.com:${"x".repeat(300)}@host/a`, "https://***@host/a"],
    ["https://host?x@y", "https://host?x@y"],
    ["https://host/a?token=s3cr3t&ref=main#x", "https://host/a?token=***&ref=main#x"],
    ["https://me:s3cr3t@host/a?a=1&b=2", "https://***@host/a?a=***&b=***"],
    ["git@github.com:a/b", "git@github.com:a/b"],
  ];
  for (const [address, text] of shown) it(`is shown as ${text}`, () => assert.equal(shownAddress(address), text));

  const kept: readonly (readonly [address: string, kept: string])[] = [
    ["https://github.com/a/b.git#main:x", "https://github.com/a/b.git#main:x"],
    ["https://me:s3cr3t@host/a?token=s3cr3t&ref=main#x", "https://host/a?ref=main#x"],
    ["https://host/a?sig=s3cr3t", "https://host/a"],
    ["git@github.com:a/b", "git@github.com:a/b"],
  ];
  for (const [address, text] of kept) it(`is kept as ${text}`, () => assert.equal(keptAddress(address), text));

  it("is one of at most 100", () => {
    const of = (count: number) => ({
      buildContexts: Object.fromEntries(Array.from({ length: count }, (_, i) => [`c${i}`, "."])),
    });
    checkBuildOptions(of(100));
    assert.throws(
      () => checkBuildOptions(of(101)),
      (error) =>
        ImageBuilderError.is(error, "optionInvalid") && /"buildContexts": must have at most 100/.test(error.message),
    );
  });

  it("is told of in a short text, however many are wrong and however long their names are", () => {
    const names = ["a".repeat(1_000_000), ...Array.from({ length: 5_000 }, (_, i) => `B${i}`)];
    const options = { buildContexts: Object.fromEntries(names.map((name) => [name, "."])), ["x".repeat(1_000_000)]: 1 };
    assert.throws(
      () => checkBuildOptions(options),
      (error) => ImageBuilderError.is(error, "optionInvalid") && error.message.length < 5_000,
    );
  });
});
