import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { copySources } from "../../src/core/dockerfile/copySources";
import { mountsOf } from "../../src/core/dockerfile/mounts";
import { build, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation } from "../support/operation";
import { startSshAgent, type SshAgent } from "../support/sshAgent";

const fixtures = join(__dirname, "../fixtures/image");
const base = "FROM busybox:1.35";

/** What the bases bring that busybox does not; `true` in the place of the shell takes any command and does nothing. */
const prelude = [
  "RUN echo flyte:x:2000:2000::/home/flyte:/bin/sh >> /etc/passwd && echo flyte:x:2000: >> /etc/group",
  "RUN echo '#!/bin/sh' > /bin/make && chmod +x /bin/make",
  'SHELL ["true"]',
];

/** The same text on bases that are there. */
function onBusybox(text: string): string {
  return text
    .replace(/^# syntax=.*\n/, "")
    .replace(/^FROM \S+ AS uv$/m, `${base} AS uv\nRUN mkdir -p /opt/uv/bin && touch /uv /opt/uv/bin/uv\nSHELL ["true"]`)
    .replace(/^FROM \S+$/m, [base, ...prelude].join("\n"));
}

/** The steps that were taken, and what BuildKit's checks say. */
interface Run {
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
}

/** Runs through all instructions, with an empty folder for each thing that is copied or mounted. */
async function runThrough(written: string, agent: SshAgent): Promise<Run> {
  const text = onBusybox(written);
  const sources = copySources(text).map(({ path }) => [`${path ?? ""}/file`, ""]);
  const mounts = mountsOf(text);
  const idsOf = (wanted: string): string[] => mounts.flatMap(({ type, id }) => (type === wanted ? [id] : []));
  const secrets = Object.fromEntries(idsOf("secret").map((id) => [id, { env: "PATH" }]));
  const ssh = Object.fromEntries(idsOf("ssh").map((id) => [id, agent.socket]));
  const root = temporaryFolder({ ...Object.fromEntries(sources), Dockerfile: text });
  const operation = recordingOperation();
  await build({ root, imageName: `${uniqueName("golden")}:1`, options: { secrets, ssh }, operation });
  const { events } = operation;
  return {
    steps: events.flatMap((event) =>
      event.kind === "stepFinished" && / (?:RUN|COPY|WORKDIR) /.test(event.step.name) ? [event.step.name] : [],
    ),
    warnings: events.flatMap((event) => (event.kind === "warning" ? [event.message] : [])),
  };
}

describe("every Dockerfile that images are written as", function () {
  this.timeout(60_000);
  let agent: SshAgent;
  before(async () => {
    agent = await startSshAgent();
  });
  after(() => {
    agent.stop();
    removeTemporaryFolders();
  });

  for (const name of readdirSync(fixtures)) {
    it(`goes through BuildKit: ${name}`, async () => {
      const text = readFileSync(join(fixtures, name), "utf8");
      const wanted = text.split("\n").filter((line) => /^(?:RUN|COPY|WORKDIR) /.test(line));
      const { steps, warnings } = await runThrough(text, agent);
      assert.ok(steps.length >= wanted.length, "each of its steps was taken");
      assert.deepEqual(warnings, []);
    });
  }

  const broken: readonly (readonly [title: string, instruction: string])[] = [
    ["a value that is not quoted", "ENV A=b c"],
    ["a mount of no kind", "RUN --mount=type=nothing,target=/x true"],
    ["a mount of nothing", "RUN --mount=type=bind,source=nothing-here,target=/x true"],
    ["a copy of nothing", "COPY nothing-here /"],
  ];
  for (const [title, instruction] of broken) {
    it(`would not go through with ${title}`, async () => {
      const root = temporaryFolder({ Dockerfile: `${base}\n${instruction}\n` });
      await assert.rejects(build({ root, imageName: `${uniqueName("golden")}:1` }), { code: "buildFailed" });
    });
  }
});
