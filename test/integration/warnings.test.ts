import assert from "node:assert/strict";
import { join } from "node:path";
import type { ProgressEvent } from "../../src/core/operation/progressEvent";
import { askDaemon, build, outputOf, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";

describe("what BuildKit tells while it builds", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  async function eventsOf(
    dockerfile: string,
    files: Readonly<Record<string, string | Buffer>> = {},
  ): Promise<{ readonly root: string; readonly events: readonly ProgressEvent[] }> {
    const root = temporaryFolder({ Dockerfile: dockerfile, ...files });
    const operation = recordingOperation();
    await build({ root, imageName: `${uniqueName()}:1`, options: { builder: "buildkit" }, operation });
    return { root, events: operation.events };
  }

  it("of its checks comes with the place in the Dockerfile, where the daemon has checks", async () => {
    const { ApiVersion } = (await askDaemon("/version")) as { ApiVersion: string };
    const { root, events } = await eventsOf("FROM busybox:1.35 as one\n\nENV A 1\nMAINTAINER me\n");
    const warnings = events.flatMap((event) => (event.kind === "warning" ? [event] : []));
    if (Number(ApiVersion.split(".")[1]) < 46) return assert.deepEqual(warnings, []);
    assert.deepEqual(
      warnings.map(({ message, location }) => [message.split(":")[0], location]).sort(),
      [
        ["FromAsCasing", 1],
        ["LegacyKeyValueFormat", 3],
        ["MaintainerDeprecated", 4],
      ].map(([code, line]) => [code, { file: join(root, "Dockerfile"), line, endLine: line }]),
    );
    assert.ok(
      warnings.every(({ url, detail }) => url?.startsWith("https://docs.docker.com/") && detail),
      JSON.stringify(warnings),
    );
  });

  it("of each step is one start and one end", async () => {
    const { events } = await eventsOf(`FROM busybox:1.35\nCOPY big /\nRUN echo ${uniqueName()}\n`, {
      big: Buffer.alloc(20e6, uniqueName()),
    });
    const namesOf = (kind: "stepStarted" | "stepFinished") =>
      events.flatMap((event) => (event.kind === kind ? [event.step.name] : [])).sort();
    assert.deepEqual(namesOf("stepFinished"), namesOf("stepStarted"));
    assert.deepEqual([...new Set(namesOf("stepStarted"))], namesOf("stepStarted"));
    const context = events.find(
      (event) => event.kind === "stepFinished" && event.step.name === "[internal] load build context",
    );
    assert.ok(context?.kind === "stepFinished" && (context.durationMs ?? 0) > 5, JSON.stringify(context));
  });

  it("of a step's output has no broken character", async () => {
    const { events } = await eventsOf(
      "FROM busybox:1.35\n" +
        `RUN echo ${uniqueName()}; i=0; while [ $i -lt 1500 ]; do echo "€😀ü€😀ü€😀ü€😀ü€😀ü€😀ü€😀ü€😀ü€😀ü€😀ü"; ` +
        "i=$((i+1)); done\n",
    );
    const written = outputOf(events);
    assert.equal(written.split("\ufffd").length - 1, 0);
    assert.equal(written.split("€😀ü").length - 1, 15_000);
  });
});
