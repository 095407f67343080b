import assert from "node:assert/strict";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import { ImageBuilderError } from "../../src/core/base/errors";
import { askDaemon, build, outputOf, plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { forgetCacheOf } from "../support/forgetCacheOf";
import { recordingOperation, type RecordingOperation } from "../support/operation";

interface Inspected {
  readonly Id: string;
  readonly Config: { readonly Labels: Record<string, string> | null };
}

describe("build options", () => {
  let apiMinor: number;
  let storeKeepsPlatforms: boolean;

  before(async () => {
    const { ApiVersion } = (await askDaemon("/version")) as { ApiVersion: string };
    const { DriverStatus } = (await askDaemon("/info")) as { DriverStatus: string[][] };
    apiMinor = Number(ApiVersion.split(".")[1]);
    storeKeepsPlatforms = JSON.stringify(DriverStatus).includes("io.containerd.snapshotter.v1");
  });
  after(removeTemporaryFolders);

  async function run(
    dockerfile: string,
    options: BuildOptions,
    imageName = `${uniqueName()}:1`,
  ): Promise<{ operation: RecordingOperation; output: string; imageName: string; imageId: string | undefined }> {
    const operation = recordingOperation();
    const { imageId } = await build({
      root: temporaryFolder({ Dockerfile: dockerfile }),
      imageName,
      options,
      operation,
    });
    return { operation, output: outputOf(operation.events), imageName, imageId };
  }

  const cachedSteps = ({ events }: RecordingOperation): string[] =>
    events.flatMap((event) => (event.kind === "stepFinished" && event.cached ? [event.step.name] : []));

  it("may be empty texts: of a build argument with a default, and of a label", async () => {
    const { output, imageName } = await run('FROM busybox:1.35\nARG A=default\nRUN echo "value=[$A]"\n', {
      builder: "buildkit",
      buildArgs: { A: "" },
      labels: { "org.example.empty": "" },
      noCache: true,
    });
    assert.match(output, /value=\[\]/);
    const { Config } = (await askDaemon(`/images/${imageName}/json`)) as Inspected;
    assert.equal(Config.Labels?.["org.example.empty"], "");
  });

  it("set labels, names and hosts [Z90]", async () => {
    const second = `${uniqueName()}:2`;
    const { output, imageName } = await run("FROM busybox:1.35\nRUN grep example /etc/hosts\n", {
      builder: "buildkit",
      labels: { "org.example": "a=b, c" },
      tags: [second],
      extraHosts: ["db.example:10.0.0.9", "web.example=10.0.0.8"],
      noCache: true,
    });
    assert.match(output, /10\.0\.0\.9\s+db\.example/);
    assert.match(output, /10\.0\.0\.8\s+web\.example/);
    const [one, two] = (await Promise.all(
      [imageName, second].map((name) => askDaemon(`/images/${name}/json`)),
    )) as Inspected[];
    assert.equal(one?.Config.Labels?.["org.example"], "a=b, c");
    assert.equal(one?.Id, two?.Id);
  });

  it("take the network away [Z90]", async () => {
    const { output } = await run("FROM busybox:1.35\nRUN ls /sys/class/net\n", {
      builder: "buildkit",
      networkMode: "none",
      noCache: true,
    });
    assert.match(output, /^lo$/m);
    assert.doesNotMatch(output, /eth0/);
  });

  it("build one stage again and take the others from the cache", async () => {
    const dockerfile =
      `FROM busybox:1.35 AS tools\nRUN echo ${uniqueName()} > /tools\nFROM busybox:1.35 AS app\n` +
      "COPY --from=tools /tools /\nRUN date +%N > /app\n";
    const imageName = `${uniqueName()}:1`;
    const first = await run(dockerfile, { builder: "buildkit" }, imageName);
    const { operation, imageId } = await run(
      dockerfile,
      { builder: "buildkit", noCacheFilter: ["App", "absent"] },
      imageName,
    );
    assert.deepEqual(
      operation.logged.filter((line) => line.startsWith("warn:")),
      ['warn: Dockerfile has no stage "absent" to build without the cache.'],
    );
    assert.ok(cachedSteps(operation).some((name) => /RUN echo/.test(name)));
    assert.ok(!cachedSteps(operation).some((name) => /RUN date/.test(name)));
    assert.match(imageId ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.notEqual(imageId, first.imageId);
    assert.equal(((await askDaemon(`/images/${imageName}/json`)) as Inspected).Id, imageId);
  });

  it("give BuildKit's own API every option that the daemon's has", async () => {
    const imageName = `${uniqueName()}:1`;
    const { output, imageId } = await run(
      "FROM busybox:1.35 AS app\nARG WHO=nobody\n" +
        "RUN echo hello $WHO && grep example /etc/hosts && ls /sys/class/net\nFROM app\nRUN echo not reached\n",
      {
        builder: "buildkit",
        noCacheFilter: ["app"],
        buildArgs: { WHO: "you, and = me" },
        labels: { a: "b=c,d" },
        target: "app",
        platform: "linux/amd64",
        networkMode: "none",
        extraHosts: ["db.example:10.0.0.9"],
        tags: [`${imageName}x`],
      },
      imageName,
    );
    assert.match(output, /hello you, and = me/);
    assert.match(output, /10\.0\.0\.9\s+db\.example/);
    assert.doesNotMatch(output, /eth0|not reached/);
    assert.equal(((await askDaemon(`/images/${imageName}x/json`)) as Inspected).Id, imageId);
    assert.equal(((await askDaemon(`/images/${imageName}/json`)) as Inspected).Config.Labels?.["a"], "b=c,d");
  });

  it("that BuildKit's own API builds by fail with the step, its line and its words", async () => {
    const dockerfile = "FROM busybox:1.35 AS app\n\nRUN echo about to fail && exit 3\n";
    const operation = recordingOperation();
    await assert.rejects(
      build({
        root: temporaryFolder({ Dockerfile: dockerfile }),
        imageName: "x:1",
        options: { builder: "buildkit", noCacheFilter: ["app"] },
        operation,
      }),
      (error) => {
        assert.ok(ImageBuilderError.is(error, "buildFailed"), String(error));
        assert.match(error.message, /RUN echo about to fail.*line 3.*exit code: 3/s);
        assert.equal(error.location?.line, 3);
        return true;
      },
    );
    assert.match(outputOf(operation.events), /about to fail/);
  });

  it("know the host by the name that the daemon has for it", async () => {
    const { output } = await run(`FROM busybox:1.35\nRUN grep outside /etc/hosts # ${uniqueName()}\n`, {
      builder: "buildkit",
      extraHosts: ["outside:host-gateway"],
    });
    const { IPAM } = (await askDaemon("/networks/bridge")) as { IPAM: { Config: { Gateway?: string }[] } };
    assert.ok(output.includes(`${IPAM.Config[0]?.Gateway}\toutside`), output);
  });

  it("use the cache that an image brings", async () => {
    const sign = uniqueName("sign");
    const dockerfile = `FROM busybox:1.35\nRUN echo ${sign} > /costly\n`;
    const imageName = `${plainRegistry()}/${uniqueName()}:cache`;
    const root = temporaryFolder({ Dockerfile: dockerfile });
    await build({
      root,
      imageName,
      registry: plainRegistry(),
      options: { builder: "buildkit", cacheTo: ["type=inline"] },
    });
    await askDaemon(`/images/${imageName}?force=1`, "DELETE");
    await forgetCacheOf(sign);
    const operation = recordingOperation();
    await build({
      root,
      imageName: `${uniqueName()}:1`,
      options: { builder: "buildkit", cacheFrom: [`type=registry,ref=${plainRegistry()}/absent:1`, imageName] },
      operation,
    });
    assert.ok(
      cachedSteps(operation).some((name) => /costly/.test(name)),
      JSON.stringify(operation.events.filter(({ kind }) => kind === "stepFinished")),
    );
  });

  it("send the cache to a registry where the daemon can, else fail in its words", async () => {
    const cache = `${plainRegistry()}/${uniqueName()}:cache`;
    const options: BuildOptions = { builder: "buildkit", cacheTo: [`type=registry,ref=${cache},mode=max`] };
    if (storeKeepsPlatforms) {
      await run("FROM busybox:1.35\nRUN date\n", options);
      assert.match((await registryDigest(cache)) ?? "", /^sha256:/);
    } else {
      await assert.rejects(
        run("FROM busybox:1.35\nRUN date\n", options),
        (error) => ImageBuilderError.is(error, "buildFailed") && /cache export/.test(error.message),
      );
    }
  });

  it("build several platforms where the daemon keeps them, else say what is needed", async () => {
    const imageName = `${plainRegistry()}/${uniqueName()}:1`;
    const root = temporaryFolder({ Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" });
    const building = build({
      root,
      imageName,
      registry: plainRegistry(),
      options: { builder: "buildkit", platform: "linux/amd64,linux/arm64" },
    });
    if (!storeKeepsPlatforms) {
      await assert.rejects(
        building,
        (error) =>
          ImageBuilderError.is(error, "optionInvalid") &&
          /keeps only one platform per image.*the containerd image store/.test(error.message),
      );
      return;
    }
    const { digest } = await building;
    const answer = await fetch(`http://${imageName.replace(/\/(.*):1$/, "/v2/$1/manifests/1")}`, {
      headers: {
        accept: "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json",
      },
    });
    const index = (await answer.json()) as { manifests: { platform: { os: string; architecture: string } }[] };
    const platforms = index.manifests.map(({ platform: { os, architecture } }) => `${os}/${architecture}`);
    assert.ok(platforms.includes("linux/amd64") && platforms.includes("linux/arm64"), platforms.join());
    assert.equal(answer.headers.get("docker-content-digest"), digest);
  });

  it("[Z90] limit a step's files and shared memory; the log says where the classic builder takes over", async () => {
    const { output, operation } = await run("FROM busybox:1.35\nRUN ulimit -n && df -k /dev/shm\n", {
      noCache: true,
      ulimits: ["nofile=512:600"],
      shmSizeBytes: 8 * 1024 * 1024,
    });
    assert.match(output, /^512$/m);
    assert.match(output, /\s8192\s/);
    const told = operation.logged.some((line) =>
      /ignores shmSizeBytes, ulimits\. The classic builder is used instead/.test(line),
    );
    assert.equal(told, apiMinor < 42);
  });

  const refusals: readonly (readonly [truth: string, options: BuildOptions, message: RegExp])[] = [
    [
      "what only BuildKit can do from the classic builder",
      { builder: "classic", noCacheFilter: ["a"], platform: "linux/amd64,linux/arm64" },
      /classic builder doesn't support noCacheFilter, multiple platforms/,
    ],
    [
      "what no builder can do together",
      { secrets: { a: { env: "PATH" } }, memoryBytes: 1e8 },
      /No builder supports secrets together with memoryBytes/,
    ],
    ["memory limits from BuildKit", { builder: "buildkit", memoryBytes: 1e8 }, /BuildKit ignores memoryBytes/],
    [
      "a network by name from BuildKit",
      { builder: "buildkit", networkMode: "mine" },
      /doesn't support the network mode "mine"/,
    ],
  ];
  for (const [truth, options, message] of refusals) {
    it(`are not asked for ${truth}`, async () => {
      await assert.rejects(
        run("FROM scratch\n", options),
        (error) => ImageBuilderError.is(error, "optionInvalid") && message.test(error.message),
      );
    });
  }
});
