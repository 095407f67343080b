import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { askDaemon } from "../support/engine";
import { writeFiles } from "../support/folder";
import { Canaries, formsOf } from "../support/leaks/canaries";
import { connectors, registry, secretVariable } from "../support/leaks/secretWorld";
import { at } from "../support/namespace/realNames";
import { savedImage } from "../support/savedImage";
import { until } from "../support/until";

import { CanaryJobs } from "../support/leaks/canaryJobs";
import * as registrySecretJobs from "./registrySecretJobs";
import * as secretJobs from "./secretJobs";

/**
 * Whether builds, pushes, sign-ins, their failures and cancels leave a secret anywhere but where a person has put it.
 */
describe("no secret is left behind", function () {
  this.timeout(180_000);
  const jobs = new CanaryJobs();
  before(() => jobs.start());
  after(() => jobs.stop());

  it("by builds that are given secrets and keys, whether they succeed, fail or are cancelled", () =>
    secretJobs.buildsWithSecrets(jobs));

  it("by pushes with every source of logins, nor by the base images that need one", () =>
    secretJobs.pushesWithLogins(jobs));

  it("by caches in registries that need a login", () => secretJobs.cachesWithLogins(jobs));

  it("by logins that are refused, have ended, or cannot be had", () => secretJobs.loginsThatFail(jobs));

  it("by services that fail, or quote what they were shown", () => secretJobs.servicesThatFail(jobs));

  it("by proxies that have a login, and refuse or are absent", () => secretJobs.proxiesWithLogins(jobs));

  it("by registries that refuse in every way of the table, or quote what they were shown, nor by Podman's logins", () =>
    registrySecretJobs.refusalsOfEveryKind(jobs)).timeout(600_000);

  it("by components that are registered, and secrets in plain text are refused", () => secretJobs.registrations(jobs));

  describe("in", () => {
    const planted = new Canaries();
    const mark = planted.make("planted");
    /** Is found in each place, so that a search that is blind there fails. */
    const isFound = (found: readonly string[], where: string) =>
      assert.ok(found.length > 0, `the search finds what is planted in ${where}`);

    before(async () => {
      const { world, core, temporary, home } = jobs.setting;
      [...world.issuer.google.keys()].forEach((token, index) => jobs.canaries.add(`Google's token ${index}`, token));
      world.tokens.issued.forEach((token, index) => jobs.canaries.add(`token ${index} of a registry`, token));
      const { count } = jobs.canaries;
      const watched = `${jobs.setting.processes.seen.size} command lines and environments`;
      console.log(`      ${count} secrets, ${jobs.outcomes.length} jobs, ${watched}`);
      assert.ok(count >= 30, `${count} secrets`);
      // Arguments of builds are no secrets: the image's history tells them. So they serve to see that the searches see.
      await core.get("configure", { connectors, secrets: jobs.setting.stored, env: { ...world.env, PLANTED: mark } });
      const marked = 'ARG PLANTED\nCOPY planted /\nRUN ["/bin/busybox", "true"]\n';
      writeFiles(join(home, `context-${jobs.images.length + 1}`), { planted: mark });
      const { failure } = await jobs.build(`${at.github}/team/planted:1`, registry("github", at.github), marked, {
        buildArgs: { PLANTED: mark },
      });
      assert.equal(failure, undefined, failure?.inspected);
      jobs.images.pop();
      writeFileSync(join(temporary, "planted"), mark);
      const sleeping = spawn("sleep", ["60"], { argv0: mark, env: { ...process.env, PLANTED: mark } });
      const isSeen = (kind: string): boolean =>
        planted.in([...jobs.setting.processes.seen].filter((text) => text.startsWith(kind)).join("\n")).length > 0;
      await until(
        () => jobs.setting.files.seen.size > 0 && isSeen("cmdline") && isSeen("environ"),
        "the watches have seen it",
      ).finally(() => sleeping.kill());
      rmSync(join(temporary, "planted"));
      jobs.setting.processes.stop();
      jobs.setting.files.stop();
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
      for (const [what, outcome] of jobs.outcomes)
        assert.deepEqual(jobs.canaries.in(JSON.stringify(outcome)), [], what);
      assert.ok(jobs.outcomes.length >= 75, String(jobs.outcomes.length));
      isFound(planted.in(JSON.stringify({ logged: [`debug: ${mark}`] })), "a log");
    });

    it("the arguments of all processes and the environment of what was started [Z143]", () => {
      const seen = [...jobs.setting.processes.seen];
      assert.ok(
        seen.some((text) => text.startsWith("cmdline") && text.includes("docker-credential-works get")),
        "the helper was seen",
      );
      isFound(planted.in(seen.filter((text) => text.startsWith("cmdline")).join("\n")), "an argument");
      isFound(planted.in(seen.filter((text) => text.startsWith("environ")).join("\n")), "an environment");
      // A variable that the person has set is handed on to what the person's own helpers are, as by every shell.
      const own = new RegExp(`(?:${secretVariable}|HTTPS_PROXY)=\\S*`, "g");
      for (const text of seen)
        assert.deepEqual(jobs.canaries.in(text.startsWith("environ") ? text.replaceAll(own, "") : text), [], text);
    });

    it("the images, their history and their configuration", async () => {
      const all = async (image: string) => [
        await savedImage(image, jobs.daemonHost()),
        ...(
          await Promise.all(
            ["json", "history"].map((kind) =>
              askDaemon(`/images/${image}/${kind}`, "GET", jobs.daemonHost().replace("unix://", "")),
            ),
          )
        ).map((answer) => JSON.stringify(answer)),
      ];
      for (const image of new Set(jobs.images))
        for (const text of await all(image)) assert.deepEqual(jobs.canaries.in(text), [], image);
      for (const [where, text] of Object.entries(await all(`${at.github}/team/planted:1`)))
        if (where !== "1") isFound(planted.in(text), `part ${where} of an image`);
    });

    it("the settings, and any file: of the person, for a time, of the daemon and of the registries", () => {
      const { home, kept, world, files } = jobs.setting;
      assert.ok(jobs.canaries.below(kept).length >= 8, "they are found where they are");
      assert.deepEqual(jobs.canaries.below(home), []);
      isFound(planted.below(home), "the home folder");
      assert.deepEqual(
        [...files.seen].flatMap(([path, content]) => jobs.canaries.in(content).map((what) => `${path}: ${what}`)),
        [],
      );
      isFound(
        [...files.seen.values()].flatMap((content) => planted.in(content)),
        "a temporary file",
      );
      // The daemon itself writes down what services tell it, quotes included.
      assert.deepEqual(
        jobs.canaries
          .below(world.namespace.folder)
          .filter((found) => found !== "daemon/dockerd.log: Docker Hub's password"),
        [],
      );
      isFound(planted.below(world.namespace.folder), "the daemon's disk");
      for (const folder of world.registryFolders) assert.deepEqual(jobs.canaries.below(folder), []);
      isFound(
        world.registryFolders.flatMap((folder) => planted.below(folder)),
        "a registry's disk",
      );
      const settings = readFileSync(jobs.settingsFile(), "utf8");
      assert.match(settings, /"connector":"hub"/);
      writeFileSync(jobs.settingsFile(), settings.replace('"connector":"hub"', `"connector":${JSON.stringify(mark)}`));
      isFound(planted.in(readFileSync(jobs.settingsFile(), "utf8")), "the settings");
    });
  });
});
