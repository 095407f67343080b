import assert from "node:assert/strict";
import { join } from "node:path";
import type { Component } from "../../src/core/base/component";
import type { CanaryJobs } from "../support/leaks/canaryJobs";
import { connectors, registry } from "../support/leaks/secretWorld";
import { at } from "../support/namespace/realNames";
import { rows } from "../support/refusals/rows";
import { RefusalTable } from "../support/refusals/table";
import { RefusingRegistry, registryError } from "../support/refusingRegistry";
import { volume } from "../support/volume";

/** Name by which the registry that refuses is reached. */
const host = at.azureGov;
const image = `${host}/team/app:1`;
/** Refusals of a login, after which the daemon doesn't try a push again for most of a minute. */
const isFinal = /^(?:denied|unauthorized|no basic auth)/;

/** Forms in which a server may quote what it was shown. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  "URL-encoded": encodeURIComponent,
  hex: (text) => Buffer.from(text).toString("hex"),
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 after a name": (text) => Buffer.from(`me:${text}`).toString("base64"),
};

/** Pushes, checks, and lists at a registry that refuses in every way of the table, and quotes what it is shown. */
export async function refusalsOfEveryKind(jobs: CanaryJobs): Promise<void> {
  const { canaries, setting } = jobs;
  const refusing = await RefusingRegistry.start();
  refusing.login = { username: "robot", password: canaries.make("a login of a registry that refuses") };
  refusing.token = canaries.make("a token of a registry that refuses");
  refusing.origin = `https://${host}`;
  setting.world.hosts.serve(host, refusing.address);
  const wrong = { username: "robot", password: canaries.make("a wrong login of a registry that refuses") };
  await setting.core.get("configure", {
    connectors,
    secrets: { ...setting.stored, right: refusing.login, wrong },
    env: { REGISTRY_AUTH_FILE: join(setting.kept, "podman/none.json") },
  });
  const by = (login: "right" | "wrong" | "none") =>
    registry("default", host, undefined, login === "none" ? {} : { authenticationSecret: login });
  const table = new RefusalTable();
  try {
    await jobs.told("an image to push", jobs.build(image, undefined, ""));
    jobs.images.pop();
    let failures = 0;
    // All rows are searched where nothing but the registry is real; here some stand for them.
    const met = rows.filter((_, index) => index % volume(8, 1) === 0);
    for (const { what, auth, login, refused, answer } of met) {
      refusing.auth = auth;
      refusing.refuse = (asked) => {
        if (!refused.includes(asked.kind)) return undefined;
        return typeof answer === "function" ? answer(asked) : answer;
      };
      // The daemon writes down what is quoted to it.
      const isPushed = isFinal.test(table.line(what).docker.push ?? "") && !what.startsWith("quotes");
      failures += await meet(jobs, what, by(login), isPushed);
    }
    assert.ok(failures >= met.length, `${failures} failures of ${met.length} rows`);
    refusing.auth = "basic";
    for (const [form, encode] of Object.entries(encodings)) {
      refusing.refuse = ({ kind, isSignedIn }) =>
        kind === "ping" || !isSignedIn
          ? undefined
          : registryError(403, "DENIED", `I was shown ${encode(refusing.login.password)}`);
      const check = await jobs.told(
        `a registry that quotes the login, ${form}`,
        setting.core.run("check", { registry: by("right"), repository: "team/app" }),
      );
      assert.ok(check.result?.outcome === "failed" && check.result.message.includes("***"), JSON.stringify(check));
    }
    refusing.refuse = () => undefined;
    await podmanLogins(jobs, refusing, wrong.password);
  } finally {
    await refusing.stop();
  }
}

/** Returns how many of the jobs failed. */
async function meet(jobs: CanaryJobs, what: string, component: Component, isPushed: boolean): Promise<number> {
  const { core } = jobs.setting;
  const check = await core.run("check", { registry: component, repository: "team/app" });
  const tags = await core.run("tags", { registry: component, repository: "team/app" });
  const push = isPushed ? await core.run("push", { registry: component, imageName: image }) : undefined;
  for (const outcome of [check, tags, ...(push ? [push] : [])]) jobs.outcomes.push([what, outcome]);
  return [check.result?.outcome === "failed", tags.failure, push?.failure].filter(Boolean).length;
}

/** Pushes with Podman's logins: one of the repository that is right, one of its namespace that is wrong. */
async function podmanLogins(jobs: CanaryJobs, { login }: RefusingRegistry, wrong: string): Promise<void> {
  const { core, kept, stored } = jobs.setting;
  jobs.keep("podman/auth.json", {
    auths: {
      [`${host}/team`]: { auth: Buffer.from(`robot:${wrong}`).toString("base64") },
      [`${host}/team/app`]: { auth: Buffer.from(`${login.username}:${login.password}`).toString("base64") },
    },
  });
  const env = { REGISTRY_AUTH_FILE: join(kept, "podman/auth.json") };
  await core.get("configure", { connectors, secrets: stored, env });
  const component = registry("default", host);
  await jobs.told("a push by Podman's login", core.run("push", { registry: component, imageName: image }));
  await jobs.told("tags by Podman's login", core.run("tags", { registry: component, repository: "team/app" }));
  const other = await core.run("check", { registry: component, repository: "team/other" });
  jobs.outcomes.push(["a check by Podman's wrong login", other]);
  assert.ok(other.result?.outcome === "failed" && /rejected the credentials/.test(other.result.message));
  await core.get("configure", { connectors, secrets: stored, env: { REGISTRY_AUTH_FILE: "" } });
}
