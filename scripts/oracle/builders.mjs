import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { randomBytes } from "node:crypto";
import { writeTree } from "./caseTrees.mjs";
import { failed, membersOf, outcomeOf } from "./outcome.mjs";
import { toolEnvironment } from "../setup/steps.mjs";

/**
 * @typedef {import("./randomCases.mjs").Case} Case
 * @typedef {{ clients: import("./clients.mjs").Clients, dockerHost: string, folder: string }} Site environment of the
 * builds; `folder` is for their files
 * @typedef {import("./compare.mjs").Truth} Truth
 */

/**
 * Returns a function that runs cases with BuildKit: each is a named context of one build, with its own ignore file, and
 * is sent by Docker's own buildx. If the build fails, its cases are split in half and built again.
 *
 * @param {Site} site
 * @returns {Truth}
 */
export function buildkitTruth(site) {
  /** @type {Truth} */
  const truth = async (cases) => {
    const work = await mkdtemp(path.join(site.folder, "build-"));
    const unique = randomBytes(6).toString("hex");
    const main = path.join(work, "main");
    const steps = cases.map((_, i) => `COPY --from=x${unique}${i} . /c${i}/\n`);
    await mkdir(main);
    await writeFile(path.join(main, "Dockerfile"), `FROM scratch\n${steps.join("")}`);
    for (const [i, one] of cases.entries()) await writeTree(path.join(work, `c${i}`), one);
    const contexts = cases.flatMap((_, i) => ["--build-context", `x${unique}${i}=${path.join(work, `c${i}`)}`]);
    const args = [
      "build",
      "--quiet",
      "--no-cache",
      "--provenance=false",
      "--output",
      "type=tar,dest=-",
      ...contexts,
      main,
    ];
    const { code, output, errors } = await call(site.clients.buildx, args, site);
    await rm(work, { recursive: true, force: true });
    if (code === 0) {
      const members = await membersOf(output);
      return cases.map((_, i) => outcomeOf(members, `c${i}/`));
    }
    // The daemon sometimes reports the cancellation instead of its reason, so the case is repeated.
    if (cases.length === 1) return errors.endsWith("context canceled") ? truth(cases) : [failed(errors)];
    const half = cases.length >> 1;
    return [...(await truth(cases.slice(0, half))), ...(await truth(cases.slice(half)))];
  };
  return truth;
}

/**
 * Returns a function that builds cases with the classic builder and Docker's own command line.
 *
 * @param {Site} site
 * @returns {Truth}
 */
export function classicTruth(site) {
  const build = async (/** @type {Case} */ one) => {
    const work = await mkdtemp(path.join(site.folder, "build-"));
    await writeTree(work, one);
    const built = await call(site.clients.docker, ["build", "--quiet", "--no-cache", work], site, {
      DOCKER_BUILDKIT: "0",
    });
    await rm(work, { recursive: true, force: true });
    if (built.code !== 0) return failed(built.errors);
    const image = built.output.toString().trim();
    const saved = await call(site.clients.docker, ["save", image], site);
    await call(site.clients.docker, ["rmi", "--force", image], site);
    return outcomeOf(await layerMembers(saved.output));
  };
  return async (cases) => {
    const outcomes = [];
    for (const one of cases) outcomes.push(await build(one));
    return outcomes;
  };
}

/** @param {Buffer} image output of `docker save`; an image without content has no layer */
async function layerMembers(image) {
  const members = await membersOf(image);
  const contentOf = (/** @type {string} */ name) => members.find((member) => member.name === name)?.content;
  const manifest = contentOf("manifest.json");
  const layers = manifest ? (JSON.parse(manifest.toString())[0].Layers ?? []) : [];
  const inLayers = await Promise.all(
    layers.map((/** @type {string} */ name) => membersOf(contentOf(name) ?? Buffer.alloc(1024))),
  );
  return inLayers.flat();
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Site} site
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {Promise<{ code: number | null, output: Buffer, errors: string }>}
 */
function call(program, args, { dockerHost, folder }, extra) {
  const env = toolEnvironment({
    DOCKER_HOST: dockerHost,
    DOCKER_CONFIG: path.join(folder, "docker-config"),
    BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
    ...extra,
  });
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: 300_000 });
  /** @type {Buffer[]} */
  const output = [];
  let errors = "";
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => (errors += chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output: Buffer.concat(output), errors: errors.trim() }));
  });
}
