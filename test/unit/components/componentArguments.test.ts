import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join, relative } from "node:path";
import { parseComponentArguments } from "../../../src/core/components/componentArguments";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

describe("a component's arguments", () => {
  let folder: string;
  before(() => {
    folder = temporaryFolder({
      "key.json": '{"a":1}\n',
      large: "x".repeat(10_241),
      largest: "x".repeat(10_240),
      "of@sign": "at",
    });
  });
  after(removeTemporaryFolders);

  const read: readonly (readonly [args: string, name: string | undefined, values: Record<string, string>])[] = [
    ["mine --uri=ghcr.io", "mine", { uri: "ghcr.io" }],
    ["--uri=ghcr.io mine --other_1=x", "mine", { uri: "ghcr.io", other_1: "x" }],
    ["--empty= --equals=a=b", undefined, { empty: "", equals: "a=b" }],
    ["--a=1 --a=2", undefined, { a: "2" }],
    ["--__proto__=x", undefined, Object.fromEntries([["__proto__", "x"]])],
  ];
  for (const [args, name, values] of read) {
    it(`are read from ${args} [Z35]`, async () =>
      assert.deepEqual(await parseComponentArguments(args.split(" "), folder), { name, values }));
  }

  const refused: readonly (readonly [args: string, message: RegExp])[] = [
    ["mine other", /"mine" and "other" can't both be the name/],
    ["--uri", /"--uri"/],
    ["--1a=x", /"--1a"/],
    ["--a-b=s3cr3t", /"--a-b"/],
    ["--=x", /"--"/],
  ];
  for (const [args, message] of refused) {
    it(`are refused as ${args}, without telling a value [Z35]`, async () => {
      await assert.rejects(parseComponentArguments(args.split(" "), folder), (error) => {
        assert.ok(ImageBuilderError.is(error, "optionInvalid"));
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /s3cr3t/);
        return true;
      });
    });
  }

  it("are taken from files, relative to the folder or to home [Z36]", async () => {
    const { values } = await parseComponentArguments(
      [
        "--a=@key.json",
        `--b=@${join(folder, "of@sign")}`,
        `--c=@~/${relative(homedir(), join(folder, "key.json"))}`,
        "--d=@largest",
      ],
      folder,
    );
    assert.deepEqual(
      [values["a"], values["b"], values["c"], values["d"]?.length],
      ['{"a":1}\n', "at", '{"a":1}\n', 10_240],
    );
  });

  it("begin with @ where two are written [Z36]", async () => {
    assert.deepEqual((await parseComponentArguments(["--a=@@key.json", "--b=x@y"], folder)).values, {
      a: "@key.json",
      b: "x@y",
    });
  });

  for (const [what, path, message] of [
    ["is not there", "none", /Can't read the file ".*none" \(ENOENT/],
    ["is too large", "large", /has 10241 bytes; the maximum is 10240/],
    ["is a folder", ".", /Can't read the file ".*" \(EISDIR/],
  ] as const) {
    it(`from a file that ${what} are refused [Z36]`, async () => {
      await assert.rejects(
        parseComponentArguments([`--a=@${path}`], folder),
        (error) => ImageBuilderError.is(error, "optionInvalid") && message.test(error.message),
      );
    });
  }
});
