import assert from "node:assert/strict";
import Mocha from "mocha";
import * as vscode from "vscode";
import { CoreAccess } from "../../src/vscode/access/coreAccess";
import { Memory } from "../../src/vscode/platform/memory";
import { isBrowseNode, type BrowseNode, type RepositoryNode } from "../../src/vscode/registries/browse/browseNodes";
import { CredentialChecks } from "../../src/vscode/registries/browse/credentialChecks";
import { KnownRepositories } from "../../src/vscode/registries/browse/knownRepositories";
import { Secrets } from "../../src/vscode/platform/secrets";
import { RegistriesTree, type RegistryRow } from "../../src/vscode/registries/view/registriesTree";
import { authRegistry, login, plainRegistry, plainRegistryFolder, registryAt, uniqueName } from "../support/engine";
import { FaultProxy } from "../support/faultProxy";
import { memoryMemento, memorySecrets } from "../support/memento";
import { trustedSources } from "../support/trustedSources";
import { RegistryContent, writeTags } from "../support/registryContent";
import { SilentServer } from "../support/silentServer";
import { until } from "../support/until";
import { recordingLog } from "../unit/context/support";
import { extension, set } from "./extension";

const manyTags = Array.from({ length: 5000 }, (_, i) => `v1.${i}`);

describe("the registries' rows", () => {
  const disposables: vscode.Disposable[] = [];
  let silent: SilentServer;
  let content: RegistryContent;

  before(async () => {
    silent = await SilentServer.start();
    content = new RegistryContent(plainRegistry());
  });
  afterEach(async () => {
    vscode.Disposable.from(...disposables.splice(0)).dispose();
    await set("registries", undefined);
  });
  after(() => silent.stop());

  /** The tree as the extension makes it, with registries at these addresses. */
  async function open(...addresses: readonly string[]) {
    await set(
      "registries",
      addresses.map((uri) => ({ name: uri, flavor: "default", configuration: { uri } })),
    );
    const [log, memory, secrets] = [recordingLog(), new Memory(memoryMemento()), new Secrets(memorySecrets())];
    const refresh = new vscode.EventEmitter<void>();
    const checks = new CredentialChecks();
    const services = {
      core: new CoreAccess(secrets, memory, log, trustedSources(secrets)),
      log: log as unknown as vscode.LogOutputChannel,
      memory,
      refresh,
      secrets,
      extensionUri: extension().extensionUri,
    };
    const tree = new RegistriesTree(services, checks, new KnownRepositories(memoryMemento()));
    disposables.push(tree, refresh);
    const browser = (at = 0) => tree.browserOf({ ...registryAt(addresses[at] ?? ""), name: addresses[at] ?? "" });
    return { tree, browser, checks, refresh, secrets };
  }

  /** The rows below a row once they all have come. */
  async function loaded(tree: RegistriesTree, row: BrowseNode): Promise<RegistryRow[]> {
    await tree.getChildren(row);
    await until(() => ["done", "failed"].includes(row.listing.state.kind), `${row.id} is loaded`);
    return tree.getChildren(row);
  }

  function texts(tree: RegistriesTree, rows: readonly RegistryRow[]): string[] {
    return rows.map((row) => {
      const { label, description } = tree.getTreeItem(row);
      return [label, description].filter(Boolean).join(": ");
    });
  }

  async function repository(path: string): Promise<{ tree: RegistriesTree; node: RepositoryNode }> {
    const { tree, browser } = await open(plainRegistry());
    await loaded(tree, browser().root);
    return { tree, node: browser().repository(path) };
  }

  it("are registries, with their repositories and what is known of them", async () => {
    const name = `browse/${uniqueName()}`;
    await content.image(name, "1.0");
    const { tree } = await open(plainRegistry());
    const [component] = await tree.getChildren();
    assert.ok(component?.kind === "component");
    assert.equal(await tree.getParent(component), undefined);
    await until(() => component.state !== undefined, "the registry is described");
    const [repositories, ...details] = await tree.getChildren(component);
    assert.deepEqual(texts(tree, details), [`Address: ${plainRegistry()}`, "Credentials: no credentials"]);
    assert.ok(isBrowseNode(repositories));
    const rows = await loaded(tree, repositories);
    const row = rows.find((each) => isBrowseNode(each) && each.kind === "repository" && each.path === name);
    assert.ok(row, "the repository is listed");
    assert.equal(await tree.getParent(row), repositories);
    assert.equal(await tree.getParent(repositories), component);
    assert.equal(
      new Set(rows.map((each) => tree.getTreeItem(each).id)).size,
      rows.length,
      "each row has an id of its own",
    );
  });

  it("are grouped by flavor only if there are several", async () => {
    const entry = (name: string, flavor: string, uri: string) => ({ name, flavor, configuration: { uri } });
    const { tree } = await open();
    await set("registries", [entry("a", "default", "localhost:1"), entry("b", "github", "ghcr.io/team")]);
    const groups = await tree.getChildren();
    assert.deepEqual(texts(tree, groups), ["Container registry", "GitHub Container Registry"]);
    const [row] = groups[1] ? await tree.getChildren(groups[1]) : [];
    assert.equal(row?.kind === "component" && row.component.name, "b");
    const parent = row && (await tree.getParent(row));
    assert.equal(parent && tree.getTreeItem(parent).id, groups[1] && tree.getTreeItem(groups[1]).id);
  });

  it("tell of a password that is stored only after the registry", async () => {
    const { tree, secrets } = await open();
    const uri = plainRegistry();
    await set("registries", [
      { name: "guarded", flavor: "default", configuration: { uri, authenticationSecret: "guarded" } },
    ]);
    const state = async (): Promise<string> => texts(tree, await tree.getChildren()).join();
    await until(async () => (await state()).includes("needs attention"), "the password is missing");
    await secrets.save("guarded", { host: uri, username: "me", password: "secret" });
    await until(async () => (await state()).includes('the stored password "guarded"'), "the password is known");
  });

  it("of a registry with 5,000 tags come while another one hangs, in portions and narrowed by a filter", async () => {
    const path = "browse/many-tags";
    const image = await content.image(path, "latest", { layers: ["same"] });
    writeTags(plainRegistryFolder(), path, image.digest, manyTags);
    const { tree, browser } = await open(silent.address, plainRegistry());
    const hanging = browser(0).root;

    const startedAt = performance.now();
    assert.deepEqual(texts(tree, await tree.getChildren(hanging)), ["loading..."]);
    const answeredMs = performance.now() - startedAt;
    await until(() => silent.connections.size > 0, "the registry that hangs is asked");
    const askedAt = performance.now();
    const node = browser(1).repository(path);
    const rows = await loaded(tree, node);
    const shownMs = performance.now() - askedAt;
    assert.deepEqual(texts(tree, rows.slice(0, 2)), ["v1.4999", "v1.4998"]);
    assert.equal(rows.length, 201);
    assert.deepEqual(texts(tree, rows.slice(-1)), ["4,801 more"]);
    const filteredAt = performance.now();
    node.listing.setFilter("V1.499");
    const filtered = await tree.getChildren(node);
    const filteredMs = performance.now() - filteredAt;
    assert.equal(filtered.length, 11);
    assert.equal(tree.getTreeItem(node).description, '"V1.499": 11 of 5,001');
    assert.equal(hanging.listing.state.kind, "loading", "the other one hangs still");
    hanging.listing.cancel();
    await until(() => silent.connections.size === 0, "whoever closes the row hangs up");
    Mocha.reporters.Base.consoleLog(
      `      rows of the hanging registry ${answeredMs.toFixed(1)} ms, 5,001 tags of the other ` +
        `${shownMs.toFixed(0)} ms, filter ${filteredMs.toFixed(1)} ms`,
    );
  });

  it("tell an image's digest, platform, time, labels and layers", async () => {
    const path = `browse/${uniqueName()}`;
    const { digest } = await content.image(path, "1.0");
    const { tree, node } = await repository(path);
    const [tag] = await loaded(tree, node);
    assert.ok(isBrowseNode(tag) && tag.kind === "tag");
    const rows = await loaded(tree, tag);
    const [first, platform, created, labels, layers] = texts(tree, rows);
    assert.equal(first, `Digest: ${digest}`);
    assert.equal(platform, "Platform: linux/amd64");
    assert.match(created ?? "", /^Created: .*2026/);
    assert.deepEqual([labels, layers], ["Labels: 1", "Layers: 2 · 6 B"]);
    assert.deepEqual(texts(tree, await tree.getChildren(rows[3])), ["org.example: yes"]);
    assert.deepEqual(texts(tree, await tree.getChildren(rows[4])), ["COPY one /: 3 B", "COPY two /: 3 B"]);
    assert.match(String(tree.getTreeItem(tag).description), new RegExp(`^${digest.slice(0, 19)} · `));
    assert.equal(tag.imageName, `${plainRegistry()}/${path}:1.0`);
  });

  it("tell an index's platforms, which attestation is of which, and what is no image", async () => {
    const path = `browse/${uniqueName()}`;
    const image = { ...(await content.image(path, "")), platform: { os: "linux", architecture: "amd64" } };
    const statement = {
      ...(await content.blob(path, "{}", "application/vnd.in-toto+json")),
      annotations: { "in-toto.io/predicate-type": "https://slsa.dev/provenance/v1" },
    };
    const config = await content.blob(
      path,
      '{"architecture":"unknown","os":"unknown"}',
      "application/vnd.oci.image.config.v1+json",
    );
    const attestation = {
      ...(await content.manifest(path, "", {
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config,
        layers: [statement],
      })),
      platform: { os: "unknown", architecture: "unknown" },
      annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": image.digest },
    };
    await content.manifest(path, "multi", {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [image, image, attestation],
    });
    const chart = await content.blob(path, "a chart", "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
    await content.manifest(path, "chart", {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: "application/vnd.cncf.helm.chart",
      config,
      layers: [chart],
    });
    const { tree, node } = await repository(path);
    const tags = await loaded(tree, node);
    const [multi, artifact] = tags.filter(isBrowseNode);
    assert.ok(multi && artifact);

    const rows = await loaded(tree, multi);
    const short = (digest: string): string => digest.slice(0, 19);
    assert.deepEqual(texts(tree, rows).slice(1), [
      `linux/amd64: ${short(image.digest)}`,
      `linux/amd64: ${short(image.digest)}`,
      `attestation: of linux/amd64 · ${short(attestation.digest)}`,
    ]);
    assert.equal(
      new Set(rows.slice(1).map((each) => tree.getTreeItem(each).id)).size,
      3,
      "the same image twice is two rows",
    );
    const last = rows.at(-1);
    assert.ok(isBrowseNode(last));
    const statements = await tree.getChildren((await loaded(tree, last)).at(-1));
    assert.deepEqual(texts(tree, statements), ["build provenance (SLSA): 2 B"]);
    assert.deepEqual(texts(tree, await loaded(tree, artifact)).slice(1), [
      "Type: application/vnd.cncf.helm.chart",
      "Files: 1 · 7 B",
    ]);
  });

  it("show what is attached to an image as what it is, and the image where that can't be listed", async () => {
    const path = `browse/${uniqueName()}`;
    const image = await content.image(path, "1.0");
    const attach = (type: string, annotations = {}) => content.attachment(path, image, type, annotations);
    const bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
    const attached = [
      await attach("application/vnd.dev.cosign.artifact.sig.v1+json"),
      await attach("application/vnd.cyclonedx+json"),
      await attach(bundle, { "dev.sigstore.bundle.predicateType": "https://slsa.dev/provenance/v1" }),
      await attach("application/vnd.cncf.helm.config.v1+json"),
      await attach("application/x-odd"),
      { ...(await attach("application/x-nameless")), artifactType: 5 },
    ];
    const proxy = await FaultProxy.start(plainRegistry());
    proxy.setRules({
      path: new RegExp(`/referrers/${image.digest}`),
      fault: {
        kind: "status",
        status: 200,
        body: JSON.stringify({ manifests: [...attached, null, { digest: "odd" }] }),
      },
    });
    disposables.push({ dispose: () => void proxy.stop() });
    const { tree, browser } = await open(proxy.address);
    const node = browser().repository(path);
    const tag = (await loaded(tree, node)).find((each) => each.kind === "tag" && each.tag.name === "1.0");
    assert.ok(isBrowseNode(tag));
    const rows = await loaded(tree, tag);
    const own = texts(tree, rows).findIndex((each) => each.startsWith("signature"));
    assert.deepEqual(texts(tree, rows).slice(own), [
      ...[
        "signature (Cosign)",
        "bill of materials (CycloneDX)",
        "build provenance (SLSA)",
        "Helm chart",
        "application/x-odd",
        "attachment",
      ].map((kind, at) => `${kind}: ${attached[at]?.digest.slice(0, 19)}`),
      "Entries that can't be read: 2",
    ]);
    assert.equal(new Set(rows.map((each) => tree.getTreeItem(each).id ?? each)).size, rows.length);
    const signature = rows[own];
    assert.ok(isBrowseNode(signature));
    const facts = texts(tree, await loaded(tree, signature));
    assert.ok(facts.includes(`Belongs to: ${image.digest}`), facts.join("\n"));

    proxy.setRules({ path: /\/referrers\//, fault: { kind: "status", status: 500 } });
    tag.listing.forget();
    const bare = texts(tree, await loaded(tree, tag));
    assert.equal(bare.at(-1), "Signatures and other attachments can't be listed");
    assert.deepEqual(bare.slice(0, -1), texts(tree, rows).slice(0, own));
    assert.equal(tag.listing.state.kind, "done");
  });

  it("of a registry that does not tell what it has are those that a person knows", async () => {
    const path = `browse/${uniqueName()}`;
    await content.image(path, "1.0");
    const proxy = await FaultProxy.start(plainRegistry());
    proxy.setRules({ path: /_catalog/, fault: { kind: "status", status: 405 } });
    disposables.push({ dispose: () => void proxy.stop() });
    const { tree, browser } = await open(proxy.address);
    const { root } = browser();
    assert.deepEqual(texts(tree, await loaded(tree, root)), [
      "This registry doesn't list its repositories.",
      "Open Repository...",
    ]);
    const node = await browser().add(path);
    const [row] = await loaded(tree, root);
    assert.equal(row, node);
    assert.equal(tree.getTreeItem(node).contextValue, "repository;known");
    assert.deepEqual(texts(tree, await loaded(tree, node)), ["1.0"]);
    await browser().forget(path);
    assert.equal((await loaded(tree, root)).length, 2);
  });

  it("say what is wrong and what to do, and come once it is fixed", async () => {
    const { tree, browser, secrets } = await open(authRegistry(), "127.0.0.1:1");
    const wanted = ["Try Again", "Open Repository..."];
    assert.deepEqual(texts(tree, await loaded(tree, browser(1).root)).slice(-2), wanted);
    assert.match(texts(tree, await tree.getChildren(browser(1).root))[0] ?? "", /^Can't reach 127\.0\.0\.1:1/);
    const refused = texts(tree, await loaded(tree, browser(0).root));
    assert.match(refused[0] ?? "", /requires credentials/);
    assert.deepEqual(refused.slice(-3), ["Try Again", "Check Credentials", "Open Repository..."]);

    await secrets.save("mine", { host: authRegistry(), ...login() });
    await set("registries", [
      { name: authRegistry(), flavor: "default", configuration: { uri: authRegistry(), authenticationSecret: "mine" } },
    ]);
    const { root } = tree.browserOf({
      ...registryAt(authRegistry()),
      name: authRegistry(),
      configuration: { uri: authRegistry(), authenticationSecret: "mine" },
    });
    await loaded(tree, root);
    assert.equal(root.listing.state.kind, "done");
  });
});
