import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "../../scripts/engines/registry.mjs";
import { authRegistry, build, plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { RegistryContent, writeTags } from "../support/registryContent";
import { SilentServer } from "../support/silentServer";
import { bothThemes, VsCode } from "../support/ui";
import { answer } from "./answer";

const dockerfile =
  "FROM busybox:1.35\n" +
  'LABEL org.opencontainers.image.source="https://git.example/web" org.opencontainers.image.version="2.0"\n' +
  'COPY index.html /srv/\nWORKDIR /srv\nUSER nobody\nENTRYPOINT ["httpd", "-f"]\nCMD ["-p", "8080"]\n';

describe("browsing registries", function () {
  this.timeout(180_000);
  // Each step begins where the one before ended.
  this.bail(true);
  let registry: Registry;
  let silent: SilentServer;
  let vsCode: VsCode;

  before(async () => {
    registry = new Registry(temporaryFolder());
    [silent] = await Promise.all([SilentServer.start(), registry.start()]);
    const content = new RegistryContent(registry.address);
    writeTags(
      registry.folder,
      "team/app",
      (await content.image("team/app", "latest")).digest,
      Array.from({ length: 5000 }, (_, i) => `v1.${i}`),
    );
    const amd = { ...(await content.image("team/tool", "")), platform: { os: "linux", architecture: "amd64" } };
    const arm = {
      ...(await content.image("team/tool", "", { architecture: "arm64" })),
      platform: { os: "linux", architecture: "arm64", variant: "v8" },
    };
    const attestation = {
      ...(await content.image("team/tool", "", { layers: ["{}"] })),
      platform: { os: "unknown", architecture: "unknown" },
      annotations: { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": amd.digest },
    };
    const tool = await content.manifest("team/tool", "3.1", {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [amd, arm, attestation],
    });
    await content.listAttachments("team/tool", tool, [
      await content.attachment("team/tool", tool, "application/vnd.cncf.notary.signature"),
      await content.attachment("team/tool", tool, "application/spdx+json"),
    ]);
    const root = temporaryFolder({ Dockerfile: dockerfile, "index.html": "hello" });
    for (const tag of ["2.0", "2.1"])
      await build({ root, imageName: `${registry.address}/team/web:${tag}`, registry: registry.address });

    const docker = temporaryFolder();
    writeFileSync(
      join(docker, "config.json"),
      JSON.stringify({ auths: { [authRegistry()]: { auth: Buffer.from("test:wrong").toString("base64") } } }),
    );
    const registries = [
      { name: "asleep", flavor: "default", configuration: { uri: silent.address } },
      { name: "production", flavor: "default", configuration: { uri: registry.address } },
      { name: "private", flavor: "default", configuration: { uri: authRegistry() } },
      { name: "plain", flavor: "default", configuration: { uri: plainRegistry() }, labels: { team: "web" } },
      { name: "hub", flavor: "dockerhub", configuration: { uri: "docker.io/example" } },
      { name: "packages", flavor: "github", configuration: { uri: "ghcr.io/example" } },
      { name: "google", flavor: "gcp", configuration: { uri: "europe-docker.pkg.dev/project/images" } },
      { name: "azure", flavor: "azure", configuration: { uri: "example.azurecr.io" } },
      { name: "amazon", flavor: "aws", configuration: { uri: "123456789012.dkr.ecr.eu-central-1.amazonaws.com" } },
    ];
    vsCode = await VsCode.open({
      folder: temporaryFolder({ "a.txt": "" }),
      env: { DOCKER_CONFIG: docker },
      settings: { "imageBuilders.registries": registries },
      viewport: { width: 1280, height: 1000 },
    });
  });
  after(async () => {
    await vsCode.close();
    await Promise.all([registry.remove(), silent.stop()]);
    removeTemporaryFolders();
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await vsCode.screenshot("failed-browse", "dark");
  });

  /** Opens a row until what is in it shows. */
  async function expand(name: string | RegExp): Promise<void> {
    const row = vsCode.workbench.treeItem(name);
    await row.waitFor();
    if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
  }

  it("lists the registries of each flavor, and asks none of them before it is opened", async () => {
    const { workbench, page } = vsCode;
    await workbench.openView("Image Builders");
    await workbench.treeItem(/^asleep, /).waitFor();
    // The other views make room, so that the registries are seen.
    const others = page.locator(".part.sidebar .pane-header[aria-expanded=true]").filter({ hasNotText: /registries/i });
    while ((await others.count()) > 0) await others.first().click();
    await workbench.treeItem(/^amazon, /).waitFor();
    assert.equal(silent.connections.size, 0);
    await vsCode.screenshot("registries-tree", ...bothThemes);
  });

  it("shows a registry's tags while another one hangs", async () => {
    const { workbench } = vsCode;
    await expand(/^asleep, /);
    await expand("Repositories of asleep");
    await workbench.treeItem("loading...").waitFor();
    await expand(/^production, /);
    const startedAt = performance.now();
    await expand(/^Repositories of production/);
    await workbench.treeItem(/^Repository team\/app/).waitFor();
    const repositoriesMs = performance.now() - startedAt;
    const openedAt = performance.now();
    await expand(/^Repository team\/app/);
    await workbench.treeItem("Tag v1.4999").waitFor();
    console.log(
      `      repositories after ${repositoriesMs.toFixed(0)} ms, the first of 5,001 tags after ` +
        `${(performance.now() - openedAt).toFixed(0)} ms, beside a registry that hangs`,
    );
    await workbench.treeItem("loading...").waitFor();
    await vsCode.screenshot("browse-5000-tags");
    // What it is told once it is given up would push the rows below out of the view.
    await workbench.treeItem(/^asleep, /).click();
  });

  it("narrows tags while a text is typed", async () => {
    const { workbench, page } = vsCode;
    await workbench.treeItem(/^Repository team\/app/).hover();
    await page
      .locator(".part.sidebar .monaco-list-row")
      .filter({ hasText: "team/app" })
      .getByRole("button", { name: /^Filter/ })
      .click();
    await workbench.textBox().fill("v1.49");
    await workbench.treeItem(/^Repository team\/app, "v1\.49": 111 of 5,001/).waitFor();
    await answer(vsCode, "v1.499");
    await workbench.treeItem(/^Repository team\/app, "v1\.499": 11 of 5,001/).waitFor();
    await workbench.treeItem(/^Repository team\/app/).click();
  });

  it("shows an image's layers, labels and what it runs", async () => {
    const { workbench } = vsCode;
    await expand(/^Repository team\/web/);
    await expand(/^Tag 2\.0/);
    await expand(/^Labels: /);
    await expand(/^Layers: /);
    await workbench.treeItem('Entrypoint: ["httpd","-f"]').waitFor();
    await workbench.treeItem(/^COPY index\.html \/srv\//).waitFor();
    await expand(/^Repository team\/tool/);
    await expand(/^Tag 3\.1/);
    await workbench.treeItem(/^attestation, of linux\/amd64/).waitFor();
    await workbench.treeItem(/^signature \(Notation\), sha256:/).waitFor();
    await expand(/^bill of materials \(SPDX\), sha256:/);
    await workbench.treeItem("Type: application/spdx+json").waitFor();
    await vsCode.screenshot("browse-tag-details", ...bothThemes);
  });

  it("copies a digest and pulls an image", async () => {
    const { workbench, page } = vsCode;
    await workbench.choose(workbench.treeItem(/^Tag 2\.1/), "Pull Image");
    await workbench.toast(`Pulled ${registry.address}/team/web:2.1`).waitFor();
    await page.keyboard.press("Escape");
  });

  it("deletes a tag only after saying which others go with it", async () => {
    const { workbench } = vsCode;
    await workbench.choose(workbench.treeItem(/^Tag 2\.1/), "Delete Tag...");
    await workbench.dialog("from the registry?").getByRole("button", { name: "Delete Tag" }).click();
    const second = workbench.dialog("and all its tags?");
    await second.getByText("These tags are deleted too: 2.0.").waitFor();
    await vsCode.screenshot("browse-delete");
    await second.getByRole("button", { name: "Delete Image" }).click();
    await workbench.treeItem("no tags").waitFor();
    assert.equal(await registry.digestOf("team/web", "2.0"), undefined);
  });

  it("says in plain words why credentials are not accepted, and what to do", async () => {
    const { workbench } = vsCode;
    await workbench.chooseFromMenu(workbench.treeItem(/^private, /), "Credentials", "Check Credentials");
    const toast = workbench.toast(/rejected the credentials from Docker config/);
    await toast.getByRole("button", { name: "Sign In..." }).waitFor();
    await workbench.treeItem(/^private, .*needs attention/).waitFor();
    await vsCode.screenshot("check-credentials-failed");
    assert.ok(!(await vsCode.output()).includes("wrong"));
    await workbench.command("Image Builders: Check Credentials");
    await workbench.pick(/^production/);
    await workbench.toast(/"production": .* is reachable and doesn't require credentials/).waitFor();
  });

  it("lists the images of the daemon below its builder, and tags and removes one", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.pane("Builders");
    const others = page.locator(".part.sidebar .pane-header[aria-expanded=true]").filter({ hasNotText: /builders/i });
    while ((await others.count()) > 0) await others.first().click();
    await expand(/^local, /);
    await expand(/^Images of local/);
    const image = workbench.treeItem(new RegExp(`^${registry.address}/team/web:2\\.1, [\\d.]+ MB, `));
    await image.waitFor();
    const copy = `${uniqueName("copy")}:1`;
    await workbench.choose(image, "Tag Image...");
    await answer(vsCode, copy);
    const row = workbench.treeItem(new RegExp(`^${copy}, `));
    await row.waitFor();
    await workbench.contextMenu(row);
    await vsCode.screenshot("local-images", ...bothThemes);
    await workbench.menuItem("Remove Image...").click();
    const dialog = workbench.dialog(`Remove ${copy}?`);
    await dialog.getByText(/keeps its other names/).waitFor();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await row.waitFor({ state: "hidden" });
    await image.waitFor();
  });
});
