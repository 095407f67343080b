import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import { BuildContext } from "../../src/core/context/files/buildContext";
import { buildEmbedded } from "../../src/core/embedded/buildEmbedded";
import { pushImage } from "../../src/core/embedded/output/pushImage";
import { describeObstacles, ObstacleError } from "../../src/core/embedded/plan/obstacle";
import { planBuild, type BuildPlan } from "../../src/core/embedded/plan/planBuild";
import { embeddedCases, refusedCases, type EmbeddedCase } from "../support/embedded/cases";
import { comparableConfig, fileDifferences, flatImage, type FlatImage } from "../support/embedded/flattenImage";
import { oddBase, oddTriggers } from "../support/embedded/oddBase";
import { oddContext } from "../support/embedded/oddContext";
import { RandomCopies } from "../support/embedded/randomCopies";
import { build, coreOn, engineAt, given, plainRegistry, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { useNewestEngine } from "../support/newestEngine";
import { volume } from "../support/volume";

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const randomCount = Number(process.env["EMBEDDED_CASES"] ?? volume(5, 400));

describe("an image that is made without a daemon", function () {
  this.timeout(7_200_000);
  useNewestEngine();

  const id = uniqueName("embedded");
  const registry = (): string => plainRegistry();
  const base = (): string => `${registry()}/${id}/base:1`;
  const triggers = (): string => `${registry()}/${id}/triggers:1`;
  let root = "";

  before(async () => {
    for (const [imageName, text] of [
      [base(), oddBase],
      [triggers(), oddTriggers(base())],
    ] as const)
      await byDocker(temporaryFolder({ Dockerfile: text, "a.txt": "a" }), imageName, {});
    root = oddContext();
  });
  after(removeTemporaryFolders);

  async function byDocker(folder: string, imageName: string, options: BuildOptions): Promise<void> {
    const core = coreOn(engineAt(given("DOCKER_HOST")));
    await build({ root: folder, imageName, registry: registry(), options, core });
  }

  async function byUs(text: string, imageName: string, options: BuildOptions): Promise<string> {
    const platform = options.platform ?? "linux/amd64";
    const plan = planBuild(text, { ...options, platform, buildPlatform: "linux/amd64" });
    if (Array.isArray(plan)) throw new ObstacleError(describeObstacles(plan));
    const placeOf = (host: string) => ({ host, credentials: () => Promise.resolve(undefined) });
    const { signal } = new AbortController();
    const request = {
      plans: [plan as BuildPlan],
      isChosen: options.platform !== undefined,
      context: new BuildContext({ root }),
      labels: options.labels,
      placeOf,
      family: "docker",
      level: 1,
      signal,
    } as const;
    return buildEmbedded(request, (image) => pushImage(image, { imageName, place: placeOf(registry()), signal }));
  }

  async function both(
    text: string,
    options: BuildOptions = {},
  ): Promise<{ docker?: FlatImage; ours?: FlatImage; why: string }> {
    writeFileSync(join(root, "..", "Dockerfile"), text);
    const name = uniqueName("case");
    const why: string[] = [];
    const reading = async (tag: string, work: () => Promise<unknown>): Promise<FlatImage | undefined> => {
      try {
        await work();
        return await flatImage(registry(), `${id}/${name}`, tag);
      } catch (error) {
        why.push(`${tag}: ${String(error)}`);
        return undefined;
      }
    };
    const imageName = `${registry()}/${id}/${name}`;
    const dockerfile = join(root, "..", "Dockerfile");
    const docker = await reading("docker", () => byDocker(root, `${imageName}:docker`, { ...options, dockerfile }));
    const ours = await reading("ours", () => byUs(text, `${imageName}:ours`, options));
    return { docker, ours, why: why.join("\n") };
  }

  async function compare({ text, options, made = [] }: Omit<EmbeddedCase, "name">): Promise<void> {
    const { docker, ours, why } = await both(text, options);
    assert.ok(docker && ours, `${why}\n${text}`);
    assert.deepEqual(fileDifferences(docker, ours, new Set(made)), [], text);
    assert.deepEqual(comparableConfig(ours), comparableConfig(docker), text);
  }

  const written = embeddedCases("{base}", "{triggers}");
  const step = volume(4, 1);
  for (const [index, { name, ...one }] of written.entries()) {
    if (index % step !== seed % step) continue;
    it(`has the files and the configuration of BuildKit's: ${name}`, async () => {
      const text = one.text.replaceAll("{base}", base()).replaceAll("{triggers}", triggers());
      await compare({ ...one, text });
    });
  }

  for (const [index, [name, text]] of refusedCases("{base}").entries()) {
    if (index % step !== seed % step) continue;
    it(`is refused where BuildKit refuses it: ${name}`, async () => {
      const { docker, ours, why } = await both(text.replaceAll("{base}", base()));
      assert.equal(ours, undefined, why);
      if (docker) console.log(`      only BuildKit builds "${name}": ${why}`);
    });
  }

  it("has the files and the configuration of BuildKit's, of Dockerfiles made at random", async () => {
    console.log(`      seed ${seed}`);
    const random = new RandomCopies(seed, base());
    const different: string[] = [];
    const count = { equal: 0, refused: 0, left: 0 };
    for (let i = 0; i < randomCount; i++) {
      const text = random.next();
      const { docker, ours, why } = await both(text);
      if (!ours) {
        count[docker ? "left" : "refused"]++;
        if (docker) console.log(`      left to BuildKit: ${why}`);
        continue;
      }
      const differences = docker ? fileDifferences(docker, ours, new Set()) : [`only ours: ${why}`];
      if (docker && !isDeepStrictEqual(comparableConfig(ours), comparableConfig(docker)))
        differences.push(`docker ${JSON.stringify(docker.config)}`, `ours ${JSON.stringify(ours.config)}`);
      if (differences.length === 0) count.equal++;
      else different.push(`${text}${differences.slice(0, 8).join("\n")}`);
    }
    console.log(`      ${JSON.stringify(count)}`);
    assert.deepEqual(different.slice(0, 5), [], `seed ${seed}`);
  });

  it("is the same each time", async () => {
    const text = `FROM ${base()}\nWORKDIR /w\nCOPY . .\nADD packed.tar.gz /p/\nCOPY <<EOF /e\nx\nEOF\n`;
    const digests = [];
    for (const tag of ["one", "two"]) digests.push(await byUs(text, `${registry()}/${id}/same:${tag}`, {}));
    assert.equal(digests[0], digests[1]);
  });
});
