import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { findProgram } from "../../scripts/setup/steps.mjs";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import type { Component } from "../../src/core/base/component";
import type { ErrorCode } from "../../src/core/base/errors";
import { askDaemon, localBuilder } from "../support/engine";
import { removeTemporaryFolders, writeFiles } from "../support/folder";
import { Canaries, formsOf } from "../support/leaks/canaries";
import {
  connector,
  connectors,
  registry,
  secretVariable,
  startSecretWorld,
  type SecretWorld,
} from "../support/leaks/secretWorld";
import type { Outcome } from "../support/namespace/coreMain";
import { logins } from "../support/namespace/issuer";
import { at } from "../support/namespace/realNames";
import { savedImage } from "../support/savedImage";
import { until } from "../support/until";

/**
 * Whether builds, pushes, sign-ins, their failures and cancels leave a secret anywhere but where a person has put it.
 */
describe("no secret is left behind", function () {
  this.timeout(180_000);
  const canaries = new Canaries();
  const outcomes: (readonly [what: string, outcome: Outcome<unknown>])[] = [];
  const images: string[] = [];
  let setting: SecretWorld;

  const google = registry("gcp", `${at.google}/my-project/repo`, "google");
  const hub = registry("dockerhub", "docker.io/team", "hub");
  const azure = registry("azure", at.azure, "azure");
  const stranger = "docker.io/team/stranger:1";
  const settingsFile = () => join(setting.home, "settings.json");
  const daemonHost = () => setting.world.namespace.dockerHost;

  before(async () => void (setting = await startSecretWorld(canaries)));
  after(async () => {
    setting?.processes.stop();
    setting?.files.stop();
    await setting?.world.stop();
    removeTemporaryFolders();
  });

  /** Remembers what a job told, and sees that it went as it should: to its end, or to that failure. */
  async function told<Result>(
    what: string,
    job: Promise<Outcome<Result>>,
    code?: ErrorCode,
    cancel?: RegExp,
  ): Promise<Outcome<Result>> {
    const outcome = await job;
    outcomes.push([what, outcome]);
    assert.equal(outcome.failure?.code, code, `${what}: ${outcome.failure?.inspected ?? "no failure"}`);
    assert.match(outcome.failure?.inspected ?? "", cancel ?? /(?:)/, what);
    return outcome;
  }

  /** Builds on nothing but a static program, by which steps see their secrets. */
  function build(
    imageName: string,
    component: Component | undefined,
    steps: string,
    options: BuildOptions = {},
    cancelWhen?: string,
  ) {
    const root = join(setting.home, `context-${images.push(imageName)}`);
    writeFiles(root, { Dockerfile: `FROM scratch\nCOPY busybox /bin/busybox\n${steps}` });
    cpSync(findProgram("busybox") ?? "", join(root, "busybox"));
    return setting.core.run("buildAndPush", {
      root,
      imageName,
      builder: localBuilder,
      registry: component,
      options,
      cancelWhen,
    });
  }
  const showing = (status: number, secret: string) => ({
    status,
    body: { errors: [{ code: "UNAUTHORIZED", message: `I do not know ${secret}` }] },
  });

  /** Changes what the core is configured with; what is not named stays as it was begun with. */
  const configure = (env: NodeJS.ProcessEnv) =>
    setting.core.get("configure", { connectors, secrets: setting.stored, env });

  it("by builds that are given secrets and keys, whether they succeed, fail or are cancelled", async () => {
    const mounts = ["stored", "file", "variable"].map((id) => `--mount=type=secret,id=${id}`).join(" ");
    const step =
      `RUN ${mounts} --mount=type=ssh,required ["/bin/busybox", "sha256sum", "/run/secrets/stored", ` +
      '"/run/secrets/file", "/run/secrets/variable"]\n';
    const given = (stored: string): BuildOptions => ({
      secrets: {
        stored: { secret: stored },
        file: { file: join(setting.kept, "token") },
        variable: { env: secretVariable },
      },
      ssh: { default: setting.keyFile },
      noCache: true,
    });
    const { events } = await told("a build with secrets", build("docker.io/team/app:1", hub, step, given("build")));
    assert.match(JSON.stringify(events), /[0-9a-f]{64} {2}\/run\/secrets\/variable/, "the step has seen them");
    await told(
      "a build that fails",
      build("local:1", undefined, `${step}RUN ["/bin/busybox", "false"]\n`, given("failing")),
      "buildFailed",
    );
    await told(
      "a build that is cancelled",
      build(
        "local:2",
        undefined,
        `${step}RUN ["/bin/busybox", "sleep", "100"]\n`,
        given("cancelled"),
        "/run/secrets/stored",
      ),
      undefined,
      /cancelled by a person/,
    );
    await told(
      "a build without its secret",
      build("local:3", undefined, step.replaceAll(",id", ",required,id").replace("ssh,required", "ssh")),
      "secretUnavailable",
    );
    images.splice(-3);
  });

  it("by pushes with every source of logins, nor by the base images that need one", async () => {
    const amazon = registry("aws", at.amazon, "amazon", { createMissingRepositories: true });
    await told("a push by a helper", build(`${at.github}/team/base:1`, registry("github", at.github), ""));
    for (const builder of ["buildkit", "classic"] as const) {
      const root = join(setting.home, `context-${images.push(`based-${builder}:1`)}`);
      writeFiles(root, { Dockerfile: `FROM ${at.github}/team/base:1\nCOPY Dockerfile /\n` });
      await told(
        `a build by ${builder} on a private image`,
        setting.core.run("buildAndPush", {
          root,
          imageName: `based-${builder}:1`,
          builder: localBuilder,
          options: { builder, pull: true },
        }),
      );
    }
    await told("a push to Google's", build(`${at.google}/my-project/repo/app:1`, google, ""));
    await told("a push to Amazon's", build(`${at.amazon}/team/app:1`, amazon, ""));
    await told("a push to Azure's", build(`${at.azure}/app:1`, azure, ""));
    await told("a push by a registry token", build(`${at.far}/app:1`, registry("default", at.far), ""));
    await told(
      "a push by an identity token",
      build(`${at.google}/my-project/repo/app:2`, registry("gcp", `${at.google}/my-project/repo`), ""),
    );
    await told(
      "a push by a password in Docker's configuration",
      build(`${at.azure}/app:3`, registry("azure", at.azure), ""),
      "pushFailed",
    );
    for (const component of [hub, google, amazon, azure])
      await told(
        `a check of ${component.name}`,
        setting.core
          .run("check", { registry: component, repository: "team/app" })
          .then(({ failure: _, ...rest }) => rest),
      );
  });

  it("by caches in registries that need a login", async () => {
    const cache = "type=registry,ref=docker.io/team/app:1";
    await told(
      "a build with a cache",
      build("docker.io/team/cached:1", hub, "", { cacheFrom: [cache], builder: "buildkit" }),
    );
    await told(
      "a build that sends its cache",
      build("docker.io/team/cached:2", hub, "", { cacheTo: ["type=inline"], builder: "buildkit" }),
    );
    await told(
      "a build whose daemon can send no cache",
      build("docker.io/team/cached:3", hub, "", { cacheTo: [`${cache},mode=max`], builder: "buildkit" }),
      "buildFailed",
    );
    images.splice(-1);
  });

  it("by logins that are refused, have ended, or cannot be had", async () => {
    const push = (what: string, component: Component, imageName: string, code: ErrorCode) =>
      told(what, build(imageName, component, ""), code);
    await push("a wrong password", { ...hub, connector: "wrong" }, stranger, "pushFailed");
    await push(
      "a wrong password of a component",
      registry("dockerhub", "docker.io/team", undefined, { authenticationSecret: "component" }),
      stranger,
      "pushFailed",
    );
    await push("a connector that has ended", { ...hub, connector: "ended" }, stranger, "connectorExpired");
    await push(
      "a helper that is absent",
      registry("default", at.password),
      `${at.password}/app:1`,
      "credentialsFailed",
    );
    await push(
      "a helper that fails after it has told",
      registry("default", at.company),
      `${at.company}/app:1`,
      "credentialsFailed",
    );
    await push(
      "a key that is broken",
      { ...google, connector: "broken-google" },
      `${at.google}/my-project/repo/app:1`,
      "connectorFailed",
    );
    await push("a wrong key", registry("aws", at.amazon, "wrong-amazon"), `${at.amazon}/team/app:1`, "connectorFailed");
    await push("a wrong token", { ...azure, connector: "wrong-azure" }, `${at.azure}/app:1`, "connectorFailed");
    await configure({ DOCKER_CONFIG: join(setting.kept, "broken") });
    await push(
      "a broken Docker configuration",
      registry("github", at.github),
      `${at.github}/app:1`,
      "credentialsFailed",
    );
  });

  it("by services that fail, or quote what they were shown", async () => {
    await configure({ DOCKER_CONFIG: join(setting.kept, "docker") });
    const { world } = setting;
    world.tokens.refusal = showing(401, logins.hub.password);
    await told(
      "a push at a token service that quotes the password",
      build("docker.io/team/app:2", hub, ""),
      "pushFailed",
    );
    const encodings = {
      encodeURIComponent,
      hex: (text: string) => Buffer.from(text).toString("hex"),
      ...Object.fromEntries(
        ["a:", "ab:", "abc:"].map((before) => [
          `base64 after ${before}`,
          (text: string) => Buffer.from(`${before}${text}`).toString("base64"),
        ]),
      ),
    };
    for (const [how, encode] of Object.entries(encodings)) {
      world.tokens.refusal = showing(401, encode(logins.hub.password));
      const check = await told(
        `a check at a token service that quotes the password as ${how}`,
        setting.core.run("check", { registry: hub, repository: "team/app" }),
      );
      assert.ok(
        check.result?.outcome === "failed" && /I do not know .*\*\*\*/.test(check.result.message),
        JSON.stringify(check.result),
      );
    }
    for (const status of [401, 500, 503]) {
      world.tokens.refusal = showing(status, logins.hub.password);
      const check = await told(
        `a check at a token service that answers ${status}`,
        setting.core.run("check", { registry: hub, repository: "team/app" }),
      );
      assert.ok(
        check.result?.outcome === "failed" && /I do not know \*\*\*/.test(check.result.message),
        JSON.stringify(check.result),
      );
    }
    world.tokens.refusal = undefined;
    world.hosts.serve(`${at.azure}/oauth2/exchange`, ({ body }) =>
      showing(403, new URLSearchParams(body).get("access_token") ?? ""),
    );
    await told(
      "an exchange that quotes the token",
      build(`${at.azure}/app:2`, { ...azure, connector: "wrong-azure" }, ""),
      "connectorFailed",
    );
  });

  it("by proxies that have a login, and refuse or are absent", async () => {
    const login = encodeURIComponent(canaries.make("a proxy's password"));
    const check = (what: string, host: string) =>
      told(what, setting.core.run("check", { registry: registry("default", host), repository: "app" }));
    for (const [what, proxy] of [
      ["a proxy", "proxy.example.test:3128"],
      ["a proxy that is absent", "proxy.example.test:1"],
      ["a proxy with a port that is none", "proxy.example.test:port"],
    ]) {
      await configure({ HTTPS_PROXY: `http://team:${login}@${proxy}` });
      await check(`a check by ${what}`, at.far);
      await check(`a check by ${what} of a host that is nowhere`, at.nowhere);
    }
    await configure(setting.world.env);
  });

  it("by components that are registered, and secrets in plain text are refused", async () => {
    const file = settingsFile();
    const { core } = setting;
    await told(
      "a registration",
      core.run("register", { file, registration: { ...hub, connect: { connector: "hub" } } }),
    );
    assert.match(readFileSync(file, "utf8"), /"connector":"hub"/);
    const plain = [
      connector("plain", "docker", "password", {
        username: "team",
        password: canaries.make("a password in plain text"),
      }),
    ];
    await core.get("configure", { connectors: plain, secrets: {} });
    await told(
      "a password in plain text",
      core.run("register", {
        file: join(setting.home, "refused.json"),
        registration: { ...hub, connect: { connector: "plain" } },
      }),
      "configurationInvalid",
    );
  });

  describe("in", () => {
    const planted = new Canaries();
    const mark = planted.make("planted");
    /** Is found in each place, so that a search that is blind there fails. */
    const isFound = (found: readonly string[], where: string) =>
      assert.ok(found.length > 0, `the search finds what is planted in ${where}`);

    before(async () => {
      const { world, core, temporary, home } = setting;
      [...world.issuer.google.keys()].forEach((token, index) => canaries.add(`Google's token ${index}`, token));
      world.tokens.issued.forEach((token, index) => canaries.add(`token ${index} of a registry`, token));
      console.log(
        `      ${canaries.count} secrets, ${outcomes.length} jobs, ${setting.processes.seen.size} command lines ` +
          "and environments",
      );
      assert.ok(canaries.count >= 30, `${canaries.count} secrets`);
      // Arguments of builds are no secrets: the image's history tells them. So they serve to see that the searches see.
      await core.get("configure", { connectors, secrets: setting.stored, env: { ...world.env, PLANTED: mark } });
      const marked = 'ARG PLANTED\nCOPY planted /\nRUN ["/bin/busybox", "true"]\n';
      writeFiles(join(home, `context-${images.length + 1}`), { planted: mark });
      const { failure } = await build(`${at.github}/team/planted:1`, registry("github", at.github), marked, {
        buildArgs: { PLANTED: mark },
      });
      assert.equal(failure, undefined, failure?.inspected);
      images.pop();
      writeFileSync(join(temporary, "planted"), mark);
      const sleeping = spawn("sleep", ["60"], { argv0: mark });
      await until(
        () => setting.files.seen.size > 0 && planted.in([...setting.processes.seen].join("\n")).length > 0,
        "the watches have seen it",
      ).finally(() => sleeping.kill());
      rmSync(join(temporary, "planted"));
      setting.processes.stop();
      setting.files.stop();
    });

    it("any form in which a search must see it", () => {
      for (const form of formsOf(mark))
        isFound(planted.in(Buffer.concat([Buffer.from("x"), form, Buffer.from("y")])), form.toString("latin1"));
      for (const before of ["", "a", "ab"])
        isFound(planted.in(Buffer.from(`${before}${mark}z`).toString("base64")), `base64 after ${before.length} bytes`);
      isFound(planted.in(gzipSync(mark)), "a compressed file");
      assert.deepEqual(planted.in(mark.slice(0, -12)), []);
    });

    it("what was told: results, logs, progress, errors with their causes", () => {
      for (const [what, outcome] of outcomes) assert.deepEqual(canaries.in(JSON.stringify(outcome)), [], what);
      assert.ok(outcomes.length >= 35);
      isFound(planted.in(JSON.stringify({ logged: [`debug: ${mark}`] })), "a log");
    });

    it("the arguments of all processes and the environment of what was started [Z143]", () => {
      const seen = [...setting.processes.seen];
      assert.ok(
        seen.some((text) => text.startsWith("cmdline") && text.includes("docker-credential-works get")),
        "the helper was seen",
      );
      isFound(planted.in(seen.filter((text) => text.startsWith("cmdline")).join("\n")), "an argument");
      isFound(planted.in(seen.filter((text) => text.startsWith("environ")).join("\n")), "an environment");
      // A variable that the person has set is handed on to what the person's own helpers are, as by every shell.
      const own = new RegExp(`(?:${secretVariable}|HTTPS_PROXY)=\\S*`, "g");
      for (const text of seen)
        assert.deepEqual(canaries.in(text.startsWith("environ") ? text.replaceAll(own, "") : text), [], text);
    });

    it("the images, their history and their configuration", async () => {
      const all = async (image: string) => [
        await savedImage(image, daemonHost()),
        ...(
          await Promise.all(
            ["json", "history"].map((kind) =>
              askDaemon(`/images/${image}/${kind}`, "GET", daemonHost().replace("unix://", "")),
            ),
          )
        ).map((answer) => JSON.stringify(answer)),
      ];
      for (const image of new Set(images))
        for (const text of await all(image)) assert.deepEqual(canaries.in(text), [], image);
      for (const [where, text] of Object.entries(await all(`${at.github}/team/planted:1`)))
        if (where !== "1") isFound(planted.in(text), `part ${where} of an image`);
    });

    it("the settings, and any file: of the person, for a time, of the daemon and of the registries", () => {
      const { home, kept, world, files } = setting;
      assert.ok(canaries.below(kept).length >= 8, "they are found where they are");
      assert.deepEqual(canaries.below(home), []);
      isFound(planted.below(home), "the home folder");
      assert.deepEqual(
        [...files.seen].flatMap(([path, content]) => canaries.in(content).map((what) => `${path}: ${what}`)),
        [],
      );
      isFound(
        [...files.seen.values()].flatMap((content) => planted.in(content)),
        "a temporary file",
      );
      // The daemon itself writes down what services tell it, quotes included.
      assert.deepEqual(
        canaries.below(world.namespace.folder).filter((found) => found !== "daemon/dockerd.log: Docker Hub's password"),
        [],
      );
      isFound(planted.below(world.namespace.folder), "the daemon's disk");
      for (const folder of world.registryFolders) assert.deepEqual(canaries.below(folder), []);
      isFound(
        world.registryFolders.flatMap((folder) => planted.below(folder)),
        "a registry's disk",
      );
      const settings = readFileSync(settingsFile(), "utf8");
      assert.match(settings, /"connector":"hub"/);
      writeFileSync(settingsFile(), settings.replace('"connector":"hub"', `"connector":${JSON.stringify(mark)}`));
      isFound(planted.in(readFileSync(settingsFile(), "utf8")), "the settings");
    });
  });
});
