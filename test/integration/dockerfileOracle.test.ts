import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { namedImages } from "../../src/core/dockerfile/namedImages";
import { askedBy, type DockerfileCase } from "../support/dockerfiles/askedSession";
import { compare, namesFor } from "../support/dockerfiles/comparison";
import { RandomDockerfile } from "../support/dockerfiles/randomDockerfile";
import { askDaemon, build, given, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

const folder = join(import.meta.dirname, "../fixtures/dockerfile-shapes");
const shapes = readdirSync(folder).map((name): DockerfileCase & { readonly name: string } => ({
  name,
  text: readFileSync(join(folder, name), "utf8"),
  platform: "linux/amd64",
}));
const randomCount = Number(process.env["DOCKERFILE_CASES"] ?? 200);
const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const atOnce = 3;

/** Programs of the images that the shapes stand on; here they do nothing. */
const programs =
  "R addgroup apk apt-get apt-mark aws bash bundle cargo cmake composer conda corepack curl " +
  "docker-php-ext-install dotnet git go gradle java make mix mkdocs mvn npm pip pip3 pnpm poetry python3 " +
  "ssh-keyscan stack useradd uv wget yarn";

/** What a run of comparisons came to. */
interface Count {
  asked: number;
  equal: number;
  readonly wider: Map<string, number>;
  readonly differences: string[];
}

describe("what BuildKit asks for while it builds", function () {
  this.timeout(3_600_000);
  // The BuildKit of Docker 20.10 knows no here-documents and few forms of variables.
  let isFirst = false;
  let repeatsNames = true;
  const stubs: string[] = [];

  before(async () => {
    const { ApiVersion } = (await askDaemon("/version")) as { ApiVersion: string };
    const minor = Number(ApiVersion.split(".")[1]);
    isFirst = minor < 42;
    repeatsNames = minor > 45;
    const base = `${uniqueName("stub")}:1`;
    const script = "printf '#!/bin/sh\\n' >/usr/local/bin/$p; chmod +x /usr/local/bin/$p";
    const scripts = `for p in ${programs}; do ${script}; done`;
    const root = temporaryFolder({
      Dockerfile: `FROM busybox:1.35\nRUN mkdir -p /usr/local/bin /wheels /mods && ${scripts}\n`,
    });
    await build({ root, imageName: base });
    for (const image of new Set(
      shapes.flatMap(({ text, platform }) => namedImages(text, {}, { platform, buildPlatform: platform }).images),
    )) {
      const [name = "", tag = "latest"] = image.split(/:(?=[^/]*$)/);
      await askDaemon(`/images/${base}/tag?repo=${encodeURIComponent(name)}&tag=${tag}`, "POST");
      stubs.push(`${name}:${tag}`);
    }
  });
  after(async () => {
    for (const image of stubs) if (image !== "busybox:1.35") await askDaemon(`/images/${image}`, "DELETE");
    removeTemporaryFolders();
  });

  async function compareAll(cases: readonly (DockerfileCase & { readonly name?: string })[]): Promise<Count> {
    const count: Count = { asked: 0, equal: 0, wider: new Map(), differences: [] };
    const pending = [...cases];
    const work = async (): Promise<void> => {
      for (let one = pending.shift(); one; one = pending.shift()) {
        const asked = await askedBy(given("DOCKER_HOST"), one, namesFor(one));
        const { differences, wider } = compare(one, asked, isFirst);
        if (asked.paths || asked.secrets.length + asked.ssh.length > 0) count.asked++;
        if (wider.length + differences.length === 0) count.equal++;
        for (const reason of wider) count.wider.set(reason, (count.wider.get(reason) ?? 0) + 1);
        if (differences.length > 0)
          count.differences.push(
            `${differences.join("; ")}\n` +
              `${JSON.stringify({ ...one, text: undefined })} ${asked.failure ?? ""}\n${one.text}`,
          );
        if (one.name !== undefined && asked.failure !== undefined) console.log(`      ${one.name}: ${asked.failure}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const wider = [...count.wider].map(([reason, times]) => `${times} wider: ${reason}`).join("; ");
    console.log(
      `      ${cases.length} Dockerfiles, ${count.asked} ask for something, ${count.equal} equal, ` +
        `${count.differences.length} differ; ${wider || "none wider"}`,
    );
    return count;
  }

  it("is what is read out of Dockerfiles made at random", async () => {
    const random = new RandomDockerfile(seed, isFirst, repeatsNames);
    console.log(`      seed ${seed}`);
    const { differences, asked } = await compareAll(Array.from({ length: randomCount }, () => random.next()));
    assert.deepEqual(differences.slice(0, 5), [], `seed ${seed}`);
    assert.ok(asked > randomCount / 3);
  });

  it("is what is read out of Dockerfiles in the shape of well-known projects", async () => {
    const { differences, asked } = await compareAll(shapes);
    assert.deepEqual(differences.slice(0, 5), []);
    assert.ok(isFirst || asked >= 58, `${asked} of ${shapes.length}`);
  });
});
