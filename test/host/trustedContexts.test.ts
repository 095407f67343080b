import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { SpecArguments } from "../../src/api/api";
import { given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { AskedPerson, build, got, isRefused, root, setShared, variable } from "./askedPerson";
import { extension, set } from "./extension";

describe("what a workspace names", () => {
  const person = new AskedPerson();
  before(() => extension().activate());
  beforeEach(() => person.begin());
  afterEach(() => person.end());
  after(removeTemporaryFolders);

  const copying = "FROM scratch\nCOPY --from=shared token /got\n";
  const shared = (): string => temporaryFolder({ token: process.env[variable] ?? "" });
  /** Builds by the user's choice of an engine that has named contexts. */
  const useNewest = async (): Promise<void> => set("dockerHost", given("IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST"));
  const contexts: readonly (readonly [what: string, source: (folder: string) => string, words: RegExp])[] = [
    ["a folder outside", () => shared(), /What: folder .* as a build context\n/],
    [
      "a link that leads to a folder outside",
      (folder) => {
        symlinkSync(shared(), join(folder, "innocent"));
        return "innocent";
      },
      /What: folder (?!.*innocent).* as a build context\n/,
    ],
  ];
  for (const [what, source, words] of contexts) {
    it(`as ${what} that is a build context is sent once it is allowed, and not asked about again`, async () => {
      await useNewest();
      const folder = temporaryFolder({ Dockerfile: copying });
      await setShared("buildContexts", { shared: source(folder), unused: "/nonexistent" });
      await assert.rejects(build(folder), isRefused(/the build context "shared" in the workspace settings/));
      assert.match(person.dialogs[0]?.detail ?? "", words);
      assert.match(person.dialogs[0]?.detail ?? "", /Requested by: build context "shared" in the workspace's settings/);
      person.allows = true;
      await build(folder);
      await build(folder);
      assert.deepEqual([got(folder), person.dialogs.length], [process.env[variable], 2]);
    });

    it(`as ${what} that a program's call makes a build context is sent only once it is allowed`, async () => {
      await useNewest();
      const folder = temporaryFolder({ Dockerfile: copying });
      const buildContexts = { shared: source(folder) };
      await assert.rejects(
        build(folder, { buildContexts }),
        isRefused(/the build context "shared" in a call to imageBuilders\.buildImage/),
      );
      person.allows = true;
      await build(folder, { buildContexts });
      assert.equal(got(folder), process.env[variable]);
    });
  }

  it("as an address in place of a folder or an image is asked about", async () => {
    await useNewest();
    const folder = temporaryFolder({
      Dockerfile: "FROM alpine:3.20 AS x\nFROM scratch\nCOPY --from=x /etc/group /got\n",
    });
    await setShared("buildContexts", { "alpine:3.20": "docker-image://busybox:1.35" });
    await assert.rejects(build(folder), isRefused(/the content of "docker-image:\/\/busybox:1\.35"/));
    assert.match(
      person.dialogs[0]?.detail ?? "",
      /What: content of docker-image:\/\/busybox:1\.35, which becomes part/,
    );
    person.allows = true;
    await build(folder);
    assert.match(got(folder), /root/);
  });

  it("as a build context in the workspace, or of the user's, is not asked about", async () => {
    await useNewest();
    const folder = join(root(), "contexts");
    writeFiles(folder, { Dockerfile: copying, "shared/token": "mine" });
    await setShared("buildContexts", { shared: "shared" });
    await build(folder);
    assert.equal(got(folder), "mine");
    await setShared("buildContexts", undefined);
    await build(folder, { buildContexts: { shared: "./shared" } });
    await set("buildContexts", { shared: shared() });
    await build(folder);
    assert.deepEqual([got(folder), person.dialogs.length], [process.env[variable], 0]);
  });

  it("as a key outside to sign with is not loaded before it is allowed", async () => {
    const folder = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nRUN --mount=type=ssh true\n" });
    const key = join(temporaryFolder({ id: "not a key" }), "id");
    await setShared("buildSsh", { default: key });
    await assert.rejects(build(folder), isRefused(/signatures with the key ".*id"/));
    assert.match(person.dialogs[0]?.detail ?? "", /What: signatures with the private key .*\/id\n/);
    person.allows = true;
    await assert.rejects(build(folder), /can't use the private key ".*id"/);
  });

  it("as a secret of an image spec is read only once it is allowed, in the spec's name", async () => {
    const name = variable.toLowerCase();
    const spec = join(root(), "canary.image.yaml");
    writeFileSync(
      spec,
      `from:\n  base: busybox:1.35\nclone:\n  name: ${uniqueName("canary")}\n` +
        `  platform: ${process.arch === "arm64" ? "linux/arm64" : "linux/amd64"}\nlayers:\n` +
        `  - commands: { commands: ["test -n \\"$${variable}\\""], secretMounts: [${name}] }\n`,
    );
    const run = () =>
      vscode.commands.executeCommand<{ imageId?: string }>("imageBuilders.buildImageSpec", {
        spec,
        force: true,
      } satisfies SpecArguments);
    await assert.rejects(async () => run(), isRefused(new RegExp(`environment variable ${variable} .*`)));
    assert.match(
      person.dialogs[0]?.detail ?? "",
      /Requested by: build secret "image_builders_host_canary" in canary\.image\.yaml/,
    );
    person.allows = true;
    assert.match((await run())?.imageId ?? "", /^sha256:/);
    assert.equal(person.dialogs.length, 2);
  });

  it("by a call that registers a connector is asked about before it becomes the user's own", async () => {
    const configuration = { username: "me", password: "{{absent.password}}", registry: "registry.example" };
    await assert.rejects(
      async () =>
        vscode.commands.executeCommand("imageBuilders.registerConnector", {
          name: "planted",
          type: "docker",
          authMethod: "password",
          configuration,
          verify: false,
        }),
      /refers to the secret "absent", which is not stored/,
    );
    const request = {
      name: "cloud",
      type: "aws",
      authMethod: "implicit",
      configuration: { region: "us-east-1" },
      verify: false,
    };
    await assert.rejects(
      async () => vscode.commands.executeCommand("imageBuilders.registerConnector", request),
      isRefused(
        new RegExp(
          "Sending this machine's credentials for Amazon Web Services to amazonaws\\.com " +
            'for the connector "cloud" in a call to a command was not allowed',
        ),
      ),
    );
    assert.deepEqual(vscode.workspace.getConfiguration("imageBuilders").get("connectors"), []);
  });
});
