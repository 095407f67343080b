import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Component, ComponentConnection, ComponentReference, ComponentUpdate } from "../../src/api/api";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { until } from "../support/until";
import { extension, set } from "./extension";
import { ofType, section, stored, run, register } from "./componentCommands";

describe("components by command", () => {
  before(() => extension().activate());
  afterEach(async () => {
    for (const each of ["image_builder", "container_registry"] as const)
      await run<ComponentReference>("setActiveComponent", { type: each });
    for (const key of ["builders", "registries", "connectors"]) {
      await set(key, undefined);
      await section().update(key, undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
  after(removeTemporaryFolders);

  describe("and connectors", () => {
    const host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
    const connect = (name: string, connection: Partial<ComponentConnection>): Promise<Component> =>
      run("connectComponent", { ...ofType, name, ...connection });
    beforeEach(async () => {
      await set("connectors", [
        { name: "amazon", type: "aws", authMethod: "implicit", configuration: { region: "eu-west-1" } },
        { name: "google", type: "gcp", authMethod: "implicit", configuration: {} },
      ]);
      await register("ecr", { flavor: "aws", configuration: { uri: host } });
    });

    it("are linked unverified on request, by what the configuration names, and unlinked [Z47][Z49][Z50]", async () => {
      const connected = await connect("ecr", {
        connector: "amazon",
        verify: false,
        resourceId: "999999999999.dkr.ecr.eu-west-1.amazonaws.com",
      });
      assert.deepEqual([connected.connector, connected.connectorResourceId], ["amazon", host]);
      await run<ComponentUpdate>("updateComponent", { ...ofType, name: "ecr", labels: { a: "1" } });
      assert.deepEqual(
        stored().map(({ connector, connectorResourceId }) => [connector, connectorResourceId]),
        [["amazon", host]],
      );
      await run<ComponentReference>("disconnectComponent", { ...ofType, name: "ecr" });
      assert.ok(
        !("connector" in (stored()[0] ?? {})) && !("connectorResourceId" in (stored()[0] ?? {})),
        "both are gone from the settings",
      );
    });

    const misfits: readonly (readonly [what: string, connection: Partial<ComponentConnection>, words: RegExp])[] = [
      ["that is not there [Z45]", { connector: "none" }, /no connector named "none" \(available: "amazon", "google"\)/],
      ["that is not named [Z45]", {}, /Specify "connector" too/],
      [
        "of another type [Z46]",
        { connector: "google" },
        /is not compatible with "ecr": its type is "gcp", but "aws" is required/,
      ],
      [
        "whose login does not work [Z49]",
        { connector: "amazon" },
        /Can't verify access to .*uses this machine's default credentials, which are not allowed/,
      ],
    ];
    for (const [what, connection, words] of misfits) {
      it(`are not linked by one ${what}, and the component stays as it was`, async () => {
        const before = JSON.stringify(stored());
        await assert.rejects(connect("ecr", connection), words);
        assert.equal(JSON.stringify(stored()), before);
      });
    }

    it("are not linked where the flavor takes none [Z46]", async () => {
      await assert.rejects(
        run<Partial<ComponentConnection>>("connectComponent", {
          type: "image_builder",
          name: "local",
          connector: "amazon",
        }),
        /has the flavor "local", which does not support connectors/,
      );
    });

    it("may not use what this machine is signed in as because a workspace says so", async () => {
      await assert.rejects(async () =>
        section().update("allowImplicitAuthMethods", true, vscode.ConfigurationTarget.Workspace),
      );
    });
  });
});

describe("components in the settings editor", () => {
  after(removeTemporaryFolders);

  it("are marked where they are wrong, and no longer once they are fixed", async () => {
    await extension().activate();
    const text =
      "{\n" +
      '  "imageBuilders.registries": [{ "name": "a", "flavor": "gitlab" }, ' +
      '{ "name": "b", "flavor": "default", "configuration": { "urj": 1, "uri": "ghcr.io" } }]\n}';
    const file = join(temporaryFolder({ "settings.json": text }), "settings.json");
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    const marks = (): string[] =>
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ source }) => source === "Image Builders")
        .map(({ range, message }) => `${document.getText(range)} ${message}`);
    await until(() => marks().length === 2, "two marks");
    assert.match(marks()[0] ?? "", /^"gitlab" There is no container registry flavor named "gitlab"/);
    assert.match(marks()[1] ?? "", /^"urj" Unknown field "urj"/);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, 9, 0), "{}");
    await vscode.workspace.applyEdit(edit);
    await until(() => marks().length === 0, "no mark");
    await document.save();
  });
});
