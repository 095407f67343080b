import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import type { Component } from "../../src/core/base/component";
import type { ErrorCode } from "../../src/core/base/errors";
import { localBuilder } from "../support/engine";
import { writeFiles } from "../support/folder";
import { connector, registry, secretVariable } from "../support/leaks/secretWorld";
import { logins } from "../support/namespace/issuer";
import { at } from "../support/namespace/realNames";

import type { CanaryJobs } from "../support/leaks/canaryJobs";

const google = registry("gcp", `${at.google}/my-project/repo`, "google");
const hub = registry("dockerhub", "docker.io/team", "hub");
const azure = registry("azure", at.azure, "azure");
const stranger = "docker.io/team/stranger:1";

const showing = (status: number, secret: string) => ({
  status,
  body: { errors: [{ code: "UNAUTHORIZED", message: `I do not know ${secret}` }] },
});

/** Builds that are given secrets and keys, to their end, to a failure, and to a cancel. */
export async function buildsWithSecrets(jobs: CanaryJobs): Promise<void> {
  const mounts = ["stored", "file", "variable"].map((id) => `--mount=type=secret,id=${id}`).join(" ");
  const step =
    `RUN ${mounts} --mount=type=ssh,required ["/bin/busybox", "sha256sum", "/run/secrets/stored", ` +
    '"/run/secrets/file", "/run/secrets/variable"]\n';
  const given = (stored: string): BuildOptions => ({
    secrets: {
      stored: { secret: stored },
      file: { file: join(jobs.setting.kept, "token") },
      variable: { env: secretVariable },
    },
    ssh: { default: jobs.setting.keyFile },
    noCache: true,
  });
  const { events } = await jobs.told(
    "a build with secrets",
    jobs.build("docker.io/team/app:1", hub, step, given("build")),
  );
  assert.match(JSON.stringify(events), /[0-9a-f]{64} {2}\/run\/secrets\/variable/, "the step has seen them");
  await jobs.told(
    "a build that fails",
    jobs.build("local:1", undefined, `${step}RUN ["/bin/busybox", "false"]\n`, given("failing")),
    "buildFailed",
  );
  await jobs.told(
    "a build that is cancelled",
    jobs.build(
      "local:2",
      undefined,
      `${step}RUN ["/bin/busybox", "sleep", "100"]\n`,
      given("cancelled"),
      "/run/secrets/stored",
    ),
    undefined,
    /cancelled by a person/,
  );
  await jobs.told(
    "a build without its secret",
    jobs.build("local:3", undefined, step.replaceAll(",id", ",required,id").replace("ssh,required", "ssh")),
    "secretUnavailable",
  );
  jobs.images.splice(-3);
}

/** Pushes with every source of logins, and a base image that needs one. */
export async function pushesWithLogins(jobs: CanaryJobs): Promise<void> {
  const amazon = registry("aws", at.amazon, "amazon", { createMissingRepositories: true });
  await jobs.told("a push by a helper", jobs.build(`${at.github}/team/base:1`, registry("github", at.github), ""));
  for (const builder of ["buildkit", "classic"] as const) {
    const root = join(jobs.setting.home, `context-${jobs.images.push(`based-${builder}:1`)}`);
    writeFiles(root, { Dockerfile: `FROM ${at.github}/team/base:1\nCOPY Dockerfile /\n` });
    await jobs.told(
      `a build by ${builder} on a private image`,
      jobs.setting.core.run("buildAndPush", {
        root,
        imageName: `based-${builder}:1`,
        builder: localBuilder,
        options: { builder, pull: true },
      }),
    );
  }
  await jobs.told("a push to Google's", jobs.build(`${at.google}/my-project/repo/app:1`, google, ""));
  await jobs.told("a push to Amazon's", jobs.build(`${at.amazon}/team/app:1`, amazon, ""));
  await jobs.told("a push to Azure's", jobs.build(`${at.azure}/app:1`, azure, ""));
  await jobs.told("a push by a registry token", jobs.build(`${at.far}/app:1`, registry("default", at.far), ""));
  await jobs.told(
    "a push by an identity token",
    jobs.build(`${at.google}/my-project/repo/app:2`, registry("gcp", `${at.google}/my-project/repo`), ""),
  );
  await jobs.told(
    "a push by a password in Docker's configuration",
    jobs.build(`${at.azure}/app:3`, registry("azure", at.azure), ""),
    "pushFailed",
  );
  for (const component of [hub, google, amazon, azure])
    await jobs.told(
      `a check of ${component.name}`,
      jobs.setting.core
        .run("check", { registry: component, repository: "team/app" })
        .then(({ failure: _, ...rest }) => rest),
    );
}

/** Caches in registries that need a login. */
export async function cachesWithLogins(jobs: CanaryJobs): Promise<void> {
  const cache = "type=registry,ref=docker.io/team/app:1";
  await jobs.told(
    "a build with a cache",
    jobs.build("docker.io/team/cached:1", hub, "", { cacheFrom: [cache], builder: "buildkit" }),
  );
  await jobs.told(
    "a build that sends its cache",
    jobs.build("docker.io/team/cached:2", hub, "", { cacheTo: ["type=inline"], builder: "buildkit" }),
  );
  await jobs.told(
    "a build whose daemon can send no cache",
    jobs.build("docker.io/team/cached:3", hub, "", { cacheTo: [`${cache},mode=max`], builder: "buildkit" }),
    "buildFailed",
  );
  jobs.images.splice(-1);
}

/** Pushes with logins that are refused, have ended, or cannot be had. */
export async function loginsThatFail(jobs: CanaryJobs): Promise<void> {
  const push = (what: string, component: Component, imageName: string, code: ErrorCode) =>
    jobs.told(what, jobs.build(imageName, component, ""), code);
  await push("a wrong password", { ...hub, connector: "wrong" }, stranger, "pushFailed");
  await push(
    "a wrong password of a component",
    registry("dockerhub", "docker.io/team", undefined, { authenticationSecret: "component" }),
    stranger,
    "pushFailed",
  );
  await push("a connector that has ended", { ...hub, connector: "ended" }, stranger, "connectorExpired");
  await push("a helper that is absent", registry("default", at.password), `${at.password}/app:1`, "pushFailed");
  await push(
    "a helper that fails after it has told",
    registry("default", at.company),
    `${at.company}/app:1`,
    "pushFailed",
  );
  await push(
    "a key that is broken",
    { ...google, connector: "broken-google" },
    `${at.google}/my-project/repo/app:1`,
    "connectorFailed",
  );
  await push("a wrong key", registry("aws", at.amazon, "wrong-amazon"), `${at.amazon}/team/app:1`, "connectorFailed");
  await push("a wrong token", { ...azure, connector: "wrong-azure" }, `${at.azure}/app:1`, "connectorFailed");
  await jobs.configure({ DOCKER_CONFIG: join(jobs.setting.kept, "broken") });
  await push("a broken Docker configuration", registry("github", at.github), `${at.github}/app:1`, "pushFailed");
}

/** Pushes and builds at services that fail, or quote what they were shown. */
export async function servicesThatFail(jobs: CanaryJobs): Promise<void> {
  await jobs.configure({ DOCKER_CONFIG: join(jobs.setting.kept, "docker") });
  const { world } = jobs.setting;
  world.tokens.refusal = showing(401, logins.hub.password);
  await jobs.told(
    "a push at a token service that quotes the password",
    jobs.build("docker.io/team/app:2", hub, ""),
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
    const check = await jobs.told(
      `a check at a token service that quotes the password as ${how}`,
      jobs.setting.core.run("check", { registry: hub, repository: "team/app" }),
    );
    assert.ok(
      check.result?.outcome === "failed" && /I do not know .*\*\*\*/.test(check.result.message),
      JSON.stringify(check.result),
    );
  }
  for (const status of [401, 500, 503]) {
    world.tokens.refusal = showing(status, logins.hub.password);
    const check = await jobs.told(
      `a check at a token service that answers ${status}`,
      jobs.setting.core.run("check", { registry: hub, repository: "team/app" }),
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
  await jobs.told(
    "an exchange that quotes the token",
    jobs.build(`${at.azure}/app:2`, { ...azure, connector: "wrong-azure" }, ""),
    "connectorFailed",
  );
}

/** Pushes through proxies that have a login, and refuse or are absent. */
export async function proxiesWithLogins(jobs: CanaryJobs): Promise<void> {
  const login = encodeURIComponent(jobs.canaries.make("a proxy's password"));
  const check = (what: string, host: string) =>
    jobs.told(what, jobs.setting.core.run("check", { registry: registry("default", host), repository: "app" }));
  for (const [what, proxy] of [
    ["a proxy", "proxy.example.test:3128"],
    ["a proxy that is absent", "proxy.example.test:1"],
    ["a proxy with a port that is none", "proxy.example.test:port"],
  ]) {
    await jobs.configure({ HTTPS_PROXY: `http://team:${login}@${proxy}` });
    await check(`a check by ${what}`, at.far);
    await check(`a check by ${what} of a host that is nowhere`, at.nowhere);
  }
  await jobs.configure(jobs.setting.world.env);
}

/** Registers components, also with secrets in plain text. */
export async function registrations(jobs: CanaryJobs): Promise<void> {
  const file = jobs.settingsFile();
  const { core } = jobs.setting;
  await jobs.told(
    "a registration",
    core.run("register", { file, registration: { ...hub, connect: { connector: "hub" } } }),
  );
  assert.match(readFileSync(file, "utf8"), /"connector":"hub"/);
  const plain = [
    connector("plain", "docker", "password", {
      username: "team",
      password: jobs.canaries.make("a password in plain text"),
    }),
  ];
  await core.get("configure", { connectors: plain, secrets: {} });
  await jobs.told(
    "a password in plain text",
    core.run("register", {
      file: join(jobs.setting.home, "refused.json"),
      registration: { ...hub, connect: { connector: "plain" } },
    }),
    "configurationInvalid",
  );
}
