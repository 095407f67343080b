import assert from "node:assert/strict";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import type { Core } from "../../src/core/jobs/buildAndPush";
import { createEngineAccess } from "../../src/core/engine/engineAccess";
import { runCli } from "../support/cli";
import { DockerCli } from "../support/dockerCli";
import { askDaemon, build, coreOn, given, outputOf, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { useNewestEngine } from "../support/newestEngine";
import { recordingOperation } from "../support/operation";
import { RequestRecorder } from "../support/requestRecorder";
import { savedImage } from "../support/savedImage";

const secret = "S3CRET-c4n4ry";
const proxy = `http://user:${secret}@127.0.0.1:1`;
const dockerfile = 'FROM busybox:1.35\nARG KEPT\nRUN echo "http=$HTTP_PROXY no=$no_proxy all=$ALL_PROXY"\n';

describe("the user's Docker configuration", function () {
  this.timeout(180_000);
  useNewestEngine();
  let cli: DockerCli;
  let recorder: RequestRecorder;

  before(async () => {
    cli = await DockerCli.ofDaemon();
    recorder = await RequestRecorder.start();
  });
  beforeEach(() => recorder.clear());
  after(async () => {
    await recorder.stop();
    removeTemporaryFolders();
  });

  function core(env: Readonly<Record<string, string>> = {}): Core {
    const { dockerHost } = recorder;
    return coreOn(createEngineAccess({ env: { DOCKER_HOST: dockerHost, DOCKER_CONFIG: cli.configFolder, ...env } }));
  }

  async function ours(options: BuildOptions, env?: Readonly<Record<string, string>>) {
    recorder.clear();
    const operation = recordingOperation();
    const imageName = `${uniqueName("settings")}:1`;
    const root = temporaryFolder({ Dockerfile: dockerfile });
    await build({ root, imageName, options: { noCache: true, ...options }, core: core(env), operation });
    return { args: recorder.buildArgs(), requests: recorder.requests(), operation, imageName };
  }

  async function theirs(builder: "buildkit" | "classic", options: readonly string[] = [], env = {}) {
    recorder.clear();
    const root = temporaryFolder({ Dockerfile: dockerfile });
    const { dockerHost } = recorder;
    await cli.build(builder, root, `${uniqueName("settings")}:1`, { dockerHost, options, env });
    return { args: recorder.buildArgs(), requests: recorder.requests() };
  }

  /** What buildx passes on: one spelling, and releases of before 2025 not for all kinds. */
  const upperCase = ({ ALL_PROXY: _, ...args }: Readonly<Record<string, string>>): object =>
    Object.fromEntries(Object.entries(args).filter(([name]) => name === name.toUpperCase()));

  const configs: readonly (readonly [what: string, proxies: () => object])[] = [
    ["all kinds", () => ({ default: { httpProxy: "a", httpsProxy: "b", noProxy: "c", ftpProxy: "d", allProxy: "e" } })],
    [
      "those of this daemon",
      () => ({ default: { httpProxy: "a", noProxy: "c" }, [recorder.dockerHost]: { noProxy: "x" } }),
    ],
    ["none of another daemon", () => ({ "tcp://box:2375": { noProxy: "x" } })],
    ["names in any case", () => ({ default: { HTTPPROXY: "a", httpproxy: "b", NOPROXY: "" } })],
  ];
  for (const [what, proxies] of configs) {
    it(`gives builds the proxies that the docker command line gives: ${what}`, async () => {
      cli.configure({ proxies: proxies() });
      const classic = await theirs("classic");
      assert.deepEqual((await ours({ builder: "classic" })).args, classic.args);
      const buildkit = await ours({ builder: "buildkit" });
      assert.deepEqual(buildkit.args, classic.args, "both spellings");
      assert.deepEqual(upperCase(buildkit.args), upperCase((await theirs("buildkit")).args));
    });
  }

  it("yields to build arguments, as on the docker command line", async () => {
    cli.configure({ proxies: { default: { httpProxy: "a", noProxy: "b" } } });
    const buildArgs = { HTTP_PROXY: "mine", KEPT: "x" };
    const flags = ["--build-arg", "HTTP_PROXY=mine", "--build-arg", "KEPT=x"];
    assert.deepEqual((await ours({ builder: "classic", buildArgs })).args, (await theirs("classic", flags)).args);
    const buildkit = await ours({ builder: "buildkit", buildArgs });
    assert.deepEqual(upperCase(buildkit.args), (await theirs("buildkit", flags)).args);
    assert.ok(!("http_proxy" in buildkit.args), "BuildKit takes both for one");
    assert.match(outputOf(buildkit.operation.events), /http=mine no=b all=$/m);
    const lower = await ours({ builder: "buildkit", buildArgs: { http_proxy: "mine" } });
    assert.match(outputOf(lower.operation.events), /http=mine no=b all=$/m);
  });

  it("has SOURCE_DATE_EPOCH of the environment by its side, as with buildx", async () => {
    cli.configure({});
    const env = { SOURCE_DATE_EPOCH: "1700000000" };
    assert.deepEqual((await ours({ builder: "classic" }, env)).args, {});
    const made = await ours({ builder: "buildkit" }, env);
    assert.deepEqual(made.args, env);
    const { Created } = (await askDaemon(`/images/${made.imageName}/json`)) as { Created: string };
    assert.deepEqual((await theirs("buildkit", [], env)).args, env);
    assert.equal(Date.parse(Created), 1_700_000_000_000);
    const given = { SOURCE_DATE_EPOCH: "1" };
    assert.deepEqual((await ours({ builder: "buildkit", buildArgs: given }, env)).args, given);
  });

  it("adds its headers to each request, as the docker command line does", async () => {
    cli.configure({
      httpHeaders: { "X-Meta": "one é", "User-Agent": "none", "x-docker-expose-session-name": "forged" },
    });
    for (const builder of ["classic", "buildkit"] as const) {
      const [we, they] = [await ours({ builder }), await theirs(builder)];
      const paths = new Set(we.requests.map(({ path }) => path));
      for (const path of builder === "classic" ? ["/_ping", "/build"] : ["/_ping", "/session", "/grpc"])
        assert.ok(paths.has(path), `${path} in ${[...paths].join()}`);
      // What buildx asks by itself has none.
      const sent = new Set(they.requests.flatMap(({ headers }) => headers.get("x-meta") ?? []));
      assert.deepEqual([...new Set(we.requests.map(({ headers }) => headers.get("x-meta")))], [...sent]);
      assert.deepEqual([...sent], [Buffer.from("one é").toString("latin1")]);
      for (const { path, headers } of we.requests) {
        assert.equal(headers.get("user-agent"), undefined);
        if (path === "/session") assert.equal(headers.get("x-docker-expose-session-name"), "image-builders");
      }
    }
  });

  it("adds no header for a daemon that a workspace chose", async () => {
    cli.configure({ HttpHeaders: { "X-Meta": secret }, proxies: { default: { httpProxy: proxy } } });
    const engine = createEngineAccess({
      dockerHost: recorder.dockerHost,
      env: { DOCKER_CONFIG: cli.configFolder },
      requestedBy: { kind: "setting", name: "imageBuilders.dockerHost", from: "workspace" },
    });
    const root = temporaryFolder({ Dockerfile: dockerfile });
    await build({ root, imageName: `${uniqueName("settings")}:1`, core: coreOn(engine) });
    assert.ok(recorder.requests().length > 1);
    assert.ok(recorder.requests().every(({ headers }) => !headers.has("x-meta")));
    assert.deepEqual(recorder.buildArgs(), {});
  });

  for (const builder of ["buildkit", "classic"] as const) {
    it(`shows a proxy's password nowhere in a build by ${builder}`, async () => {
      cli.configure({ proxies: { default: { httpProxy: proxy, httpsProxy: proxy, allProxy: proxy } } });
      const { operation, imageName } = await ours({ builder });
      // The step did get it.
      assert.match(outputOf(operation.events), /http=\*+ no= all=\*+$/m);
      const { History } = { History: await askDaemon(`/images/${imageName}/history`) };
      const told = JSON.stringify([operation.events, operation.logged, History]);
      for (const form of [secret, Buffer.from(`user:${secret}`).toString("base64")])
        assert.ok(!told.includes(form), form);
      assert.ok(
        !(await savedImage(imageName)).includes(secret),
        "neither layers nor history nor configuration hold it",
      );

      const failing = temporaryFolder({ Dockerfile: 'FROM busybox:1.35\nRUN echo "$http_proxy" >&2; false\n' });
      const failed = recordingOperation();
      const options = { builder, noCache: true };
      await assert.rejects(
        build({ root: failing, imageName: `${uniqueName("settings")}:1`, options, core: core(), operation: failed }),
        (error: Error) => !`${error.message}${error.stack}${JSON.stringify(error)}${error.cause}`.includes(secret),
      );
      assert.ok(!JSON.stringify([failed.events, failed.logged]).includes(secret));
    });
  }

  it("counts on our own command line, which shows as much progress as BUILDKIT_PROGRESS says", async () => {
    cli.configure({ proxies: { default: { httpProxy: proxy } } });
    const env = { DOCKER_HOST: given("DOCKER_HOST"), DOCKER_CONFIG: cli.configFolder };
    const args = ["build", temporaryFolder({ Dockerfile: dockerfile }), "--no-cache", "--tag", uniqueName("settings")];
    const usual = await runCli(args, { env: { ...env, BUILDKIT_PROGRESS: undefined } });
    assert.equal(usual.code, 0, usual.stderr);
    assert.match(usual.stderr, /http=\*+ no= all=$/m);
    assert.ok(!`${usual.stdout}${usual.stderr}`.includes(secret));
    const quiet = await runCli(args, { env: { ...env, BUILDKIT_PROGRESS: "quiet" } });
    assert.deepEqual([quiet.code, quiet.stderr], [0, ""]);
  });
});
