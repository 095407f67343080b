import { mkdir, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Daemon } from "./engines/daemon.mjs";
import { ensureEnginePackages } from "./engines/releases.mjs";
import { TestBed } from "./engines/testBed.mjs";
import { randomCases } from "./oracle/randomCases.mjs";
import { ensureDependencies } from "./setup/dependencies.mjs";
import { cache } from "./setup/paths.mjs";
import { runMain, SetUpError } from "./setup/setUpError.mjs";
import { runMocha } from "./test/runMocha.mjs";

const usage = `node scripts/oracle.mjs [--cases 5000] [--seed N] [--reader buildkit|classic|docker-py] [--engine 28|26]
                        [--batch 40]
node scripts/oracle.mjs --reader images [--engine 28|26|20]
node scripts/oracle.mjs --reader dockerfiles [--cases 2000] [--seed N] [--engine 28|26|20]
node scripts/oracle.mjs --reader embedded [--cases 2000] [--seed N] [--engine 28|26|20]

Gives random trees with random ignore files to a real reader, and compares what it takes in with what our engine says.
\`images\` compares images of ours with those of Docker's command line: all ignore cases, an odd tree, 100,000 files.
\`dockerfiles\` compares what is read out of Dockerfiles with what BuildKit asks for while it builds them. \`embedded\`
compares images that are built without a daemon with BuildKit's: written Dockerfiles and random ones. Without a
reader, the ignore files and the Dockerfiles are compared with BuildKit.`;

/**
 * What a comparison needs besides the cases; the modules load once the packages are there.
 *
 * @typedef {Pick<Parameters<typeof import("./oracle/compare.mjs").compare>[1], "truth" | "ours" | "cutsShort"> & {
 * what: string }} Readers
 */

/** The daemon's data is in memory, because it is not kept. */
const dataSizeMiB = 4096;

await runMain(async () => {
  const options = /** @type {const} */ ({ type: "string" });
  const { values } = parseArgs({
    options: { cases: options, seed: options, reader: options, engine: options, batch: options },
  });
  const { reader = "buildkit", engine = "28" } = values;
  const isRelease = engine === "28" || engine === "26" || engine === "20";
  const [cases = 0, seed = 0, batch = 0] = [
    values.cases ?? 5000,
    values.seed ?? Date.now() % 1e9,
    values.batch ?? 40,
  ].map(Number);
  if (!(cases > 0 && seed >= 0 && batch > 0)) throw new SetUpError(usage);
  await ensureDependencies();
  const { compare } = await import("./oracle/compare.mjs");
  const folder = await mkdtemp(path.join(os.tmpdir(), "oracle-"));
  const run = async (/** @type {Readers} */ { what, ...readers }) => {
    console.log(`seed ${seed}, ${cases} cases, ${what}`);
    return (await compare(randomCases(seed, cases), { ...readers, batch })) === 0 ? 0 : 1;
  };
  try {
    if (reader === "images" && isRelease)
      return await inTestBed(engine, "sameImage", { IMAGE_BUILDERS_TEST_THOROUGHLY: "1" });
    const dockerfiles = (/** @type {"28" | "26" | "20"} */ release) =>
      inTestBed(release, "dockerfileOracle", { DOCKERFILE_CASES: values.cases ?? "2000", SEED: String(seed) });
    if (reader === "dockerfiles" && isRelease) return await dockerfiles(engine);
    if (reader === "embedded" && isRelease)
      return await inTestBed(engine, "embedded", {
        EMBEDDED_CASES: values.cases ?? "2000",
        SEED: String(seed),
        IMAGE_BUILDERS_THOROUGH: "1",
      });
    if (reader === "docker-py") return await run(await dockerPyReaders());
    if ((reader !== "buildkit" && reader !== "classic") || (engine !== "28" && engine !== "26"))
      throw new SetUpError(usage);
    const failed = await withDaemon(engine, async (daemon) => run(await dockerReaders(reader, engine, daemon, folder)));
    return values.reader === undefined ? Math.max(failed, await dockerfiles(engine)) : failed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/**
 * Runs an integration test on a daemon of a release.
 *
 * @param {"28" | "26" | "20"} release
 * @param {string} test
 * @param {Record<string, string>} variables
 */
async function inTestBed(release, test, variables) {
  const bed = new TestBed({ release });
  try {
    await bed.up();
    const own = bed.environment();
    const env = { ...own, IMAGE_BUILDERS_TEST_NEWEST_DOCKER_HOST: own.DOCKER_HOST, ...variables };
    const { failed } = await runMocha(`oracle-${test}`, [`test/integration/${test}.test.ts`], {
      env,
      limitMinutes: 240,
    });
    return failed.length === 0 ? 0 : 1;
  } finally {
    await bed.down();
  }
}

/** @returns {Promise<Readers>} */
async function dockerPyReaders() {
  const { dockerPyTruth, ensureDockerPy } = await import("./oracle/dockerPy.mjs");
  const { evaluatedAsDockerPy } = await ourReaders();
  await ensureDockerPy();
  return { what: "docker-py as ZenML calls it", truth: dockerPyTruth, ours: { evaluated: evaluatedAsDockerPy } };
}

/**
 * @param {"buildkit" | "classic"} builder
 * @param {"28" | "26"} engine
 * @param {Daemon} daemon
 * @param {string} folder
 * @returns {Promise<Readers>}
 */
async function dockerReaders(builder, engine, daemon, folder) {
  const { buildkitTruth, classicTruth } = await import("./oracle/builders.mjs");
  const { dockerClients } = await import("./oracle/clients.mjs");
  const { evaluated, walked } = await ourReaders();
  const clients = await dockerClients(engine);
  await mkdir(path.join(folder, "docker-config"));
  const site = { clients, dockerHost: daemon.dockerHost, folder };
  return {
    what: `${builder}: daemon ${(await daemon.version())?.version}, ${clients.version}`,
    cutsShort: builder === "classic",
    truth: builder === "classic" ? classicTruth(site) : buildkitTruth(site),
    ours: { evaluated: (one) => evaluated(one, builder), walked: (one) => walked(one, builder, folder) },
  };
}

/**
 * @template T
 * @param {"28" | "26"} release
 * @param {(daemon: Daemon) => Promise<T>} use
 */
async function withDaemon(release, use) {
  await ensureEnginePackages();
  const daemon = new Daemon(path.join(cache, "oracle/engines", release), { release, dataSizeMiB });
  try {
    return await use(await daemon.start());
  } finally {
    await daemon.remove();
  }
}

/**
 * One call, so that all our modules are loaded once.
 *
 * @returns {Promise<typeof import("./oracle/ours")>}
 */
async function ourReaders() {
  const { tsImport } = await import("tsx/esm/api");
  return tsImport("./oracle/ours.ts", import.meta.url);
}
