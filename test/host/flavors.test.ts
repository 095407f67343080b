import assert from "node:assert/strict";
import { z } from "zod";
import type { Flavor, ImageBuilder } from "../../src/api/api";
import { BuildContext } from "../../src/core/context/files/buildContext";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { call, extension, set } from "./extension";

/** A builder that hands back what it was asked to build. */
const echo: Flavor<"image_builder", { word: string }> = {
  name: "echo",
  type: "image_builder",
  displayName: "Echo",
  description: "Says what it was asked",
  configSchema: z.strictObject({ word: z.string() }),
  async load(_component, { word }): Promise<ImageBuilder> {
    return {
      isBuildingLocally: true,
      buildContextClass: BuildContext,
      async build(imageName, context, _options, { report }) {
        report({ kind: "message", text: `${word} ${[...(await context.getFiles()).keys()].join(" ")}` });
        report({ kind: "imageBuilt", imageId: `sha256:${Buffer.from(word.padEnd(32)).toString("hex")}` });
        return imageName;
      },
    };
  },
};

describe("a flavor of another extension", () => {
  afterEach(() => set("builders", undefined));
  after(removeTemporaryFolders);

  it("builds while it is registered, and is unknown before and after", async () => {
    const api = await extension().activate();
    assert.equal(api.version, 1);
    await set("builders", [{ name: "mine", flavor: "echo", configuration: { word: "hi" } }]);
    const args = {
      folder: temporaryFolder({ Dockerfile: "FROM scratch\n" }),
      imageName: uniqueName(),
      builder: "mine",
    };
    const unknown = /There is no image builder flavor named "echo"/;

    await assert.rejects(call("buildImage", args), unknown);
    const registration = api.registerImageBuilderFlavor(echo);
    assert.equal((await call("buildImage", args))?.imageId, `sha256:${Buffer.from("hi".padEnd(32)).toString("hex")}`);
    registration.dispose();
    await assert.rejects(call("buildImage", args), unknown);
  });

  it("is held to its own schema", async () => {
    const registration = (await extension().activate()).registerImageBuilderFlavor(echo);
    await set("builders", [{ name: "mine", flavor: "echo", configuration: { word: 1, other: 2 } }]);
    const args = { folder: temporaryFolder({ Dockerfile: "FROM scratch\n" }), imageName: uniqueName() };
    await assert.rejects(
      call("buildImage", args),
      /The configuration of "mine" \(flavor echo\) is invalid: unknown field "other" \(valid fields: word\); word: /,
    );
    registration.dispose();
  });
});
