import assert from "node:assert/strict";
import * as vscode from "vscode";
import { CoreAccess } from "../../src/vscode/access/coreAccess";
import { BuildersTree, type BuilderRow } from "../../src/vscode/components/buildersTree";
import { LocalImageNode, LocalImagesNode } from "../../src/vscode/components/localImages/localImageNodes";
import { rowsOf } from "../../src/vscode/components/localImages/localImageRows";
import { LocalImages } from "../../src/vscode/components/localImages/localImages";
import { removeLocalImage } from "../../src/vscode/components/localImages/removeLocalImage";
import { tagLocalImage } from "../../src/vscode/components/localImages/tagLocalImage";
import { Memory } from "../../src/vscode/platform/memory";
import { Secrets } from "../../src/vscode/platform/secrets";
import { pushExistingImage } from "../../src/vscode/registries/pushExistingImage";
import { plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { memoryMemento, memorySecrets } from "../support/memento";
import { SilentServer } from "../support/silentServer";
import { trustedSources } from "../support/trustedSources";
import { until } from "../support/until";
import { recordingLog } from "../unit/context/support";
import { answerBoxes } from "./boxes";
import { answerDialogs } from "./dialogs";
import { call, extension, set } from "./extension";

describe("the images of the local daemon", () => {
  const disposables: vscode.Disposable[] = [];
  before(() => extension().activate());
  afterEach(() => vscode.Disposable.from(...disposables.splice(0)).dispose());
  after(removeTemporaryFolders);

  /** The tree as the extension makes it, without the requests for what the daemons are. */
  function open() {
    const [log, memory, secrets] = [recordingLog(), new Memory(memoryMemento()), new Secrets(memorySecrets())];
    const refresh = new vscode.EventEmitter<void>();
    const core = new CoreAccess(secrets, memory, log, trustedSources(secrets));
    const localImages = new LocalImages(core, refresh.event);
    const { extensionUri } = extension();
    const services = { core, localImages, log: log as unknown as vscode.LogOutputChannel, memory, refresh, secrets };
    const askState = async () => ({ summary: "", details: [], hasImages: true });
    const tree = new BuildersTree({ ...services, extensionUri }, localImages, askState);
    disposables.push(tree, localImages, refresh);
    return { tree, localImages, services };
  }

  /** The row of the images below the builder. */
  async function imagesRow(tree: BuildersTree): Promise<LocalImagesNode> {
    let found: BuilderRow | undefined;
    await until(async () => {
      const [flavor] = await tree.getChildren();
      const [builder] = await tree.getChildren(flavor);
      [found] = await tree.getChildren(builder);
      return found?.kind === "localImages";
    }, "the builder has a row of images");
    return found instanceof LocalImagesNode ? found : assert.fail();
  }

  /** The rows below that one, once they have come. */
  async function loaded({ tree, localImages }: ReturnType<typeof open>): Promise<BuilderRow[]> {
    const row = await imagesRow(tree);
    await tree.getChildren(row);
    await until(() => localImages.known.kind !== "loading", "the list is loaded");
    return tree.getChildren(row);
  }

  /** The row of a name, as soon as there is one. */
  async function rowOf(opened: ReturnType<typeof open>, name: string): Promise<LocalImageNode> {
    let found: BuilderRow | undefined;
    await until(async () => {
      found = (await loaded(opened)).find((row) => row.kind === "localImage" && row.image.name === name);
      return found !== undefined;
    }, `${name} has a row`);
    return found instanceof LocalImageNode ? found : assert.fail();
  }

  async function builtImage(): Promise<string> {
    const name = `${uniqueName("local")}:1`;
    const folder = temporaryFolder({ Dockerfile: `FROM scratch\nLABEL name=${name}\nCOPY . /\n` });
    await call("buildImage", { folder, imageName: name });
    return name;
  }

  it("are requested once their row is expanded, and have rows with size and age", async () => {
    const name = await builtImage();
    const opened = open();
    const { tree, localImages } = opened;
    const images = await imagesRow(tree);
    assert.equal(localImages.known.kind, "loading");
    assert.equal(tree.getTreeItem(images).description, "");
    const row = await rowOf(opened, name);
    const { label, description, id } = tree.getTreeItem(row);
    assert.equal(label, name);
    assert.match(String(description), /^\d+ B · (now|\d+ minutes? ago)$/);
    assert.equal(id, `localImages/local/${name}`);
    assert.match(String(tree.getTreeItem(images).description), /^[\d,]+$/);
  });

  it("are listed again after a change, but only if they are shown", async () => {
    const opened = open();
    const { localImages } = opened;
    let changes = 0;
    disposables.push(localImages.onDidChange(() => changes++));
    localImages.refresh();
    assert.equal(changes, 0, "nothing is shown yet");
    await loaded(opened);
    const name = await builtImage();
    localImages.refresh();
    assert.equal(changes, 2);
    await rowOf(opened, name);
  });

  it("are a hundred rows at first, and more with a click", () => {
    const image = (i: number) => ({ name: `app:${i}`, imageId: `${i}`, sizeBytes: i, createdAt: new Date(i) });
    const shown: LocalImagesNode[] = [];
    const parent = new LocalImagesNode("local", (node) => shown.push(node));
    const listed = {
      kind: "listed",
      images: Array.from({ length: 150 }, (_, i) => image(i)),
      address: "unix:///x",
    } as const;
    const before = rowsOf(parent, listed);
    assert.equal(before.length, 101);
    assert.deepEqual(before.at(-1), { kind: "imagesNote", label: "50 more", icon: "ellipsis", more: parent });
    parent.showMore();
    assert.deepEqual(shown, [parent]);
    assert.equal(rowsOf(parent, listed).length, 150);
    assert.equal(rowsOf(parent, { ...listed, images: [] }).length, 1);
  });

  it("get further names, and lose them one by one after a question", async () => {
    const opened = open();
    const { services } = opened;
    const name = await builtImage();
    const other = `${uniqueName("other")}:2`;
    const end = answerBoxes([other]);
    await tagLocalImage(services, await rowOf(opened, name));
    assert.deepEqual(end(), []);
    // The list from before is shown until the new one has come.
    await rowOf(opened, other);
    assert.deepEqual((await rowOf(opened, name)).otherNames, [other]);

    let answer: string | undefined;
    const { dialogs, stop } = answerDialogs(() => answer);
    try {
      await removeLocalImage(services, await rowOf(opened, name));
      await rowOf(opened, name);
      answer = "Remove";
      await removeLocalImage(services, await rowOf(opened, name));
      await until(async () => (await rowOf(opened, other)).otherNames.length === 0, "the new list has come");
      await removeLocalImage(services, await rowOf(opened, other));
    } finally {
      stop();
    }
    assert.deepEqual(
      dialogs.map(({ message }) => message),
      [`Remove ${name}?`, `Remove ${name}?`, `Remove ${other}?`],
    );
    assert.match(dialogs[1]?.detail ?? "", new RegExp(`keeps its other names: ${other}\\.`));
    assert.match(dialogs[2]?.detail ?? "", /^The image \(\d+ B\) is deleted\./);
    const left = async () => (await loaded(opened)).map((row) => (row.kind === "localImage" ? row.image.name : ""));
    await until(async () => !(await left()).some((each) => each === name || each === other), "both names are gone");
  });

  it("are pushed from their row under a name in a registry", async () => {
    await set("registries", [{ name: "test", flavor: "default", configuration: { uri: plainRegistry() } }]);
    try {
      const opened = open();
      const row = await rowOf(opened, await builtImage());
      const pushed = uniqueName("pushed");
      const end = answerBoxes(["test", `${pushed}:3`]);
      await pushExistingImage(opened.services, row);
      assert.deepEqual(end(), []);
      assert.match((await registryDigest(`${plainRegistry()}/${pushed}:3`)) ?? "", /^sha256:/);
    } finally {
      await set("registries", undefined);
    }
  });

  it("are not requested from a daemon that the workspace selects before it is allowed", async () => {
    const server = await SilentServer.start();
    const settings = vscode.workspace.getConfiguration("imageBuilders");
    const choose = (address?: string) => settings.update("dockerHost", address, vscode.ConfigurationTarget.Workspace);
    await choose(`tcp://${server.address}`);
    try {
      const rows = await loaded(open());
      assert.equal(rows[0]?.kind, "problem");
      assert.match(rows[0].message, /^Not allowed yet: /);
      assert.equal(server.taken, 0);
    } finally {
      await choose();
      await server.stop();
    }
  });

  it("that another daemon had are left alone, and so is what only looks like a row", async () => {
    const opened = open();
    const { image, parent } = await rowOf(opened, await builtImage());
    const { dialogs, stop } = answerDialogs(() => "Remove");
    try {
      const foreign = new LocalImageNode(parent, image, "unix:///elsewhere.sock", [image]);
      await assert.rejects(removeLocalImage(opened.services, foreign), /Refresh the Builders view/);
      await removeLocalImage(opened.services, { kind: "localImage", image, parent, otherNames: [], address: "" });
    } finally {
      stop();
    }
    assert.equal(dialogs.length, 1);
    await rowOf(opened, image.name);
  });
});
