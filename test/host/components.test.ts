import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type {
  AttributeRemoval,
  Component,
  ComponentNaming,
  ComponentReference,
  ComponentRegistration,
  ComponentUpdate,
} from "../../src/api/api";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, writeFiles } from "../support/folder";
import { call, extension, set } from "./extension";
import { type, ofType, section, stored, run, register } from "./componentCommands";

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

  it("are registered with an id, times and labels, their configuration as it was written [Z28][Z34][Z39]", async () => {
    const made = await register("mine", { configuration: { uri: "registry.example/team/" }, labels: { team: "a" } });
    assert.match(made.id ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual(
      stored().map((entry) => ({ ...entry, type })),
      [{ ...made, configuration: { uri: "registry.example/team/" }, labels: { team: "a" } }],
    );
  });

  it("are registered in the settings that are chosen, beside those of the other", async () => {
    await register("user");
    await register("team", { scope: "workspace" });
    const { globalValue, workspaceValue } = section().inspect<Component[]>("registries") ?? {};
    assert.deepEqual(
      [globalValue, workspaceValue].map((list) => list?.map(({ name }) => name)),
      [["user"], ["team"]],
    );
    assert.deepEqual(
      ((await run<ComponentReference>("listComponents", ofType)) as unknown as Component[]).map(({ name }) => name),
      ["team", "user"],
    );
  });

  it("are registered beside the builder that comes with the extension, which stays", async () => {
    await run<ComponentRegistration>("registerImageBuilder", { name: "other", flavor: "local", scope: "workspace" });
    assert.deepEqual(
      stored("builders").map(({ name }) => name),
      ["local", "other"],
    );
  });

  it("are registered by arguments as on ZenML's command line [Z35][Z36]", async () => {
    writeFileSync(
      join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", "address"),
      "registry.example/of-file",
    );
    await run<ComponentRegistration>("registerContainerRegistry", {
      flavor: "default",
      arguments: ["--uri=@address", "mine"],
    });
    assert.deepEqual(
      stored().map(({ name, configuration }) => [name, configuration]),
      [["mine", { uri: "registry.example/of-file" }]],
    );
    await assert.rejects(
      run<ComponentRegistration>("registerContainerRegistry", { flavor: "default", arguments: ["x", "--uri"] }),
      /is not in the form --key=value/,
    );
  });

  it("take ZenML's names, booleans and numbers in arguments, and say what can't be removed [Z35][Z41]", async () => {
    await run<ComponentRegistration>("registerContainerRegistry", {
      flavor: "aws",
      arguments: [
        "mine",
        "--uri=715803424592.dkr.ecr.us-east-1.amazonaws.com",
        "--default_repository=team/app",
        "--create_missing_repositories=true",
      ],
    });
    await run<ComponentUpdate>("updateComponent", {
      ...ofType,
      name: "mine",
      arguments: ["--default_repository=team"],
    });
    assert.deepEqual(stored()[0]?.configuration, {
      uri: "715803424592.dkr.ecr.us-east-1.amazonaws.com",
      defaultRepository: "team",
      createMissingRepositories: true,
    });
    const remove = async (field: string): Promise<unknown> =>
      run<AttributeRemoval>("removeComponentAttribute", { ...ofType, name: "mine", fields: [field] });
    await remove("default_repository");
    await assert.rejects(
      remove("default_repository"),
      /"mine" has no field "defaultRepository", so nothing was removed/,
    );
  });

  const refused: readonly (readonly [what: string, more: Partial<ComponentRegistration>, words: RegExp])[] = [
    ["of an unknown flavor [Z37]", { flavor: "none" }, /"none"/],
    [
      "with a configuration that is not valid [Z37]",
      { configuration: { uri: "a b" } },
      /uri: enter the registry's host/,
    ],
    ["with an unknown field [Z17]", { configuration: { uri: "ghcr.io", region: "x" } }, /unknown field "region"/],
    ["with a connector that is not there [Z38]", { connector: "none" }, /no connector named "none"/],
    ["without a name", { name: undefined }, /Specify "name" too/],
  ];
  for (const [what, more, words] of refused) {
    it(`are not registered ${what}, and the settings stay as they were`, async () => {
      await assert.rejects(register("mine", more), words);
      assert.deepEqual(stored(), []);
    });
  }

  it("have a name once [Z37]", async () => {
    await register("mine");
    await assert.rejects(register("mine", { scope: "workspace" }), /container registry name "mine" is already in use/);
  });

  it("that are registered at once are all kept", async () => {
    await Promise.all(["a", "b", "c", "d"].map((name) => register(name)));
    assert.deepEqual(
      stored()
        .map(({ name }) => name)
        .sort(),
      ["a", "b", "c", "d"],
    );
  });

  it("are changed where they stand, and keep what is not named; null takes away [Z40]", async () => {
    await register("mine", {
      scope: "workspace",
      configuration: { uri: "registry.example", authenticationSecret: "s" },
      labels: { a: "1", b: "2" },
    });
    await run<ComponentUpdate>("updateComponent", {
      ...ofType,
      name: "mine",
      configuration: { authenticationSecret: null },
      labels: { b: null },
      arguments: ["--defaultRepository=team/app"],
    });
    const { workspaceValue, globalValue } = section().inspect<Component[]>("registries") ?? {};
    assert.equal(globalValue, undefined);
    assert.deepEqual(
      workspaceValue?.map(({ configuration, labels }) => [configuration, labels]),
      [[{ uri: "registry.example", defaultRepository: "team/app" }, { a: "1" }]],
    );
  });

  it("lose a field or a label, but none that the flavor needs [Z41]", async () => {
    await register("mine", {
      configuration: { uri: "registry.example", authenticationSecret: "s" },
      labels: { a: "1" },
    });
    await run<AttributeRemoval>("removeComponentAttribute", {
      ...ofType,
      name: "mine",
      fields: ["authenticationSecret"],
      labels: ["a"],
    });
    assert.deepEqual(stored()[0]?.configuration, { uri: "registry.example" });
    await assert.rejects(
      run<AttributeRemoval>("removeComponentAttribute", { ...ofType, name: "mine", fields: ["uri"] }),
      /address is missing/,
    );
  });

  it("are renamed in their place and stay active, their own name being no obstacle [Z42]", async () => {
    await register("first");
    await register("second");
    await run<ComponentReference>("setActiveComponent", { ...ofType, name: "first" });
    await assert.rejects(
      run<ComponentNaming>("renameComponent", { ...ofType, name: "first", newName: "second" }),
      /container registry name "second" is already in use/,
    );
    await run<ComponentNaming>("renameComponent", { ...ofType, name: "first", newName: "first" });
    await run<ComponentNaming>("renameComponent", { ...ofType, newName: "other" });
    assert.deepEqual(
      stored().map(({ name }) => name),
      ["other", "second"],
    );
    assert.equal((await run<ComponentReference>("getActiveComponent", ofType)).name, "other");
  });

  it("are copied with flavor, configuration and labels, without their connector [Z43]", async () => {
    await set("registries", [
      {
        name: "mine",
        flavor: "default",
        configuration: { uri: "registry.example" },
        labels: { a: "1" },
        connector: "hub",
      },
    ]);
    const copy = await run<ComponentNaming>("copyComponent", { ...ofType, name: "mine", newName: "copy" });
    assert.deepEqual(
      [copy.flavor, copy.configuration, copy.labels, copy.connector],
      ["default", { uri: "registry.example" }, { a: "1" }, undefined],
    );
  });

  it("are not deleted by a program while they are active, which is told with the number of folders [Z44]", async () => {
    const { id = "" } = await register("mine");
    await run<ComponentReference>("setActiveComponent", { ...ofType, name: "mine" });
    await assert.rejects(run<ComponentReference>("deleteComponent", ofType), /"mine" is active in 1 folder/);
    await run<ComponentReference>("setActiveComponent", ofType);
    await run<ComponentReference>("deleteComponent", { ...ofType, name: id.slice(0, 8) });
    assert.equal(section().inspect("registries")?.globalValue, undefined);
  });

  it("are described without what may be a secret, and listed by a filter [Z34]", async () => {
    await set("registries", [
      { name: "mine", flavor: "unknown", configuration: { token: "s3cr3t", other: "{{a.b}}" } },
    ]);
    await register("second", { labels: { team: "a" } });
    const text = String(await run<ComponentReference>("describeComponent", { ...ofType, name: "mi" }));
    assert.match(text, /^# Problem: There is no flavor "unknown"\./);
    assert.match(text, /configuration:\n {2}token: "••••"\n {2}other: "\{\{a\.b\}\}"\n/);
    assert.doesNotMatch(text, /s3cr3t/);
    const listed = (await run("listComponents", { ...ofType, labels: { team: "a" } })) as unknown as Component[];
    assert.deepEqual(
      listed.map(({ name }) => name),
      ["second"],
    );
  });

  it("that a person wrote by hand keep the keys that are not ours, whatever is changed", async () => {
    await set("registries", [
      { name: "mine", flavor: "default", configuration: { uri: "registry.example" }, note: "by hand" },
      "no entry",
    ]);
    await run<ComponentUpdate>("updateComponent", { ...ofType, name: "mine", labels: { a: "1" } });
    const [entry, other] = stored() as unknown[];
    assert.equal((entry as { note: string }).note, "by hand");
    assert.equal(other, "no entry");
  });

  it("that are active are what a build uses, for the folders of its workspace only", async () => {
    const folder = join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "", "active");
    writeFiles(folder, { Dockerfile: "FROM scratch\n" });
    await set("builders", [
      { name: "local", flavor: "local" },
      { name: "broken", flavor: "none" },
    ]);
    await run<ComponentReference>("setActiveComponent", { type: "image_builder", name: "broken" });
    await assert.rejects(call("buildImage", { folder, imageName: uniqueName() }), /flavor named "none"/);
    await assert.rejects(
      run<ComponentReference>("getActiveComponent", { type: "image_builder", folder: "/" }).then((found) =>
        assert.ok(found, "none is active outside"),
      ),
      /none is active outside/,
    );
  });
});
