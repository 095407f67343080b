import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { releases } from "./engines/releases.mjs";
import { TestBed } from "./engines/testBed.mjs";
import { runMain, SetUpError } from "./setup/setUpError.mjs";
import { say } from "./setup/steps.mjs";

const usage = `node scripts/engines.mjs up|env|status|down|remove [--engine 20|26|28] [--containerd-store] [--podman]
                         [--python] [--write-env FILE]

up      starts a private Docker daemon and two registries on this machine, installing what is missing;
        with --python also imports a base image with Python, with --write-env also writes the variables to a file
env     prints the variables that point tests and tools at them
status  says what runs
down    ends them; images stay
remove  ends them and deletes what they kept`;

/** @param {TestBed} bed */
function printEnvironment(bed) {
  for (const [name, value] of Object.entries(bed.environment())) console.log(`export ${name}='${value}'`);
}

/** @type {Record<string, (bed: TestBed, options: { python?: boolean, "write-env"?: string }) => Promise<void>>} */
const actions = {
  async up(bed, { python, "write-env": file }) {
    await bed.up();
    if (python) await bed.seedPython();
    if (file)
      await writeFile(
        file,
        Object.entries(bed.environment())
          .map(([name, value]) => `${name}=${value}\n`)
          .join(""),
      );
    const version = await bed.engine.version();
    say(
      `engine ${version?.version} (API ${version?.apiVersion}), registries ${bed.registry.address} and ` +
        `${bed.authRegistry.address}`,
    );
    printEnvironment(bed);
  },
  async env(bed) {
    if (!(await bed.isUp())) throw new SetUpError("It is not up: node scripts/engines.mjs up");
    printEnvironment(bed);
  },
  async status(bed) {
    for (const [part, isUp] of Object.entries(await bed.status())) console.log(`${isUp ? "up  " : "down"} ${part}`);
  },
  down: (bed) => bed.down(),
  remove: (bed) => bed.remove(),
};

await runMain(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      engine: { type: "string" },
      "containerd-store": { type: "boolean" },
      podman: { type: "boolean" },
      python: { type: "boolean" },
      "write-env": { type: "string" },
    },
  });
  const action = actions[positionals[0] ?? ""];
  const release = releases.find((each) => each === (values.engine ?? "installed"));
  if (!action || !release) throw new SetUpError(usage);
  await action(new TestBed({ release, containerdStore: values["containerd-store"], podman: values.podman }), values);
});
