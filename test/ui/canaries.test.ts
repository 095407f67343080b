import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { askDaemon, uniqueName } from "../support/engine";
import { removeTemporaryFolders } from "../support/folder";
import { browserStorage } from "../support/leaks/browserStorage";
import { Canaries } from "../support/leaks/canaries";
import { EditorWorld, secretVariables } from "../support/leaks/editorWorld";
import { FileWatch } from "../support/leaks/fileWatch";
import { ProcessWatch } from "../support/leaks/processWatch";
import { useNewestEngine } from "../support/newestEngine";
import { savedImage } from "../support/savedImage";
import { VsCode } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";

/** At level trace VS Code's server writes down its own whole environment; that is none of our logs. */
const ofTheServer =
  /(?:^server|\/remoteagent|\/code-server-stdout)\.log: (?:a secret in|the password of a proxy in) the environment$/;

/** BuildKit keeps the output of steps, and the addresses that it downloads from. */
const ofBuildKit = /^buildkit\/(?:content\/blobs\/\S+: a .* that a step prints|history\.db: the token of a download)$/;

/** Where the person has left secrets in a folder, which builds must not send. */
const inTheFolder = /^guarded\/(?:\.env|\.npmrc|id_rsa): /;

describe("secrets that are used in VS Code", function () {
  this.timeout(300_000);
  this.bail(true);
  const begun = Date.now();
  const world = new EditorWorld();
  const { canaries } = world;
  const planted = new Canaries();
  const mark = planted.make("planted");
  const wrong = canaries.make("a wrong password");
  const [stored, second] = [canaries.make("a stored secret"), canaries.make("a second key of a stored secret")];
  const shown = canaries.make("a stored secret that a step prints");
  const changed = canaries.make("a stored secret before it is changed");
  const unused = canaries.make("a connector's wrong password");
  const dismissed = [canaries.make("a password that is not stored"), canaries.make("a secret that is not stored")];
  const repository = canaries.make("the login of a repository");
  const download = canaries.make("the token of a download");
  const name = uniqueName("canaries");
  const copied: string[] = [];
  let vsCode: VsCode;
  let processes: ProcessWatch;
  let files: FileWatch;

  useNewestEngine();
  before(async () => {
    await world.start();
    vsCode = await VsCode.open({ folder: world.root, logsAll: true, env: world.env(), settings: world.settings() });
    processes = new ProcessWatch(vsCode.server.child?.pid ?? 0);
    files = new FileWatch(world.temporary);
  });
  after(async () => {
    processes?.stop();
    files?.stop();
    await vsCode?.close();
    await world.stop();
    removeTemporaryFolders();
  });

  /** What is in the clipboard, once a command has put something there that it must hold. */
  async function copies(act: () => Promise<void>, expected: string): Promise<void> {
    await vsCode.page.evaluate('navigator.clipboard.writeText("")');
    await act();
    let text = "";
    await until(
      async () => (text = await vsCode.page.evaluate<string>("navigator.clipboard.readText()")).includes(expected),
      `"${expected}" is in the clipboard`,
    );
    copied.push(text);
  }

  async function opens(folder: string, command: string): Promise<void> {
    const { workbench } = vsCode;
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.openView("Explorer");
    await workbench.chooseFromMenu(workbench.treeItem(folder), "Image Builders", command);
  }

  async function pushes(told: RegExp): Promise<void> {
    const { workbench, page } = vsCode;
    await opens("app", "Build and Push Image...");
    await workbench.pick("robots");
    await workbench
      .quickInput()
      .getByText(/Builds and pushes/)
      .waitFor();
    await workbench.quickInputBox().fill(name);
    await workbench.quickInput().getByText(`${world.registry.address}/${name}:latest`).waitFor();
    await page.keyboard.press("Enter");
    await workbench.toast(told).waitFor({ timeout: 120_000 });
  }

  it("are stored by their dialogs", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Add Registry...");
    await workbench.pick("Any registry");
    for (const text of [world.registry.address, "robots"]) await answer(vsCode, text);
    await workbench.pick("Workspace Settings");
    for (const text of ["robot", wrong]) await answer(vsCode, text);
    const dialog = workbench.dialog(/The credentials of "robots" don't work/);
    await dialog.getByText(/rejected the credentials/).waitFor();
    await dialog.getByRole("button", { name: "Save Anyway" }).click();
    await workbench.command("Image Builders: New Secret...");
    for (const text of ["stored", "value", changed]) await answer(vsCode, text);
    await workbench.pick("Add Another Key...");
    for (const text of ["second", second]) await answer(vsCode, text);
    await workbench.pick("Add Another Key...");
    for (const text of ["shown", shown]) await answer(vsCode, text);
    await workbench.pick("Store Secret");
    await workbench.openView("Image Builders");
    await workbench.pane("Secrets");
    await workbench
      .treeItem(/^Secret stored/)
      .locator(".monaco-tl-twistie")
      .click();
    await workbench.choose(workbench.treeItem(/^Key value/), "Change Secret Value...");
    await answer(vsCode, stored);
  });

  it("are typed and not stored", async () => {
    const { workbench, page } = vsCode;
    await workbench.command("Image Builders: Sign In...");
    await workbench.pick("robots");
    await answer(vsCode, "robot");
    await workbench.textBox().fill(dismissed[0] ?? "");
    await workbench.answering(() => page.keyboard.press("Escape"));
    await workbench.command("Image Builders: New Secret...");
    for (const text of ["dismissed", "value"]) await answer(vsCode, text);
    await workbench.textBox().fill(dismissed[1] ?? "");
    await workbench.answering(() => page.keyboard.press("Escape"));
    await workbench.command("Image Builders: Add Connector...");
    await workbench.pick(/^Docker/);
    for (const text of ["team", "robot", unused]) await answer(vsCode, text);
    await workbench.pick(/^registry/);
    await answer(vsCode, world.registry.address);
    await workbench.pick("Continue");
    await workbench.pick("Workspace Settings");
    const dialog = workbench.dialog(/Can't verify the connector "team"/);
    await dialog.getByRole("button", { name: "Save Without Verifying" }).click();
  });

  it("reach a build and a push that fails, and one that does not", async () => {
    const { workbench } = vsCode;
    await pushes(/rejected the credentials/);
    await workbench.command("Image Builders: Sign In...");
    await workbench.pick("robots");
    for (const text of ["robot", world.right]) await answer(vsCode, text);
    await workbench.command("Image Builders: Check Credentials");
    await workbench.pick("robots");
    await workbench.toast(/accepted the credentials/).waitFor();
    await pushes(/Pushed .*sha256:/);
    await until(
      async () => (await vsCode.output()).includes(createHash("sha256").update(stored).digest("hex")),
      "the step has seen the stored secret",
    );
  });

  it("are in nothing that is copied", async () => {
    const { workbench, page } = vsCode;
    await copies(() => workbench.command("Image Builders: Copy Digest Reference"), "@sha256:");
    await workbench.openView("Image Builders");
    await copies(async () => {
      await workbench.choose(workbench.treeItem(new RegExp(`${name}:latest, pushed`)), "Copy Digest Reference");
    }, "@sha256:");
    for (const text of copied) assert.deepEqual(canaries.in(text), [], text);
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(mark)})`);
    assert.notDeepEqual(planted.in(await page.evaluate<string>("navigator.clipboard.readText()")), []);
  });

  it("reach a build that prints them and fails", async () => {
    const { workbench } = vsCode;
    await opens("failing", "Build Image...");
    await answer(vsCode, `${name}:failing`);
    await workbench.toast(/The build failed at/).waitFor({ timeout: 120_000 });
  });

  for (const [registry, told] of [
    ["far", /reach/],
    ["proxied", /proxy/i],
    ["helped", /accepted the credentials/],
    ["unhelped", /credential|sign in|login/i],
    ["configured", /accepted the credentials/],
  ] as const) {
    it(`are used to check the credentials of the registry "${registry}"`, async () => {
      const { workbench } = vsCode;
      await workbench.command("Notifications: Clear All Notifications");
      await workbench.command("Image Builders: Check Credentials");
      await workbench.pick(registry);
      await workbench.toast(told).waitFor();
    });
  }

  it("are found in a folder, and kept out of its image", async () => {
    const { workbench } = vsCode;
    await opens("guarded", "Build Image...");
    await answer(vsCode, `${name}:guarded`);
    await workbench.quickInput().getByText("Secrets Would Be Sent").waitFor();
    assert.deepEqual(canaries.in(await vsCode.page.content()), [], "the question");
    await workbench.pick(/Exclude and Build/);
    await workbench.toast(/Built /).waitFor({ timeout: 120_000 });
    assert.deepEqual(canaries.in(await savedImage(`${name}:guarded`)), []);
  });

  it("are typed into addresses, which are remembered without them", async () => {
    const { workbench, page } = vsCode;
    const addresses = {
      repository: `https://me:${encodeURIComponent(repository)}@127.0.0.1:1/app.git`,
      download: `https://127.0.0.1:1/app.tar?token=${encodeURIComponent(download)}`,
    };
    await opens("failing", "Build Image...");
    await workbench.answering(() => workbench.quickInput().getByRole("button", { name: "More Options..." }).click());
    await workbench.pick("Named Build Contexts");
    for (const [context, address] of Object.entries(addresses)) {
      await workbench.pick("Another...");
      for (const text of [context, address]) await answer(vsCode, text);
    }
    assert.deepEqual(canaries.in(await page.content()), [], "the list of contexts");
    await workbench.pick("Done");
    await workbench.pick("Done");
    await answer(vsCode, `${name}:addresses`);
    await workbench.toast(/build context|The build failed/).waitFor({ timeout: 120_000 });
    let kept: string[] = [];
    await until(
      async () => (kept = await browserStorage(page)).some((text) => text.includes(`${name}:addresses`)),
      "the answers are remembered",
    );
    assert.ok(kept.some((text) => text.includes("https://127.0.0.1:1/app.git")));
    for (const text of kept) assert.deepEqual(canaries.in(text), [], text);
    await page.evaluate(`localStorage.setItem("planted", ${JSON.stringify(mark)})`);
    assert.notDeepEqual(planted.in((await browserStorage(page)).join("\n")), []);
    console.log(`      ${canaries.count} secrets in ${kept.length} remembered values: 0 found`);
  });

  it("are in no setting, log, window or other file of VS Code", async () => {
    const { server, page } = vsCode;
    world.tokens.issued.forEach((token, index) => canaries.add(`token ${index} of a registry`, token));
    console.log(`      ${canaries.count} secrets, ${processes.seen.size} command lines and environments`);
    assert.ok(canaries.count >= 30, `${canaries.count} secrets`);
    assert.match(await vsCode.output(), /\[(?:trace|debug)\]/, "the log has all levels");
    writeFileSync(join(server.userData, "planted"), mark);
    writeFileSync(join(world.root, "app/planted"), mark);
    await page.evaluate(`document.title = ${JSON.stringify(mark)}`);
    for (const [what, found, own] of [
      [
        "VS Code's folder",
        canaries.below(server.folder).filter((found) => !ofTheServer.test(found)),
        planted.below(server.folder),
      ],
      [
        "the workspace",
        canaries.below(world.root).filter((found) => !inTheFolder.test(found)),
        planted.below(world.root),
      ],
      ["the window", canaries.in(await page.content()), planted.in(await page.evaluate<string>("document.title"))],
    ] as const) {
      assert.deepEqual(found, [], what);
      assert.notDeepEqual(own, [], `the search sees ${what}`);
    }
    assert.ok(canaries.below(world.kept).length >= 8, "they are found where they are");
  });

  it("are in no argument, no environment but their own, and no temporary file", async () => {
    writeFileSync(join(world.temporary, "planted"), mark);
    const sleeping = spawn("sleep", ["60"], { argv0: mark });
    await until(
      () =>
        [processes.seen, files.seen.values()].every((seen) => [...seen].some((text) => planted.in(text).length > 0)),
      "the watches see what is planted",
    ).finally(() => sleeping.kill());
    const own = new RegExp(`(?:${secretVariables.join("|")})=\\S*`, "g");
    for (const text of processes.seen)
      assert.deepEqual(canaries.in(text.startsWith("environ") ? text.replaceAll(own, "") : text), [], text);
    for (const [path, content] of files.seen) assert.deepEqual(canaries.in(content), [], path);
  });

  it("are in no image, and not on the disks of the daemon and the registry", async () => {
    const image = `${world.registry.address}/${name}:latest`;
    const texts = [
      await savedImage(image),
      ...(await Promise.all(["json", "history"].map((kind) => askDaemon(`/images/${image}/${kind}`)))).map((told) =>
        JSON.stringify(told),
      ),
    ];
    for (const text of texts) assert.deepEqual(canaries.in(text), []);
    const { DockerRootDir } = (await askDaemon("/info")) as { readonly DockerRootDir: string };
    for (const folder of [DockerRootDir, world.registry.folder]) {
      writeFileSync(join(folder, "planted"), mark);
      assert.deepEqual(
        canaries.below(folder, begun).filter((found) => !ofBuildKit.test(found)),
        [],
      );
      assert.notDeepEqual(planted.below(folder, begun), []);
    }
  });
});
