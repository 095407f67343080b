import assert from "node:assert/strict";
import * as z from "zod";
import { buildAndPush } from "../../../src/core/jobs/buildAndPush";
import { createEngineAccess } from "../../../src/core/engine/engineAccess";
import type { ProgressEvent } from "../../../src/core/operation/progressEvent";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import type { Operation } from "../../../src/core/operation/operation";
import { assertPlain } from "../../support/hostileAnswers";
import { recordingOperation } from "../../support/operation";
import { a } from "./digestsSupport";

describe("what a builder of somebody else tells", () => {
  const name = "ghcr.io/team/app";
  const core = {
    flavors: new FlavorRegistry(),
    services: {
      engine: createEngineAccess({ dockerHost: "unix:///nowhere/docker.sock" }),
      credentials: { find: async () => undefined },
    },
  };
  let told: (operation: Operation) => unknown;
  core.flavors.register({
    name: "theirs",
    type: "image_builder",
    displayName: "",
    description: "",
    configSchema: z.strictObject({}),
    load: async () => ({
      isBuildingLocally: true,
      build: async (_name, _context, _options, operation) => told(operation) as string,
    }),
  });
  const registry = {
    name: "mine",
    type: "container_registry",
    flavor: "github",
    configuration: { uri: "ghcr.io/team" },
  } as const;
  const build = (operation = recordingOperation(), isPushed = true) =>
    buildAndPush(
      {
        imageName: `${name}:1`,
        options: {},
        builder: { name: "far", type: "image_builder", flavor: "theirs", configuration: {} },
        ...(isPushed && { registry }),
      },
      core,
      operation,
    );

  it("is a name with a digest, which is handed on", async () => {
    told = () => `${name}@${a}`;
    assert.deepEqual([(await build()).repoDigest, (await build()).digest], [`${name}@${a}`, a]);
  });

  for (const reference of [`${name}@sha256:0`, `${name}@${a.toUpperCase()}`, `@${a}`, `a b@${a}`, `x@y@${a}`]) {
    it(`is refused as ${reference.slice(0, 40)}`, async () => {
      told = () => reference;
      for (const isPushed of [true, false])
        await assert.rejects(
          build(recordingOperation(), isPushed),
          (error) =>
            ImageBuilderError.is(error, "digestInvalid") &&
            /^The builder "far" returned (an invalid digest:|a digest without a valid image name\.)/.test(
              error.message,
            ),
        );
    });
  }

  it("is told beside the name, too, which is then known by it", async () => {
    for (const reference of [`${name}:1`, name, `${name}@${a}`]) {
      told = () => ({ reference, digest: a });
      const result = await build();
      assert.deepEqual([result.repoDigest, result.digest, result.reference], [`${name}@${a}`, a, `${name}@${a}`]);
    }
  });

  for (const digest of ["", "sha256:0", a.toUpperCase(), a.slice(7), `${a} `, 5, {}, [a], "[click](command:x)"]) {
    it(`is refused as ${JSON.stringify(digest).slice(0, 30)} beside the name`, async () => {
      told = () => ({ reference: `${name}:1`, digest });
      for (const isPushed of [true, false])
        await assert.rejects(build(recordingOperation(), isPushed), (error) => {
          assertPlain(error, "a digest");
          return (
            error.code === "digestInvalid" && error.message.startsWith('The builder "far" returned an invalid digest')
          );
        });
    });
  }

  it("is refused where the name has another one", async () => {
    told = () => ({ reference: `${name}@${a}`, digest: a.replace(/.$/, (last) => (last === "0" ? "1" : "0")) });
    await assert.rejects(
      build(),
      (error) => ImageBuilderError.is(error, "digestInvalid") && error.message.includes("different digests"),
    );
  });

  it("is refused as what is no name", async () => {
    told = () => "[click](command:x)\u202e";
    await assert.rejects(build(), (error) => {
      assertPlain(error, "a name");
      return error.code === "buildFailed";
    });
  });

  it("is shown nowhere before it is known to be a digest", async () => {
    const operation = recordingOperation();
    const events: ProgressEvent[] = [
      { kind: "imageBuilt", imageId: "[x](command:y)" },
      { kind: "pushed", imageName: `${name}:1`, repoDigest: `${name}@evil` },
      { kind: "message", text: "fine" },
    ];
    told = ({ report }) => (events.forEach((event) => report(event)), `${name}@${a}`);
    await assert.rejects(build(operation), (error) => ImageBuilderError.is(error, "digestInvalid"));
    assert.deepEqual(operation.events, [{ kind: "message", text: "fine" }]);
  });
});
