import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "../../scripts/engines/registry.mjs";
import { Authority } from "../support/certificates";
import { askDaemon, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { Canaries } from "../support/leaks/canaries";
import { FileWatch } from "../support/leaks/fileWatch";
import { ProcessWatch } from "../support/leaks/processWatch";
import { savedImage } from "../support/savedImage";
import { TokenServer } from "../support/tokenServer";
import { VsCode } from "../support/ui";
import { until } from "../support/until";
import { answer } from "./answer";

const variable = "CANARY_OF_THE_EDITOR";

/** At level trace VS Code's server writes down its own whole environment; that is none of our logs. */
const ofTheServer = /(?:^server|\/remoteagent|\/code-server-stdout)\.log: a secret in the environment$/;

describe("secrets that are used in VS Code", function () {
  this.timeout(300_000);
  this.bail(true);
  const begun = Date.now();
  const canaries = new Canaries();
  const planted = new Canaries();
  const mark = planted.make("planted");
  const right = canaries.make("a registry's password");
  const wrong = canaries.make("a wrong password");
  const stored = canaries.make("a stored secret");
  const name = uniqueName("canaries");
  const copied: string[] = [];
  let tokens: TokenServer;
  let registry: Registry;
  let kept: string;
  let temporary: string;
  let root: string;
  let vsCode: VsCode;
  let processes: ProcessWatch;
  let files: FileWatch;

  before(async () => {
    tokens = await TokenServer.start(new Authority(temporaryFolder(), "authority"), (user, password) =>
      user === "robot" && password === right ? ["pull", "push"] : undefined,
    );
    registry = await new Registry(temporaryFolder(), { tokenService: tokens.service }).start();
    kept = temporaryFolder({ token: canaries.make("a secret in a file") });
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(kept, "key")]);
    canaries.addKey(join(kept, "key"));
    temporary = temporaryFolder();
    const mounts = ["stored", "file", "variable"].map((id) => `--mount=type=secret,id=${id},required`).join(" ");
    root = temporaryFolder({
      "app/Dockerfile":
        "FROM busybox:1.35\n" +
        `RUN ${mounts} --mount=type=ssh,required echo ${uniqueName()} && sha256sum /run/secrets/*\n`,
    });
    vsCode = await VsCode.open({
      folder: root,
      logsAll: true,
      env: { TMPDIR: temporary, [variable]: canaries.make("a secret in the environment") },
      settings: {
        "imageBuilders.buildSecrets": {
          stored: { secret: "stored" },
          file: { file: join(kept, "token") },
          variable: { env: variable },
        },
        "imageBuilders.buildSsh": { default: join(kept, "key") },
      },
    });
    processes = new ProcessWatch(vsCode.server.child?.pid ?? 0);
    files = new FileWatch(temporary);
  });
  after(async () => {
    processes?.stop();
    files?.stop();
    await vsCode?.close();
    await registry?.remove();
    await tokens?.stop();
    removeTemporaryFolders();
  });

  /** What is in the clipboard, once a command has put something there that it must hold. */
  async function copies(act: () => Promise<void>, expected: string): Promise<void> {
    await act();
    let text = "";
    await until(
      async () => (text = await vsCode.page.evaluate<string>("navigator.clipboard.readText()")).includes(expected),
      `"${expected}" is in the clipboard`,
    );
    copied.push(text);
  }

  async function pushes(told: RegExp): Promise<void> {
    const { workbench, page } = vsCode;
    await workbench.command("Notifications: Clear All Notifications");
    await workbench.openView("Explorer");
    await workbench.chooseFromMenu(workbench.treeItem("app"), "Image Builders", "Build and Push Image...");
    await workbench
      .quickInput()
      .getByText(/Builds and pushes/)
      .waitFor();
    await workbench.quickInputBox().fill(name);
    await workbench.quickInput().getByText(`${registry.address}/${name}:latest`).waitFor();
    await page.keyboard.press("Enter");
    await workbench.toast(told).waitFor({ timeout: 120_000 });
  }

  it("are stored by their dialogs", async () => {
    const { workbench } = vsCode;
    await workbench.command("Image Builders: Add Registry...");
    await workbench.pick("Any registry");
    for (const text of [registry.address, "robots"]) await answer(vsCode, text);
    await workbench.pick("Workspace Settings");
    for (const text of ["robot", wrong]) await answer(vsCode, text);
    const dialog = workbench.dialog(/The credentials of "robots" don't work/);
    await dialog.getByText(/rejected the credentials/).waitFor();
    await dialog.getByRole("button", { name: "Save Anyway" }).click();
    await workbench.command("Image Builders: New Secret...");
    for (const text of ["stored", "value", stored]) await answer(vsCode, text);
    await workbench.pick("Store Secret");
  });

  it("reach a build and a push that fails, and one that does not", async () => {
    const { workbench } = vsCode;
    await pushes(/rejected the credentials/);
    await workbench.command("Image Builders: Set Registry Password...");
    await workbench.pick("robots");
    for (const text of ["robot", right]) await answer(vsCode, text);
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
    await copies(() => workbench.command("Image Builders: Copy Image Name"), `${name}:latest`);
    for (const text of copied) assert.deepEqual(canaries.in(text), [], text);
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(mark)})`);
    assert.notDeepEqual(planted.in(await page.evaluate<string>("navigator.clipboard.readText()")), []);
  });

  it("are in no setting, log, window or other file of VS Code", async () => {
    const { server, page } = vsCode;
    assert.match(await vsCode.output(), /\[(?:trace|debug)\]/, "the log has all levels");
    writeFileSync(join(server.userData, "planted"), mark);
    writeFileSync(join(root, "app/planted"), mark);
    await page.evaluate(`document.title = ${JSON.stringify(mark)}`);
    for (const [what, found, own] of [
      [
        "VS Code's folder",
        canaries.below(server.folder).filter((found) => !ofTheServer.test(found)),
        planted.below(server.folder),
      ],
      ["the workspace", canaries.below(root), planted.below(root)],
      ["the window", canaries.in(await page.content()), planted.in(await page.evaluate<string>("document.title"))],
    ] as const) {
      assert.deepEqual(found, [], what);
      assert.notDeepEqual(own, [], `the search sees ${what}`);
    }
    assert.ok(canaries.below(kept).length >= 2, "they are found where they are");
  });

  it("are in no argument, no environment but their own, and no temporary file", async () => {
    writeFileSync(join(temporary, "planted"), mark);
    const sleeping = spawn("sleep", ["60"], { argv0: mark });
    await until(
      () =>
        [processes.seen, files.seen.values()].every((seen) => [...seen].some((text) => planted.in(text).length > 0)),
      "the watches see what is planted",
    ).finally(() => sleeping.kill());
    const own = new RegExp(`${variable}=\\S*`, "g");
    for (const text of processes.seen)
      assert.deepEqual(canaries.in(text.startsWith("environ") ? text.replaceAll(own, "") : text), [], text);
    for (const [path, content] of files.seen) assert.deepEqual(canaries.in(content), [], path);
  });

  it("are in no image, and not on the disks of the daemon and the registry", async () => {
    const image = `${registry.address}/${name}:latest`;
    const texts = [
      await savedImage(image),
      ...(await Promise.all(["json", "history"].map((kind) => askDaemon(`/images/${image}/${kind}`)))).map((told) =>
        JSON.stringify(told),
      ),
    ];
    for (const text of texts) assert.deepEqual(canaries.in(text), []);
    const { DockerRootDir } = (await askDaemon("/info")) as { readonly DockerRootDir: string };
    for (const folder of [DockerRootDir, registry.folder]) {
      writeFileSync(join(folder, "planted"), mark);
      assert.deepEqual(canaries.below(folder, begun), []);
      assert.notDeepEqual(planted.below(folder, begun), []);
    }
  });
});
