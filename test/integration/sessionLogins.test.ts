import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Registry } from "../../scripts/engines/registry.mjs";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import { ImageBuilderError } from "../../src/core/base/errors";
import { Authority } from "../support/certificates";
import { CountingProxy } from "../support/countingProxy";
import {
  askDaemon,
  authRegistry,
  build,
  coreOn,
  credentialsFor,
  engineAt,
  given,
  login,
  uniqueName,
} from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { recordingOperation, type RecordingOperation } from "../support/operation";
import { TokenServer } from "../support/tokenServer";

/** Long enough to be found in what is sent. */
const password = `password-${randomBytes(16).toString("hex")}`;

describe("the daemon's logins to registries", function () {
  this.timeout(120_000);
  let tokens: TokenServer;
  let registry: Registry;
  let proxy: CountingProxy;
  let base: string;
  let writesCaches: boolean;
  let credentials: ReturnType<typeof credentialsFor>;

  before(async () => {
    // Docker's BuildKit writes caches into registries with containerd's image store only.
    writesCaches = JSON.stringify(await askDaemon("/info")).includes("io.containerd.snapshotter.v1");
    tokens = await TokenServer.start(new Authority(temporaryFolder(), "authority"), (user, given) =>
      given === password ? (user === "reader" ? ["pull"] : ["pull", "push"]) : undefined,
    );
    registry = await new Registry(temporaryFolder(), { tokenService: tokens.service }).start();
    credentials = credentialsFor({ [registry.address]: { username: "test", password }, [authRegistry()]: login() });
    base = `${registry.address}/${uniqueName("base")}:1`;
    await pushed(base, registry.address);
    proxy = await CountingProxy.start();
  });
  beforeEach(() => (tokens.requests.length = 0));
  after(async () => {
    await proxy.stop();
    await registry.remove();
    await tokens.stop();
    removeTemporaryFolders();
  });

  /** Pushes an image and takes it away here, so that whoever stands on it has to fetch it. */
  async function pushed(imageName: string, at: string): Promise<void> {
    await build({
      root: temporaryFolder({ Dockerfile: "FROM scratch\nCOPY mark /mark\n", mark: imageName }),
      imageName,
      registry: at,
      core: coreOn(undefined, credentials),
    });
    await askDaemon(`/images/${imageName}?force=1`, "DELETE");
  }

  async function through(
    dockerfile: string,
    options: BuildOptions = {},
    operation: RecordingOperation = recordingOperation(),
    known = credentials,
  ): Promise<number> {
    const root = temporaryFolder({ Dockerfile: dockerfile, mark: randomBytes(8).toString("hex") });
    const core = coreOn(engineAt(proxy.dockerHost), known);
    return proxy.countDuring(password, () =>
      build({
        root,
        imageName: `${uniqueName()}:1`,
        options: { builder: "buildkit", pull: true, noCache: true, ...options },
        core,
        operation,
      }),
    );
  }

  it("are tokens where a registry has them: the password is never sent", async () => {
    const operation = recordingOperation();
    assert.equal(await through(`FROM ${base}\nCOPY mark /\n`, {}, operation), 0);
    const { path } = /^[^/]+\/(?<path>[^:]+)/.exec(base)?.groups as { path: string };
    assert.deepEqual([...new Set(tokens.requests.map(({ scope }) => scope))], [`repository:${path}:pull`]);
    assert.match(
      operation.logged.join("\n"),
      new RegExp(
        `info: The daemon requested credentials for ${registry.address}\\. ` +
          "A short-lived token was sent, issued with the credentials from the test\\.",
      ),
    );
    assert.ok(!operation.logged.join("\n").includes(password));
  });

  it("are tokens for caches, to push only what is written", async () => {
    const cache = uniqueName("cache");
    const writing = through(`FROM ${base}\nCOPY mark /\n`, {
      cacheTo: [`type=registry,ref=${registry.address}/${cache}:1`],
    });
    if (writesCaches) {
      assert.equal(await writing, 0);
      assert.ok(
        tokens.requests.some(({ scope }) => scope === `repository:${cache}:pull,push`),
        JSON.stringify(tokens.requests),
      );
    } else await assert.rejects(writing, /unknown cache exporter/);
    tokens.requests.length = 0;
    assert.equal(
      await through(`FROM scratch\nCOPY mark /\n`, { noCache: false, cacheFrom: [`${registry.address}/${cache}:1`] }),
      0,
    );
    assert.deepEqual([...new Set(tokens.requests.map(({ scope }) => scope))], [`repository:${cache}:pull`]);
  });

  it("are tokens for images that only COPY --from names", async () => {
    const other = `${registry.address}/${uniqueName("other")}:1`;
    await pushed(other, registry.address);
    tokens.requests.length = 0;
    assert.equal(await through(`FROM scratch\nCOPY --from=${other} /mark /\n`), 0);
    assert.ok(tokens.requests.length > 0);
  });

  it("say in the service's words that the login is wrong", async () => {
    const wrong = credentialsFor({ [registry.address]: { username: "test", password: "not-the-password" } });
    await assert.rejects(through(`FROM ${base}\n`, {}, recordingOperation(), wrong), (error) => {
      assert.ok(ImageBuilderError.is(error, "buildFailed"), String(error));
      assert.match(error.message, /rejected the credentials from the test/);
      return true;
    });
  });

  it("are the password where a registry knows nothing else", async () => {
    const basic = `${authRegistry()}/${uniqueName("basic")}:1`;
    await pushed(basic, authRegistry());
    const operation = recordingOperation();
    const root = temporaryFolder({ Dockerfile: `FROM ${basic}\n` });
    await build({
      root,
      imageName: `${uniqueName()}:1`,
      options: { builder: "buildkit", pull: true },
      core: coreOn(engineAt(proxy.dockerHost), credentials),
      operation,
    });
    assert.match(
      operation.logged.join("\n"),
      new RegExp(
        `The daemon requested credentials for ${authRegistry()}\\. The credentials from the test were sent\\.`,
      ),
    );
  });

  it("are none to the classic builder but for the registries that the Dockerfile names", async () => {
    assert.equal(await through(`FROM scratch\nCOPY mark /\n`, { builder: "classic" }), 0);
    assert.ok(given("DOCKER_HOST"));
  });
});
