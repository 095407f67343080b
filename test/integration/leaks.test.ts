import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../../scripts/setup/steps.mjs";
import type { BuildOptions } from "../../src/core/builders/buildOptions";
import type { Component } from "../../src/core/components/component";
import type { ConnectorRecord } from "../../src/core/connectors/connectorType";
import type { SecretValues } from "../../src/core/credentials/secretStore";
import type { ErrorCode } from "../../src/core/errors";
import { awsKeys, googleFiles, jsonWebToken } from "../support/clouds";
import { askDaemon, localBuilder } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { Canaries } from "../support/leaks/canaries";
import { ProcessWatch } from "../support/leaks/processWatch";
import type { CoreProcess } from "../support/namespace/coreProcess";
import type { Outcome } from "../support/namespace/coreMain";
import { logins } from "../support/namespace/issuer";
import { at, RealNames } from "../support/namespace/realNames";
import { savedImage } from "../support/savedImage";

/** Whether builds, pushes, sign-ins and their failures leave a secret anywhere but where a person has put it. */
describe("no secret is left behind", function () {
  this.timeout(180_000);
  const canaries = new Canaries();
  const outcomes: (readonly [what: string, outcome: Outcome<unknown>])[] = [];
  const images: string[] = [];
  let world: RealNames;
  let core: CoreProcess;
  let watch: ProcessWatch;
  /** Where the person keeps secrets. */
  let kept: string;
  /** All other folders that the core may write to. */
  let home: string;

  const registry = (flavor: string, uri: string, connector?: string, configuration: object = {}): Component => ({ name: flavor, type: "container_registry", flavor, configuration: { uri, ...configuration }, ...(connector && { connector }) });
  const google = registry("gcp", `${at.google}/my-project/repo`, "google");
  const hub = registry("dockerhub", "docker.io/team", "hub");
  const azure = registry("azure", at.azure, "azure");
  const stranger = "docker.io/team/stranger:1";

  const wrong = (what: string) => canaries.make(`a wrong ${what}`);
  const stored = (): Record<string, SecretValues> => ({
    hub: logins.hub,
    google: { json: googleFiles.serviceAccount, broken: `{"type":"service_account","private_key":"${wrong("key of Google")}` },
    amazon: { key: awsKeys.secretAccessKey, wrong: wrong("key of Amazon") },
    azure: { token: jsonWebToken("azure", 3600), wrong: wrong("token of Azure") },
    wrong: { username: "team", password: wrong("password") },
    build: { value: canaries.make("a build secret") },
  });
  const connector = (name: string, type: string, authMethod: string, configuration: object, more: Partial<ConnectorRecord> = {}): ConnectorRecord => ({ name, type, authMethod, configuration: { ...configuration }, ...more });
  const amazonKeys = { region: "us-east-1", accessKeyId: awsKeys.accessKeyId };
  const connectors: readonly ConnectorRecord[] = [
    connector("hub", "docker", "password", { username: logins.hub.username, password: "{{hub.password}}" }),
    connector("ended", "docker", "password", { username: logins.hub.username, password: "{{hub.password}}" }, { expiresAt: "2020-01-01T00:00:00Z" }),
    connector("wrong", "docker", "password", { username: "team", password: "{{wrong.password}}" }),
    connector("google", "gcp", "service-account", { serviceAccountJson: "{{google.json}}" }),
    connector("broken-google", "gcp", "service-account", { serviceAccountJson: "{{google.broken}}" }),
    connector("amazon", "aws", "secret-key", { ...amazonKeys, secretAccessKey: "{{amazon.key}}" }),
    connector("wrong-amazon", "aws", "secret-key", { ...amazonKeys, secretAccessKey: "{{amazon.wrong}}" }),
    connector("azure", "azure", "access-token", { token: "{{azure.token}}" }),
    connector("wrong-azure", "azure", "access-token", { token: "{{azure.wrong}}" }),
  ];

  before(async () => {
    world = await RealNames.start();
    home = temporaryFolder();
    mkdirSync(join(home, "tmp"));
    kept = temporaryFolder({
      "docker/config.json": JSON.stringify({
        credHelpers: { [at.github]: "works", [at.password]: "absent", [at.company]: "fails" },
        auths: { [at.far]: { registrytoken: canaries.make("a registry token") } },
      }),
      "broken/config.json": `{"auths": {"ghcr.io": {"auth": "${wrong("Docker configuration")}`,
      "bin/docker-credential-works": `#!/bin/sh\nsleep 0.2\necho '${JSON.stringify({ Username: logins.github.username, Secret: canaries.add("GitHub's token", logins.github.password) })}'\n`,
      "bin/docker-credential-fails": `#!/bin/sh\necho '{"Username":"me","Secret":"${canaries.make("a helper's secret")}"}'\nexit 3\n`,
      "token": canaries.make("a secret in a file"),
    });
    for (const name of ["works", "fails"]) chmodSync(join(kept, `bin/docker-credential-${name}`), 0o755);
    canaries.add("Docker Hub's password", logins.hub.password);
    canaries.add("Amazon's key", awsKeys.secretAccessKey);
    canaries.add("Amazon's login", "ecr-password");
    canaries.add("Google's key", (JSON.parse(googleFiles.serviceAccount) as { private_key: string }).private_key.split("\n")[3] ?? "");
    core = await world.namespace.core({ ...world.env, HOME: home, DOCKER_CONFIG: join(kept, "docker"), PATH: `${kept}/bin:${process.env["PATH"]}` });
    watch = new ProcessWatch(core.pid);
    const secrets = stored();
    canaries.add("Azure's token", secrets["azure"]?.["token"] ?? "");
    await core.get("configure", { connectors, secrets, env: { TMPDIR: join(home, "tmp") } });
  });
  after(async () => {
    watch?.stop();
    await world?.stop();
    removeTemporaryFolders();
  });

  /** Remembers what a job told, and sees that it went as it should: to its end, or to that failure. */
  async function told<Result>(what: string, job: Promise<Outcome<Result>>, code?: ErrorCode): Promise<Outcome<Result>> {
    const outcome = await job;
    outcomes.push([what, outcome]);
    assert.equal(outcome.failure?.code, code, `${what}: ${outcome.failure?.inspected ?? "no failure"}`);
    return outcome;
  }

  /** Builds on nothing but a static program, by which steps see their secrets. */
  function build(imageName: string, component: Component | undefined, steps: string, options: BuildOptions = {}) {
    const root = join(home, `context-${images.push(imageName)}`);
    writeFiles(root, { Dockerfile: `FROM scratch\nCOPY busybox /bin/busybox\n${steps}` });
    cpSync(findProgram("busybox") ?? "", join(root, "busybox"));
    return core.run("buildAndPush", { root, imageName, builder: localBuilder, registry: component, options });
  }
  const showing = (status: number, secret: string) => ({ status, body: { errors: [{ code: "UNAUTHORIZED", message: `I do not know ${secret}` }] } });

  it("by builds that are given secrets, whether they succeed or not", async () => {
    const step = 'RUN --mount=type=secret,id=stored --mount=type=secret,id=file ["/bin/busybox", "sha256sum", "/run/secrets/stored", "/run/secrets/file"]\n';
    const secrets = { stored: { secret: "build" }, file: { file: join(kept, "token") } };
    const { events } = await told("a build with secrets", build("docker.io/team/app:1", hub, step, { secrets }));
    assert.match(JSON.stringify(events), /[0-9a-f]{64} {2}\/run\/secrets\/file/, "the step has seen them");
    await told("a build that fails", build("local:1", undefined, `${step}RUN ["/bin/busybox", "false"]\n`, { secrets }), "buildFailed");
    await told("a build without its secret", build("local:2", undefined, step.replaceAll(",id", ",required,id")), "secretUnavailable");
    images.splice(-2);
  });

  it("by pushes with every source of logins, nor by the base images that need one", async () => {
    const amazon = registry("aws", at.amazon, "amazon", { createMissingRepositories: true });
    await told("a push by a helper", build(`${at.github}/team/base:1`, registry("github", at.github), ""));
    for (const builder of ["buildkit", "classic"] as const) {
      const root = join(home, `context-${images.push(`based-${builder}:1`)}`);
      writeFiles(root, { Dockerfile: `FROM ${at.github}/team/base:1\nCOPY Dockerfile /\n` });
      await told(`a build by ${builder} on a private image`, core.run("buildAndPush", { root, imageName: `based-${builder}:1`, builder: localBuilder, options: { builder, pull: true } }));
    }
    await told("a push to Google's", build(`${at.google}/my-project/repo/app:1`, google, ""));
    await told("a push to Amazon's", build(`${at.amazon}/team/app:1`, amazon, ""));
    await told("a push to Azure's", build(`${at.azure}/app:1`, azure, ""));
    await told("a push by a registry token", build(`${at.far}/app:1`, registry("default", at.far), ""));
    for (const component of [hub, google, amazon, azure]) await told(`a check of ${component.name}`, core.run("check", { registry: component, repository: "team/app" }).then(({ failure: _, ...rest }) => rest));
  });

  it("by logins that are refused, have ended, or cannot be had", async () => {
    const push = (what: string, component: Component, imageName: string, code: ErrorCode) => told(what, build(imageName, component, ""), code);
    await push("a wrong password", { ...hub, connector: "wrong" }, stranger, "pushFailed");
    await push("a connector that has ended", { ...hub, connector: "ended" }, stranger, "connectorExpired");
    await push("a helper that is absent", registry("default", at.password), `${at.password}/app:1`, "credentialsFailed");
    await push("a helper that fails after it has told", registry("default", at.company), `${at.company}/app:1`, "credentialsFailed");
    await push("a key that is broken", { ...google, connector: "broken-google" }, `${at.google}/my-project/repo/app:1`, "connectorFailed");
    await push("a wrong key", registry("aws", at.amazon, "wrong-amazon"), `${at.amazon}/team/app:1`, "connectorFailed");
    await push("a wrong token", { ...azure, connector: "wrong-azure" }, `${at.azure}/app:1`, "connectorFailed");
    await core.get("configure", { connectors, secrets: stored(), env: { DOCKER_CONFIG: join(kept, "broken") } });
    await push("a broken Docker configuration", registry("github", at.github), `${at.github}/app:1`, "credentialsFailed");
  });

  it("by services that fail, or quote what they were shown", async () => {
    await core.get("configure", { connectors, secrets: stored(), env: { DOCKER_CONFIG: join(kept, "docker") } });
    world.tokens.refusal = showing(401, logins.hub.password);
    await told("a push at a token service that quotes the password", build("docker.io/team/app:2", hub, ""), "pushFailed");
    for (const status of [401, 500, 503]) {
      world.tokens.refusal = showing(status, logins.hub.password);
      const check = await told(`a check at a token service that answers ${status}`, core.run("check", { registry: hub, repository: "team/app" }));
      assert.ok(check.result?.outcome === "failed" && /I do not know \*\*\*/.test(check.result.message), JSON.stringify(check.result));
    }
    world.tokens.refusal = undefined;
    world.hosts.serve(`${at.azure}/oauth2/exchange`, ({ body }) => showing(403, new URLSearchParams(body).get("access_token") ?? ""));
    await told("an exchange that quotes the token", build(`${at.azure}/app:2`, { ...azure, connector: "wrong-azure" }, ""), "connectorFailed");
  });

  it("by components that are registered, and secrets in plain text are refused", async () => {
    const file = join(home, "settings.json");
    await told("a registration", core.run("register", { file, registration: { ...hub, connect: { connector: "hub" } } }));
    assert.match(readFileSync(file, "utf8"), /"connector":"hub"/);
    const plain = [connector("plain", "docker", "password", { username: "team", password: canaries.make("a password in plain text") })];
    await core.get("configure", { connectors: plain, secrets: {} });
    await told("a password in plain text", core.run("register", { file, registration: { ...hub, connect: { connector: "plain" } } }), "configurationInvalid");
  });

  describe("in", () => {
    before(() => {
      for (const token of world.issuer.google.keys()) canaries.add(`Google's token ${token.length}-${Math.random()}`, token);
      world.tokens.issued.forEach((token, index) => canaries.add(`token ${index} of a registry`, token));
    });

    it("what was told: results, logs, progress, errors with their causes", () => {
      for (const [what, outcome] of outcomes) assert.deepEqual(canaries.in(JSON.stringify(outcome)), [], what);
      assert.ok(outcomes.length >= 25);
    });

    it("the arguments and the environment of what was started [Z143]", () => {
      watch.stop();
      assert.ok([...watch.seen].some((text) => text.startsWith("cmdline") && text.includes("docker-credential-works get")), "the helper was seen");
      for (const text of watch.seen) assert.deepEqual(canaries.in(text), [], text);
    });

    it("the images, their history and their configuration", async () => {
      const socket = world.namespace.dockerHost.replace("unix://", "");
      for (const image of new Set(images)) {
        const texts = [await savedImage(image, world.namespace.dockerHost), ...(await Promise.all(["json", "history"].map((kind) => askDaemon(`/images/${image}/${kind}`, "GET", socket)))).map((answer) => JSON.stringify(answer))];
        for (const text of texts) assert.deepEqual(canaries.in(text), [], image);
      }
    });

    it("any file: of the person, for a time, of the daemon", () => {
      assert.ok(canaries.below(kept).length >= 5, "they are found where they are");
      assert.deepEqual(canaries.below(home), []);
      // The daemon itself writes down what services tell it, quotes included.
      assert.deepEqual(canaries.below(world.namespace.folder).filter((found) => !found.startsWith("daemon/dockerd.log")), []);
    });
  });
});
