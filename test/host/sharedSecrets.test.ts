import assert from "node:assert/strict";
import * as vscode from "vscode";
import { CoreAccess } from "../../src/vscode/access/coreAccess";
import { askSecrets } from "../../src/vscode/builds/askSecrets";
import type { ComponentNode } from "../../src/vscode/components/tree/nodes";
import { Memory } from "../../src/vscode/platform/memory";
import { Secrets } from "../../src/vscode/platform/secrets";
import { forgetRegistryPassword } from "../../src/vscode/registries/forgetRegistryPassword";
import { setRegistryPassword } from "../../src/vscode/registries/setRegistryPassword";
import { createSecretsView, type SecretNode } from "../../src/vscode/secrets/secretsView";
import { memoryMemento, memorySecrets } from "../support/memento";
import { trustedSources } from "../support/trustedSources";
import { recordingLog } from "../unit/context/support";
import { answerBoxes } from "./boxes";
import { stored, type } from "./componentCommands";
import { answerDialogs } from "./dialogs";
import { extension, set } from "./extension";

const login = { host: "registry.example", username: "me", password: "old" };

function services() {
  const secrets = new Secrets(memorySecrets());
  const trusted = trustedSources(secrets);
  const core = new CoreAccess(secrets, new Memory(memoryMemento()), recordingLog(), trusted);
  return { core, secrets, trusted, refresh: new vscode.EventEmitter<void>() };
}

const registry = (name: string) => ({
  name,
  flavor: "default",
  configuration: { uri: "registry.example/team", authenticationSecret: "shared" },
});

const row = (name: string): ComponentNode => ({
  kind: "component",
  component: { ...registry(name), type },
  hasSecret: true,
  state: undefined,
  opensItself: false,
  isActive: false,
});

const secretOf = (name: string): unknown =>
  stored().find((entry) => entry.name === name)?.configuration["authenticationSecret"];

describe("a password that two registries share", () => {
  before(() => extension().activate());
  beforeEach(() => set("registries", [registry("one"), registry("copy")]));
  afterEach(() => set("registries", undefined));

  it("stays for the other where one forgets it, and goes with the last", async () => {
    const given = services();
    await given.secrets.save("shared", login);
    await forgetRegistryPassword(given, row("copy"));
    assert.equal(secretOf("copy"), undefined);
    assert.deepEqual(await given.secrets.readSecret("shared"), login);
    await forgetRegistryPassword(given, row("one"));
    assert.equal(await given.secrets.readSecret("shared"), undefined);
  });

  it("stays for the other where one gets a password of its own", async () => {
    const given = services();
    await given.secrets.save("shared", login);
    const done = answerBoxes(["you", "new"]);
    try {
      await setRegistryPassword(given, row("copy"));
    } finally {
      assert.deepEqual(done(), []);
    }
    assert.deepEqual(await given.secrets.readSecret("shared"), login);
    assert.equal(secretOf("one"), "shared");
    const own = { ...login, username: "you", password: "new" };
    assert.deepEqual(await given.secrets.readSecret(String(secretOf("copy"))), own);
  });
});

describe("a stored secret that a build is asked about", () => {
  const question = { title: "Build", folder: "/", settings: {} };
  afterEach(() => set("registries", undefined));

  /** What the answers make of the sources, and of the secrets. */
  async function ask(secrets: Secrets, start: Parameters<typeof askSecrets>[3], ...answers: readonly string[]) {
    const done = answerBoxes(["token", "Secret Stored in VS Code...", ...answers, "Done"]);
    try {
      const mounts = [{ id: "token" }] as unknown as Parameters<typeof askSecrets>[2];
      return await askSecrets(question, secrets, mounts, start);
    } finally {
      assert.deepEqual(done(), []);
    }
  }

  it("by its key is found, replaced at that key, and deleted without the others", async () => {
    const { secrets } = services();
    const start = { token: { secret: "npm.token" } };
    await secrets.save("npm", { token: "a", user: "me" });
    assert.deepEqual(await ask(secrets, start, "Use It"), start);
    assert.deepEqual(await ask(secrets, start, "Replace It...", "b"), start);
    assert.deepEqual(await secrets.readSecret("npm"), { token: "b", user: "me" });
    assert.equal((await ask(secrets, start, "Delete It"))?.["token"], undefined);
    assert.deepEqual(await secrets.list(), [{ name: "npm", keys: ["user"] }]);
    assert.deepEqual(await ask(secrets, start, "c"), start);
    assert.deepEqual(await secrets.readSecret("npm"), { token: "c", user: "me" });
  });

  it("keeps what it holds under other keys, and a secret of another kind is left alone", async () => {
    const { secrets } = services();
    await secrets.save("token", { value: "a", note: "n" });
    assert.deepEqual(await ask(secrets, {}, "Replace It...", "b"), { token: { secret: "token" } });
    assert.deepEqual(await secrets.readSecret("token"), { value: "b", note: "n" });
    await secrets.save("token", login);
    assert.deepEqual(await ask(secrets, {}, "c"), { token: { secret: "token-2" } });
    assert.deepEqual(await secrets.readSecret("token"), login);
    assert.deepEqual(await secrets.readSecret("token-2"), { value: "c" });
  });

  it("is deleted only once it was told who else uses it", async () => {
    const { secrets } = services();
    await secrets.save("shared", { value: "a" });
    await set("registries", [registry("one")]);
    const start = { token: { secret: "shared" } };
    const person = { agrees: false };
    const { dialogs, stop } = answerDialogs(() => (person.agrees ? "Delete" : undefined));
    try {
      const kept = await ask(secrets, start, "Delete It", "Secret Stored in VS Code...", "Use It");
      assert.deepEqual(kept, start);
      assert.deepEqual(await secrets.readSecret("shared"), { value: "a" });
      assert.match(dialogs[0]?.detail ?? "", /registry "one"/);
      person.agrees = true;
      await ask(secrets, start, "Delete It");
      assert.equal(await secrets.readSecret("shared"), undefined);
    } finally {
      stop();
    }
  });
});

describe("the rows of stored secrets", () => {
  it("have ids of their own, whatever the names", async () => {
    const secrets = new Secrets(memorySecrets());
    for (const name of ["a", "a/b", "a%2Fb", '"a"', "\ud800", "\ud801"])
      await secrets.save(name, { b: "1", "b/c": "2", "%2F": "3", "\ud800": "4" });
    const window = vscode.window as { createTreeView: unknown };
    const { createTreeView } = window;
    const made: vscode.TreeDataProvider<SecretNode>[] = [];
    window.createTreeView = (_id: string, options: vscode.TreeViewOptions<SecretNode>) => {
      made.push(options.treeDataProvider);
      return new vscode.EventEmitter<void>();
    };
    try {
      createSecretsView({ secrets }).dispose();
    } finally {
      Object.assign(window, { createTreeView });
    }
    const [tree] = made;
    assert.ok(tree);
    const rows = (await tree.getChildren()) ?? [];
    const all = [
      ...rows,
      ...(await Promise.all(rows.map(async (each) => (await tree.getChildren(each)) ?? []))).flat(),
    ];
    const ids = await Promise.all(all.map(async (each) => (await tree.getTreeItem(each)).id));
    assert.equal(ids.length, 6 + 6 * 4);
    assert.equal(new Set(ids).size, ids.length);
  });
});
