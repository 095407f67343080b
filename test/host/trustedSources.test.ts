import assert from "node:assert/strict";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { SpecArguments } from "../../src/api/api";
import { ImageBuilderError } from "../../src/core/base/errors";
import { given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { SilentServer } from "../support/silentServer";
import { until } from "../support/until";
import { answerDialogs, type Dialog } from "./dialogs";
import { call, extension, set } from "./extension";

const variable = "IMAGE_BUILDERS_HOST_CANARY";
/** A secret is no part of a step's cache, so the step has to be another each time. */
const dockerfile = (): string =>
  "FROM busybox:1.35 AS make\n" +
  `RUN --mount=type=secret,id=token,required=true : ${uniqueName()}; cp /run/secrets/token /got\n` +
  "FROM scratch\nCOPY --from=make /got /\n";
const isRefused = (words: RegExp) => (error: unknown) => {
  assert.ok(ImageBuilderError.is(error, "sourceNotConfirmed"), String(error));
  assert.match(error.message, words);
  return true;
};

describe("what a workspace names", () => {
  let allows: boolean;
  let dialogs: Dialog[];
  let stop: () => void;
  const root = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const setShared = async (key: string, value: unknown): Promise<void> =>
    vscode.workspace.getConfiguration("imageBuilders").update(key, value, vscode.ConfigurationTarget.Workspace);
  const build = (folder: string, options: object = {}) =>
    call("buildImage", {
      folder,
      imageName: uniqueName(),
      options: { output: { type: "local", dest: "out" }, ...options },
    });
  const got = (folder: string): string => readFileSync(join(folder, "out/got"), "utf8");

  before(() => extension().activate());
  beforeEach(() => {
    allows = false;
    ({ dialogs, stop } = answerDialogs(() => (allows ? "Allow" : undefined)));
    process.env[variable] = uniqueName("canary");
  });
  afterEach(async () => {
    stop();
    for (const key of [
      "dockerHost",
      "buildSecrets",
      "buildSsh",
      "buildContexts",
      "builders",
      "connectors",
      "registries",
      "uvImage",
    ]) {
      await setShared(key, undefined);
      await set(key, undefined);
    }
    await revokeAll();
  });
  after(() => {
    delete process.env[variable];
    removeTemporaryFolders();
  });

  /** Takes back all that was allowed, by the command's own list. */
  async function revokeAll(): Promise<void> {
    let ended = false;
    const managing = Promise.resolve(vscode.commands.executeCommand("imageBuilders.manageTrustedSources")).finally(
      () => (ended = true),
    );
    await until(async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return ended;
    }, "the list is empty");
    await managing;
  }

  it("as the daemon is contacted once it is allowed; another address and a revoked one are asked about", async () => {
    const [first, second] = [await SilentServer.start(), await SilentServer.start()];
    const folder = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY . /\n" });
    try {
      await vscode.commands.executeCommand("imageBuilders.builders.focus");
      await setShared("dockerHost", `tcp://${first.address}`);
      await assert.rejects(
        build(folder),
        isRefused(
          new RegExp(
            `Sending builds to the Docker daemon at tcp://${first.address} for the setting ` +
              '"imageBuilders.dockerHost" in the workspace settings was not allowed',
          ),
        ),
      );
      assert.equal(dialogs.length, 1);
      assert.match(
        dialogs[0]?.detail ?? "",
        new RegExp(
          `Destination: Docker daemon at tcp://${first.address}\\n\\nRequested by: ` +
            'setting "imageBuilders.dockerHost" in the workspace\'s settings',
        ),
      );
      assert.equal(first.taken, 0);

      allows = true;
      const building = build(folder);
      await until(() => first.taken > 0, "the allowed daemon is asked");
      assert.equal(dialogs.length, 2);
      await vscode.commands.executeCommand("imageBuilders.cancelBuild");
      await building.catch(() => undefined);

      allows = false;
      await setShared("dockerHost", `tcp://${second.address}`);
      await assert.rejects(build(folder), isRefused(new RegExp(second.address)));
      assert.equal(second.taken, 0);

      await revokeAll();
      const taken = first.taken;
      await setShared("dockerHost", `tcp://${first.address}`);
      await assert.rejects(build(folder), isRefused(new RegExp(first.address)));
      assert.equal(first.taken, taken);
    } finally {
      await setShared("dockerHost", undefined);
      await Promise.all([first.stop(), second.stop()]);
    }
  });

  it("as the daemon is not asked about where the user has named the same", async () => {
    await set("dockerHost", given("DOCKER_HOST"));
    await setShared("dockerHost", given("DOCKER_HOST"));
    const folder = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY Dockerfile /got\n" });
    await build(folder);
    assert.equal(dialogs.length, 0);
  });

  it("is refused where VS Code cannot ask at all", async () => {
    stop();
    await setShared("buildSecrets", { token: { env: variable } });
    await assert.rejects(build(temporaryFolder({ Dockerfile: dockerfile() })), isRefused(new RegExp(variable)));
  });

  const outside = (): string => join(temporaryFolder({ token: process.env[variable] ?? "" }), "token");
  const sources: readonly (readonly [what: string, source: (folder: string) => object, words: RegExp])[] = [
    ["an environment variable", () => ({ env: variable }), /What: environment variable IMAGE_BUILDERS_HOST_CANARY/],
    ["a file outside", () => ({ file: outside() }), /What: file .*\/token/],
    [
      "a link that leads outside",
      (folder) => {
        symlinkSync(outside(), join(folder, "innocent.txt"));
        return { file: "innocent.txt" };
      },
      /What: file (?!.*innocent).*\/token/,
    ],
  ];
  for (const [what, source, words] of sources) {
    it(`as a build's secret from ${what} is read only once it is allowed, and then not asked about again`, async () => {
      const folder = temporaryFolder({ Dockerfile: dockerfile() });
      await setShared("buildSecrets", { token: source(folder) });
      await assert.rejects(build(folder), isRefused(/the build secret "token" in the workspace settings/));
      assert.match(dialogs[0]?.detail ?? "", words);
      assert.match(
        dialogs[0]?.detail ?? "",
        /Destination: build of .* at .*\n\nRequested by: build secret "token" in the workspace's settings/,
      );
      allows = true;
      await build(folder);
      await build(folder);
      assert.equal(dialogs.length, 2);
      assert.equal(got(folder), process.env[variable]);
    });

    it(`as a secret from ${what} by a program's call is read only once it is allowed, also by a rebuild`, async () => {
      const folder = temporaryFolder({ Dockerfile: dockerfile() });
      const secrets = { token: source(folder) };
      await assert.rejects(
        build(folder, { secrets }),
        isRefused(/the build secret "token" in a call to imageBuilders\.buildImage/),
      );
      await vscode.commands.executeCommand("imageBuilders.rebuildImage");
      assert.equal(dialogs.length, 2, "a person who rebuilds has not chosen it");
      allows = true;
      await build(folder, { secrets });
      assert.equal(got(folder), process.env[variable]);
    });
  }

  it("is not asked about where it is the user's, or a file of the workspace", async () => {
    const folder = join(root(), "own");
    writeFiles(folder, { Dockerfile: dockerfile(), "token.txt": "mine" });
    await setShared("buildSecrets", { token: { file: "token.txt" } });
    await build(folder);
    assert.equal(got(folder), "mine");
    await setShared("buildSecrets", undefined);
    await set("buildSecrets", { token: { env: variable } });
    writeFiles(folder, { Dockerfile: dockerfile() });
    await build(folder);
    assert.deepEqual([got(folder), dialogs.length], [process.env[variable], 0]);
  });

  it("as another source for a secret of the user's is asked about, and counts whole", async () => {
    const folder = temporaryFolder({ Dockerfile: dockerfile() });
    await set("buildSecrets", { token: { env: "IMAGE_BUILDERS_NOT_SET" } });
    await setShared("buildSecrets", { token: { file: outside() } });
    await assert.rejects(build(folder), isRefused(/the file ".*token"/));
    allows = true;
    await build(folder);
    assert.equal(got(folder), process.env[variable]);
  });

  it("as the daemon is asked about for the user's own secrets, too", async () => {
    await set("buildSecrets", { token: { env: variable } });
    await setShared("dockerHost", given("DOCKER_HOST"));
    const folder = temporaryFolder({ Dockerfile: dockerfile() });
    allows = true;
    await build(folder);
    assert.deepEqual(
      dialogs.map(({ detail }) => /What: ([^:\n]*)/.exec(detail)?.[1]),
      ["builds", `environment variable ${variable}`],
    );
    assert.match(
      dialogs[1]?.detail ?? "",
      /Requested by: setting "imageBuilders\.dockerHost" in the workspace's settings/,
    );
  });

  const copying = "FROM scratch\nCOPY --from=shared token /got\n";
  const shared = (): string => temporaryFolder({ token: process.env[variable] ?? "" });
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
      const folder = temporaryFolder({ Dockerfile: copying });
      await setShared("buildContexts", { shared: source(folder), unused: "/nonexistent" });
      await assert.rejects(build(folder), isRefused(/the build context "shared" of the workspace's settings/));
      assert.match(dialogs[0]?.detail ?? "", words);
      assert.match(dialogs[0]?.detail ?? "", /Asked for by: build context "shared" in the workspace's settings/);
      allows = true;
      await build(folder);
      await build(folder);
      assert.deepEqual([got(folder), dialogs.length], [process.env[variable], 2]);
    });

    it(`as ${what} that a program's call makes a build context is sent only once it is allowed`, async () => {
      const folder = temporaryFolder({ Dockerfile: copying });
      const buildContexts = { shared: source(folder) };
      await assert.rejects(
        build(folder, { buildContexts }),
        isRefused(/the build context "shared" of a call of imageBuilders\.buildImage/),
      );
      allows = true;
      await build(folder, { buildContexts });
      assert.equal(got(folder), process.env[variable]);
    });
  }

  it("as an address in place of a folder or an image is asked about", async () => {
    const folder = temporaryFolder({
      Dockerfile: "FROM alpine:3.20 AS x\nFROM scratch\nCOPY --from=x /etc/group /got\n",
    });
    await setShared("buildContexts", { "alpine:3.20": "docker-image://busybox:1.35" });
    await assert.rejects(build(folder), isRefused(/the content of "docker-image:\/\/busybox:1\.35"/));
    assert.match(dialogs[0]?.detail ?? "", /What: what is at docker-image:\/\/busybox:1\.35, which becomes part/);
    allows = true;
    await build(folder);
    assert.match(got(folder), /root/);
  });

  it("as a build context in the workspace, or of the user's, is not asked about", async () => {
    const folder = join(root(), "contexts");
    writeFiles(folder, { Dockerfile: copying, "shared/token": "mine" });
    await setShared("buildContexts", { shared: "shared" });
    await build(folder);
    assert.equal(got(folder), "mine");
    await setShared("buildContexts", undefined);
    await build(folder, { buildContexts: { shared: "./shared" } });
    await set("buildContexts", { shared: shared() });
    await build(folder);
    assert.deepEqual([got(folder), dialogs.length], [process.env[variable], 0]);
  });

  it("as a key outside to sign with is not loaded before it is allowed", async () => {
    const folder = temporaryFolder({ Dockerfile: "FROM busybox:1.35\nRUN --mount=type=ssh true\n" });
    const key = join(temporaryFolder({ id: "not a key" }), "id");
    await setShared("buildSsh", { default: key });
    await assert.rejects(build(folder), isRefused(/signatures with the key ".*id"/));
    assert.match(dialogs[0]?.detail ?? "", /What: signatures with the private key .*\/id\n/);
    allows = true;
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
      dialogs[0]?.detail ?? "",
      /Requested by: build secret "image_builders_host_canary" in canary\.image\.yaml/,
    );
    allows = true;
    assert.match((await run())?.imageId ?? "", /^sha256:/);
    assert.equal(dialogs.length, 2);
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
