import assert from "node:assert/strict";
import { buildAndPush } from "../../src/core/jobs/buildAndPush";
import type { BuilderChoice } from "../../src/core/base/buildOptions";
import { askDaemon, build, coreOn, localBuilder, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";

describe("a build", () => {
  after(removeTemporaryFolders);

  /** The containers whose image has that label, those that have ended, too. */
  async function containers(label: string): Promise<number> {
    const query = new URLSearchParams({ all: "1", filters: JSON.stringify({ label: [label] }) });
    return ((await askDaemon(`/containers/json?${query}`)) as unknown[]).length;
  }

  for (const [how, last] of [
    ["that succeeds", "true"],
    ["that fails", "false"],
  ] as const) {
    it(`by the classic builder ${how} leaves no container behind, as docker build does [Z91]`, async () => {
      const label = uniqueName("mark");
      const root = temporaryFolder({ Dockerfile: `FROM busybox:1.35\nLABEL ${label}=1\nRUN true\nRUN ${last}\n` });
      const failed = await build({ root, imageName: `${uniqueName()}:1`, options: { builder: "classic" } }).then(
        () => false,
        () => true,
      );
      assert.equal(failed, last === "false");
      assert.equal(await containers(label), 0);
    });
  }

  for (const builder of ["auto", "classic"] satisfies BuilderChoice[]) {
    it(`takes a Dockerfile as text, without any folder (${builder}) [Z55][Z112]`, async () => {
      const content = Buffer.from(`FROM busybox:1.35\nLABEL made=${builder}\n`);
      const imageName = `${uniqueName()}:1`;
      const request = {
        imageName,
        builder: localBuilder,
        options: { builder },
        extraFiles: new Map([["Dockerfile", { content }]]),
      };
      await buildAndPush(request, coreOn(), recordingOperation());
      const { Config } = (await askDaemon(`/images/${imageName}/json`)) as {
        readonly Config: { readonly Labels: object };
      };
      assert.deepEqual(Config.Labels, { made: builder });
    });
  }
});
