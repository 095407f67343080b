import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { SilentServer } from "../support/silentServer";
import { until } from "../support/until";
import { AskedPerson, build, got, isRefused, root, setShared, variable } from "./askedPerson";
import { extension, set } from "./extension";

/** A secret is no part of a step's cache, so the step has to be another each time. */
const dockerfile = (): string =>
  "FROM busybox:1.35 AS make\n" +
  `RUN --mount=type=secret,id=token,required=true : ${uniqueName()}; cp /run/secrets/token /got\n` +
  "FROM scratch\nCOPY --from=make /got /\n";

describe("what a workspace names", () => {
  const person = new AskedPerson();
  before(() => extension().activate());
  beforeEach(() => person.begin());
  afterEach(() => person.end());
  after(removeTemporaryFolders);

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
      assert.equal(person.dialogs.length, 1);
      assert.match(
        person.dialogs[0]?.detail ?? "",
        new RegExp(
          `Destination: Docker daemon at tcp://${first.address}\\n\\nRequested by: ` +
            'setting "imageBuilders.dockerHost" in the workspace\'s settings',
        ),
      );
      assert.equal(first.taken, 0);

      person.allows = true;
      const building = build(folder);
      await until(() => first.taken > 0, "the allowed daemon is asked");
      assert.equal(person.dialogs.length, 2);
      await vscode.commands.executeCommand("imageBuilders.cancelBuild");
      await building.catch(() => undefined);

      person.allows = false;
      await setShared("dockerHost", `tcp://${second.address}`);
      await assert.rejects(build(folder), isRefused(new RegExp(second.address)));
      assert.equal(second.taken, 0);

      await person.revokeAll();
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
    assert.equal(person.dialogs.length, 0);
  });

  it("is refused where VS Code cannot ask at all", async () => {
    person.stop();
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
      assert.match(person.dialogs[0]?.detail ?? "", words);
      assert.match(
        person.dialogs[0]?.detail ?? "",
        /Destination: build of .* at .*\n\nRequested by: build secret "token" in the workspace's settings/,
      );
      person.allows = true;
      await build(folder);
      await build(folder);
      assert.equal(person.dialogs.length, 2);
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
      assert.equal(person.dialogs.length, 2, "a person who rebuilds has not chosen it");
      person.allows = true;
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
    assert.deepEqual([got(folder), person.dialogs.length], [process.env[variable], 0]);
  });

  it("as another source for a secret of the user's is asked about, and counts whole", async () => {
    const folder = temporaryFolder({ Dockerfile: dockerfile() });
    await set("buildSecrets", { token: { env: "IMAGE_BUILDERS_NOT_SET" } });
    await setShared("buildSecrets", { token: { file: outside() } });
    await assert.rejects(build(folder), isRefused(/the file ".*token"/));
    person.allows = true;
    await build(folder);
    assert.equal(got(folder), process.env[variable]);
  });

  it("as the daemon is asked about for the user's own secrets, too", async () => {
    await set("buildSecrets", { token: { env: variable } });
    await setShared("dockerHost", given("DOCKER_HOST"));
    const folder = temporaryFolder({ Dockerfile: dockerfile() });
    person.allows = true;
    await build(folder);
    assert.deepEqual(
      person.dialogs.map(({ detail }) => /What: ([^:\n]*)/.exec(detail)?.[1]),
      ["builds", `environment variable ${variable}`],
    );
    assert.match(
      person.dialogs[1]?.detail ?? "",
      /Requested by: setting "imageBuilders\.dockerHost" in the workspace's settings/,
    );
  });
});
