import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Image } from "../../src/core/image/image";
import { readImageSpec } from "../../src/core/image/spec/readImageSpec";
import { buildImage, inspectImage, ownPlatform } from "../support/buildImage";
import { runContainer } from "../support/container";
import { build, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { plannedBuild } from "../support/plannedBuild";
import { start } from "./imageStart";

/** What the daemon says of an image that runs something. */
interface RunConfig {
  readonly Entrypoint: readonly string[] | null;
  readonly Cmd: readonly string[] | null;
  readonly ExposedPorts?: Readonly<Record<string, unknown>>;
  readonly Labels: Readonly<Record<string, string>>;
  readonly User: string;
  readonly Env: readonly string[];
}

const configOf = async (built: Parameters<typeof inspectImage>[0]): Promise<RunConfig> =>
  (await inspectImage(built)).Config as unknown as RunConfig;

describe("an image that is run", function () {
  this.timeout(60_000);
  after(removeTemporaryFolders);

  it("is as its spec says: its user, program, ports and labels, and no build argument", async () => {
    const root = temporaryFolder({
      "run.sh": '#!/bin/sh\necho "$(id -un) $(stat -c %U /app/run.sh) $* ${VERSION:-none}"\n',
      "app.image.yaml": `from: { base: "busybox:1.35" }
clone: { name: ${uniqueName("run")}, platform: ${ownPlatform} }
layers:
  - buildArgs: { VERSION: 1.10 }
  - user: worker
  - expose: [8080, 53/udp]
  - labels: { org.example.team: a b, org.example.version: 1.10 }
  - cmd: [replaced]
  - commands: ["echo $VERSION > /version"]
  - sourceFile: { src: run.sh, dst: /app }
  - entrypoint: [/bin/sh, /app/run.sh]
  - cmd: [hello, "a b"]
`,
    });
    const { image, problems } = readImageSpec(readFileSync(`${root}/app.image.yaml`, "utf8"), "app.image.yaml");
    assert.deepEqual(problems, []);
    assert.ok(image);
    const built = await buildImage(image, { root });
    assert.deepEqual(await runContainer(built.imageName), { output: "worker worker hello a b none\n", exitCode: 0 });
    assert.deepEqual(await runContainer(built.imageName, ["other"]), {
      output: "worker worker other none\n",
      exitCode: 0,
    });
    const config = await configOf(built);
    assert.deepEqual(Object.keys(config.ExposedPorts ?? {}).sort(), ["53/udp", "8080/tcp"]);
    assert.equal(config.Labels["org.example.team"], "a b");
    assert.equal(config.Labels["org.example.version"], "1.10");
    assert.ok(!config.Env.some((each) => each.startsWith("VERSION=")));
    const version = Image.fromBase(built.imageName).clone({
      name: uniqueName(),
      extendable: true,
      platform: ownPlatform,
    });
    assert.match((await buildImage(version.withCommands([`cat /version # ${uniqueName()}`]))).output, /^1\.10$/m);
  });

  it("runs a command of one text by the shell", async () => {
    const built = await buildImage(start.withEnvVars({ WHO: "you" }).withEntrypoint('echo "hello $WHO"'));
    assert.deepEqual(await runContainer(built.imageName), { output: "hello you\n", exitCode: 0 });
  });

  it("has no entrypoint of its base where it sets an empty one", async () => {
    const name = `${uniqueName("entry")}:1`;
    await build({
      root: temporaryFolder({ Dockerfile: 'FROM busybox:1.35\nENTRYPOINT ["/bin/false"]\n' }),
      imageName: name,
    });
    const image = Image.fromBase(name).clone({ name: uniqueName(), extendable: true, platform: ownPlatform });
    const built = await buildImage(image.withEntrypoint([]).withCmd(["echo", "free"]));
    assert.deepEqual(await runContainer(built.imageName), { output: "free\n", exitCode: 0 });
  });

  for (const [user, expected] of [
    ["1234:99", "1234 99"],
    ["root", "0 0"],
    ["worker", "1234 99"],
  ] as const) {
    it(`runs as ${user}`, async () => {
      const base = `${uniqueName("known")}:1`;
      const known = "FROM busybox:1.35\nRUN echo worker:x:1234:99::/:/bin/sh >> /etc/passwd\nUSER worker\n";
      await build({ root: temporaryFolder({ Dockerfile: known }), imageName: base });
      const image = Image.fromBase(base).clone({ name: uniqueName(), extendable: true, platform: ownPlatform });
      const built = await buildImage(image.withCommands("true").withUser(user).withCmd("echo $(id -u) $(id -g)"));
      assert.equal((await configOf(built)).User, user);
      assert.deepEqual(await runContainer(built.imageName), { output: `${expected}\n`, exitCode: 0 });
    });
  }

  it("is built from a Dockerfile with the arguments of its spec", async () => {
    const root = temporaryFolder({
      Dockerfile: 'FROM busybox:1.35\nARG WHO=nobody\nRUN echo "$WHO" > /who\nCMD ["cat", "/who"]\n',
    });
    const place = { registry: "localhost:1/x", name: uniqueName(), platform: ownPlatform } as const;
    const planned = await plannedBuild(Image.fromDockerfile("Dockerfile", { ...place, buildArgs: { WHO: "me" } }), {
      root,
    });
    assert.ok(planned);
    const imageName = `${uniqueName("args")}:1`;
    await build({ root, imageName, options: planned.options });
    assert.deepEqual(await runContainer(imageName), { output: "me\n", exitCode: 0 });
    const other = await plannedBuild(Image.fromDockerfile("Dockerfile", { ...place, buildArgs: { WHO: "you" } }), {
      root,
    });
    assert.notEqual(other?.imageName, planned.imageName);
  });
});
