import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Component, ComponentNaming, ComponentReference } from "../../src/api/api";
import { connectorSettings } from "../../src/vscode/settings/componentSettings";
import { CoreAccess } from "../../src/vscode/access/coreAccess";
import { Memory } from "../../src/vscode/platform/memory";
import { CredentialChecks } from "../../src/vscode/registries/browse/credentialChecks";
import { KnownRepositories } from "../../src/vscode/registries/browse/knownRepositories";
import { Secrets } from "../../src/vscode/platform/secrets";
import { RegistriesTree, type RegistryRow } from "../../src/vscode/registries/view/registriesTree";
import { memoryMemento, memorySecrets } from "../support/memento";
import { trustedSources } from "../support/trustedSources";
import { until } from "../support/until";
import { recordingLog } from "../unit/context/support";
import { extension, set } from "./extension";

const good = { name: "good", flavor: "default", configuration: { uri: "127.0.0.1:9" } };
const named = (name: string, more: object = {}): object => ({ ...good, name, ...more });

/** Entries that a person may have written, and what is said of each, if anything is. */
const odd: readonly (readonly [entry: unknown, words: RegExp | undefined])[] = [
  [null, /no name or no flavor \(null/],
  [5, /no name or no flavor \(5/],
  ["ghcr.io", /no name or no flavor \("ghcr\.io"/],
  [[{ password: "s3cr3t" }], /no name or no flavor \(\[…\]/],
  [{ flavor: "default", configuration: { password: "s3cr3t" } }, /no name or no flavor \(\{"flavor":"default"\}/],
  [{ name: "listed", flavor: "default", configuration: ["ghcr.io"] }, /no name or no flavor \(\{"name":"listed"/],
  [named("  "), /no name or no flavor \(\{"name":"  "/],
  [named("labelled", { labels: ["a"], created: "yesterday", id: 7 }), /entry "labelled" .* wrong type \(labels, id\)/],
  [named("nowhere", { configuration: null }), /^uri: the registry address is missing$/],
  [named("number", { configuration: { uri: 5 } }), /^uri: the registry address must be a string$/],
  [named("linked", { connector: "absent" }), /no connector named "absent"/],
  [named("unknown", { flavor: "constructor" }), /no container registry flavor named "constructor"/],
  [
    named("secretive", { configuration: { uri: "127.0.0.1:9", authenticationSecret: "absent" } }),
    /"absent" for 127\.0\.0\.1:9 is not stored/,
  ],
  [
    named("referring", { configuration: { uri: "127.0.0.1:9", authenticationSecret: "{{a.b}}" } }),
    /secret reference can't be used here/,
  ],
  [named("{{a.b}}"), /is a secret reference and can't be used as a name/],
  [named("__proto__"), undefined],
  [named("a"), undefined],
  [named("a/b"), undefined],
  [named("a/open"), undefined],
  [named("good", { configuration: { uri: "another.example" } }), undefined],
  [named("upper", { configuration: { uri: "HTTP://LOCALHOST:9/team//" } }), undefined],
  [named("six", { configuration: { uri: "[::1]:9/team" } }), undefined],
];

describe("settings of every odd kind", () => {
  const run = async <Result>(command: string, argument: unknown): Promise<Result> =>
    vscode.commands.executeCommand<Result>(`imageBuilders.${command}`, argument);
  const list = async (): Promise<string[]> =>
    (await run<Component[]>("listComponents", { type: "container_registry" } satisfies ComponentReference)).map(
      ({ name }) => name,
    );

  before(() => extension().activate());
  afterEach(async () => {
    for (const key of ["builders", "registries", "connectors"]) await set(key, undefined);
  });

  for (const value of [null, 5, "ghcr.io", {}, { registries: [good] }]) {
    it(`have no registries where the list is ${JSON.stringify(value)}`, async () => {
      await set("registries", value);
      assert.deepEqual(await list(), []);
    });
  }

  it("show each entry with what is wrong with it, and the others as they are", async () => {
    await set("registries", [good, ...odd.map(([entry]) => entry)]);
    const rows = await allRows();
    for (const [entry, words] of odd)
      if (words)
        assert.ok(
          rows.some(({ label }) => words.test(String(label))),
          `${JSON.stringify(entry)}: ${words} in\n${rows.map(({ label }) => label).join("\n")}`,
        );
    assert.ok(!JSON.stringify(rows).includes("s3cr3t"), "a secret is told");
    const ids = rows.flatMap(({ id }) => id ?? []);
    assert.deepEqual(
      ids.filter((id, at) => ids.indexOf(id) !== at),
      [],
      "VS Code shows no tree with such ids",
    );
    const expected = odd
      .flatMap(([entry]) => (entry as { readonly name?: string } | null)?.name ?? [])
      .filter((name) => !["listed", "  ", "good"].includes(name));
    assert.deepEqual((await list()).sort(), ["good", ...expected].sort());
  });

  it("are changed at one entry and left as they are at all others", async () => {
    const others = odd
      .map(([entry]) => entry)
      .filter((entry) => (entry as { readonly name?: string } | null)?.name !== "good");
    await set("registries", [...others, good]);
    await run("renameComponent", {
      type: "container_registry",
      name: "good",
      newName: "better",
    } satisfies ComponentNaming);
    const stored = vscode.workspace.getConfiguration("imageBuilders").get<unknown[]>("registries") ?? [];
    assert.deepEqual(stored.slice(0, -1), others);
    assert.equal((stored.at(-1) as { readonly name?: string }).name, "better");
    await run("deleteComponent", { type: "container_registry", name: "better" } satisfies ComponentReference);
    assert.deepEqual(vscode.workspace.getConfiguration("imageBuilders").get("registries"), others);
  });

  it("have connectors that are told when they are none", async () => {
    await set("connectors", [
      null,
      "hub",
      { name: "c", type: "docker" },
      { name: "d", type: "docker", authMethod: "constructor" },
      { type: "docker", authMethod: "password", configuration: { password: "s3cr3t" } },
    ]);
    const { connectors, problems } = connectorSettings();
    assert.deepEqual(
      connectors.map(({ name }) => name),
      ["d"],
    );
    assert.equal(problems.length, 4);
    assert.ok(!problems.join().includes("s3cr3t"), "a secret is told");
    await assert.rejects(run("verifyConnector", { connector: "d" }), /authentication method "constructor"/);
  });

  /** All rows of the tree of registries once each registry has answered; their repositories stay closed. */
  async function allRows(): Promise<vscode.TreeItem[]> {
    const [log, memory, secrets] = [recordingLog(), new Memory(memoryMemento()), new Secrets(memorySecrets())];
    const refresh = new vscode.EventEmitter<void>();
    const services = {
      core: new CoreAccess(secrets, memory, log, trustedSources()),
      log: log as unknown as vscode.LogOutputChannel,
      memory,
      refresh,
      secrets,
      extensionUri: extension().extensionUri,
    };
    const tree = new RegistriesTree(services, new CredentialChecks(), new KnownRepositories(memoryMemento()));
    const below = async (row?: RegistryRow): Promise<RegistryRow[]> => {
      const rows = row?.kind === "repositories" ? [] : await tree.getChildren(row);
      return (await Promise.all(rows.map(async (each) => [each, ...(await below(each))]))).flat();
    };
    try {
      let rows = await below();
      await until(() => rows.every((row) => row.kind !== "component" || row.state !== undefined), "all have answered");
      rows = await below();
      return rows.map((row) => tree.getTreeItem(row));
    } finally {
      vscode.Disposable.from(tree, refresh).dispose();
    }
  }
});
