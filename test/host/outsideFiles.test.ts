import assert from "node:assert/strict";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import * as vscode from "vscode";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { until } from "../support/until";
import { AskedPerson, isRefused, root } from "./askedPerson";
import { extension } from "./extension";
import { callSpec, platform, previewOf, specText } from "./specs";

describe("files outside the workspace that an image spec uses", () => {
  const person = new AskedPerson();
  const written: string[] = [];
  before(() => extension().activate());
  beforeEach(() => person.begin());
  afterEach(async () => {
    await person.end();
    for (const file of written.splice(0)) rmSync(file, { force: true });
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });
  after(removeTemporaryFolders);

  /** Writes a file in the workspace's folder, which is removed after the test. */
  const writeHere = (name: string, text: string): string => {
    const file = join(root(), name);
    writeFileSync(file, text);
    written.push(file);
    return file;
  };
  const outside = (): string => temporaryFolder({ "app/token": uniqueName("canary"), "other/token": "" });

  for (const [what, spec] of [
    [
      "a spec",
      (name: string, source: string) =>
        writeHere(`${name}.image.yaml`, specText(name, [`sourceFolder: { src: ${source}, dst: /got }`])),
    ],
    [
      "a module",
      (name: string, source: string) =>
        writeHere(
          `${name}.image.mjs`,
          'import { Image } from "image-builders";\n' +
            'export default Image.fromBase("busybox:1.35")' +
            `.clone({ name: "${name}", platform: "${platform}", extendable: true })` +
            `.withSourceFolder(${JSON.stringify(source)}, { dst: "/got" });\n`,
        ),
    ],
  ] as const)
    it(`by a path in ${what} are asked about once before they are sent, and again after they are revoked`, async () => {
      const folder = outside();
      const name = uniqueName("outside");
      const file = spec(name, relative(root(), join(folder, "app")));
      const run = () => callSpec("buildImageSpec", { spec: file });
      await assert.rejects(run(), isRefused(/^Sending the files at ".*app" to the image outside.* was not allowed/));
      assert.equal(person.dialogs.length, 1);
      assert.equal(person.dialogs[0]?.message, "Use files outside the workspace for this image?");
      assert.match(
        person.dialogs[0]?.detail ?? "",
        new RegExp(
          `What: ${join(folder, "app")}, with everything in it if it is a folder\\n\\n` +
            `Destination: image ${name}, built at .* and not pushed\\n\\n` +
            `Requested by: image "${name}" in ${basename(file)}\\n\\n`,
        ),
      );
      person.allows = true;
      assert.match((await run())?.imageId ?? "", /^sha256:/);
      assert.match((await callSpec("buildImageSpec", { spec: file, force: true }))?.imageId ?? "", /^sha256:/);
      assert.equal(person.dialogs.length, 2);
      await person.end();
      person.begin();
      await assert.rejects(run(), isRefused(/was not allowed/));
      assert.equal(person.dialogs.length, 1);
    });

  it("by a link are asked about by the path that it leads to", async () => {
    const folder = outside();
    const name = uniqueName("outside");
    symlinkSync(join(folder, "app/token"), join(root(), "innocent"));
    written.push(join(root(), "innocent"));
    const spec = writeHere(`${name}.image.yaml`, specText(name, ["sourceFile: innocent"]));
    await assert.rejects(callSpec("buildImageSpec", { spec }), isRefused(/app\/token/));
    assert.match(person.dialogs[0]?.detail ?? "", new RegExp(`^What: ${join(folder, "app/token")}, `));
    assert.doesNotMatch(person.dialogs[0]?.detail ?? "", /innocent/);
  });

  it("are asked about in one line each, without control characters, whatever they are called", async () => {
    const odd = "a\nDestination: nowhere\u202e\u0007[x](command:y)";
    const folder = temporaryFolder({ "plain/x": "" });
    writeFiles(folder, { [`${odd}/x`]: "" });
    const name = uniqueName("outside");
    symlinkSync(join(folder, odd), join(root(), "innocent"));
    written.push(join(root(), "innocent"));
    const layers = ["sourceFolder: innocent", `sourceFolder: ${join(folder, "plain")}`];
    const spec = writeHere(`${name}.image.yaml`, specText(name, layers));
    await assert.rejects(callSpec("buildImageSpec", { spec }), isRefused(/was not allowed/));
    const lines = (person.dialogs[0]?.detail ?? "").split("\n").filter(Boolean);
    assert.deepEqual(
      lines.map((line) => line.split(":")[0]),
      ["What", "What", "Destination", "Requested by", lines[4]?.split(":")[0], lines[5]?.split(":")[0]],
    );
    assert.doesNotMatch(lines.join(""), /[\u202e\u0007]/);
  });

  it("are marked in the editor, whose views ask nobody, and previewed once they are allowed there", async () => {
    const folder = outside();
    const name = uniqueName("outside");
    const spec = writeHere(
      `${name}.image.yaml`,
      specText(name, [`sourceFolder: { src: ${join(folder, "app")}, dst: /got }`]),
    );
    const uri = vscode.Uri.file(spec);
    await vscode.window.showTextDocument(uri);
    await until(
      () => vscode.languages.getDiagnostics(uri).some(({ message }) => message.includes("without your permission")),
      "the path is marked",
    );
    await vscode.commands.executeCommand("imageBuilders.previewDockerfile", uri);
    await until(() => previewOf(spec)?.includes("Not allowed yet") === true, "the preview says that");
    assert.equal(person.dialogs.length, 0);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      vscode.languages.getDiagnostics(uri)[0]?.range,
    );
    const action = actions.find(({ title }) => title === "Review and Allow...");
    assert.ok(action?.command);
    person.allows = true;
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
    assert.equal(person.dialogs.length, 1);
    await until(() => vscode.languages.getDiagnostics(uri).length === 0, "the mark is gone");
    await until(() => previewOf(spec)?.includes("COPY") === true, "the preview shows the Dockerfile");
    assert.match((await callSpec("buildImageSpec", { spec }))?.imageId ?? "", /^sha256:/);
    assert.equal(person.dialogs.length, 1);
  });

  it("are not asked about in the folder of a spec that is outside, but outside of that folder", async () => {
    const folder = outside();
    const name = uniqueName("outside");
    writeFiles(folder, {
      "app/in.image.yaml": specText(name, ["sourceFile: token"]),
      "app/out.image.yaml": specText(name, ["sourceFile: ../other/token"]),
    });
    await callSpec("buildImageSpec", { spec: join(folder, "app/in.image.yaml") });
    assert.equal(person.dialogs.length, 0);
    await assert.rejects(
      callSpec("buildImageSpec", { spec: join(folder, "app/out.image.yaml") }),
      isRefused(/other\/token/),
    );
  });
});
