import balenaIgnore from "@balena/dockerignore";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContextListing } from "../../src/cli/context/listContext";
import { runCli, runCliJson, type CliOptions } from "../support/cli";
import { askedBy, type DockerfileCase } from "../support/dockerfiles/askedSession";
import { askDaemon, authRegistry, given, login, plainRegistry, registryDigest, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../support/folder";
import { until } from "../support/until";

interface Built {
  readonly imageName: string;
  readonly repoDigest?: string;
  readonly imageId: string;
  readonly durationMs: number;
}

interface Failed {
  readonly error: { readonly code: string; readonly message: string; readonly file?: string; readonly line?: number };
}

const base = "busybox:1.35";

const files = [
  "a.txt",
  "b.md",
  "app/main.js",
  "app/deep/x.js",
  "app/test.ts",
  "dist/linux/amd64/app",
  "dist/linux/arm64/app",
  "keys/id_rsa",
  "src/é x",
  "x1",
  "x2",
];

/** What is asked for depends on no more than this; Docker 20.10 refuses those that are newer. */
const questions: readonly (DockerfileCase & { readonly isNewer?: boolean })[] = [
  { text: "FROM scratch\nCOPY app /\n" },
  { text: "FROM scratch\nCOPY . /\n" },
  { text: "FROM scratch\nCOPY *.txt x? /\n" },
  { text: 'FROM scratch\nCOPY app/*.js /js/\nCOPY ["src/é x", "/"]\n' },
  {
    text: "FROM scratch AS base-amd64\nCOPY keys /keys/\nFROM base-${TARGETARCH}\nCOPY app /app/\n",
    platform: "linux/amd64",
  },
  { text: "FROM scratch\nARG TARGETPLATFORM\nCOPY ./dist/$TARGETPLATFORM/app /\n", platform: "linux/amd64" },
  {
    text:
      "FROM scratch AS one\nCOPY keys /\nFROM scratch AS two\nCOPY app /\nFROM scratch\nCOPY --from=one / /\n" +
      "COPY a.txt /\n",
  },
  { text: "FROM scratch AS one\nCOPY keys /\nFROM scratch AS two\nCOPY app /\n", target: "one" },
  { text: "FROM scratch\nENV F=app\nARG F=keys\nCOPY $F /\n" },
  {
    text: "ARG WHAT=app/main.js\nFROM scratch\nARG WHAT\nCOPY ${WHAT%%/*}/deep ${NONE:-b.md} /x/\n",
    buildArgs: { WHAT: "app/test.ts" },
    isNewer: true,
  },
  {
    text:
      `FROM ${base}\n` +
      "RUN --mount=type=bind,source=app,target=/a --mount=type=secret,src=tok,target=/t,required=true true\n" +
      "RUN --mount=type=secret,id=two true\n",
  },
  {
    text: "FROM scratch AS base\nONBUILD COPY keys /k/\nFROM base\nCOPY <<EOF /x\nCOPY app /\nEOF\nADD a.txt /\n",
    isNewer: true,
  },
  { text: 'FROM scratch\nCOPY ["app/deep/", "./x1", "/x/"]\n' },
  { text: "FROM scratch\nCOPY */main.js /\n" },
];

describe("the command line with a daemon", function () {
  this.timeout(300_000);
  let isFirst = false;
  before(async () => {
    const { ApiVersion } = (await askDaemon("/version")) as { ApiVersion: string };
    isFirst = Number(ApiVersion.split(".")[1]) < 42;
  });
  after(removeTemporaryFolders);

  const cli = (args: readonly string[], options?: CliOptions) => runCliJson<Built & Failed>(args, options);

  it("builds and pushes all names, and tells the digest that the registry has", async () => {
    const root = temporaryFolder({ "my app/Dockerfile": `FROM ${base}\nARG WHO\nRUN echo hello $WHO\n` });
    const who = uniqueName("who");
    const name = `${plainRegistry()}/${uniqueName()}`;
    const { result, stdout, stderr, code } = await cli(
      ["build", "my app", "--tag", `${name}:1`, "-t", `${name}:2`, "--push", "--build-arg", `WHO=${who}`],
      { cwd: root },
    );
    assert.equal(code, 0, stderr);
    const { imageName, repoDigest = "", imageId, durationMs, ...others } = result;
    assert.deepEqual([imageName, others], [`${name}:1`, {}]);
    assert.equal(stdout.split("\n").length, 2);
    assert.match(imageId, /^sha256:[0-9a-f]{64}$/);
    assert.ok(Number.isInteger(durationMs) && durationMs > 0);
    for (const tag of [1, 2]) assert.equal(`${name}@${await registryDigest(`${name}:${tag}`)}`, repoDigest);
    assert.match(stderr, new RegExp(`^#\\d+ hello ${who}$`, "m"));
  });

  it("says the same for people, with nothing else on stdout", async () => {
    const root = temporaryFolder({ Dockerfile: `FROM ${base}\nRUN echo hello\n` });
    const name = `${plainRegistry()}/${uniqueName()}`;
    const { stdout, stderr, code } = await runCli(["build", root, "--tag", name, "--push", "--quiet"]);
    assert.equal(code, 0, stderr);
    const digest = await registryDigest(`${name}:latest`);
    assert.match(
      stdout,
      new RegExp(`^image +${name}:latest\nimage ID +sha256:[0-9a-f]{64}\ndigest +${name}@${digest}\ntime +[\\d.]+s\n$`),
    );
    assert.equal(stderr, "");
  });

  it("pushes to several registries with the logins of Docker's configuration", async () => {
    const { username, password } = login();
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    const DOCKER_CONFIG = temporaryFolder({ "config.json": JSON.stringify({ auths: { [authRegistry()]: { auth } } }) });
    const root = temporaryFolder({ Dockerfile: `FROM ${base}\nRUN echo several\n` });
    const tags = [plainRegistry(), authRegistry()].map((registry) => `${registry}/${uniqueName()}:1`);
    const { result, code, stderr } = await cli(["build", root, ...tags.flatMap((tag) => ["-t", tag]), "--push"], {
      env: { DOCKER_CONFIG },
    });
    assert.equal(code, 0, stderr);
    const [plain, withLogin] = [await registryDigest(tags[0] ?? ""), await registryDigest(tags[1] ?? "", login())];
    assert.ok(plain !== undefined && plain === withLogin);
    assert.ok(result.repoDigest?.endsWith(plain));
    assert.ok(!stderr.includes(password) || password.length < 6);
    const refused = await cli(["build", root, "-t", tags[1] ?? "", "--push"], {
      env: { DOCKER_CONFIG: temporaryFolder() },
    });
    assert.deepEqual([refused.code, refused.result.error.code], [1, "pushFailed"]);
  });

  it("stops at a target, of a Dockerfile that lies elsewhere, without the cache", async () => {
    const root = temporaryFolder({
      "in/Dockerfile": "FROM nothing\n",
      "in/data": "1",
      "out/Other.file": `FROM ${base} AS one\nCOPY data /\nRUN date +%N\nFROM one\nRUN false\n`,
    });
    const name = `${uniqueName()}:1`;
    const args = ["build", "in", "--dockerfile", "out/Other.file", "--target", "one", "--tag", name];
    const first = await cli(args, { cwd: root });
    assert.equal(first.code, 0, first.stderr);
    assert.equal(first.result.repoDigest, undefined);
    const again = await cli(args, { cwd: root });
    assert.equal(again.result.imageId, first.result.imageId);
    const anew = await cli([...args, "--no-cache"], { cwd: root });
    assert.notEqual(anew.result.imageId, first.result.imageId);
    const { Id } = (await askDaemon(`/images/${name}/json`)) as { Id: string };
    assert.equal(Id, anew.result.imageId);
  });

  it("gives secrets from files and variables, and names one that is missing with its line", async () => {
    const root = temporaryFolder({
      Dockerfile:
        `FROM ${base}\n` +
        "RUN --mount=type=secret,id=tok,required=true --mount=type=secret,id=two wc -c /run/secrets/*\n",
      "s/tok.txt": "12345",
    });
    const args = ["build", root, "--tag", uniqueName(), "--no-cache"];
    const given = await cli([...args, "--secret", "id=tok,src=s/tok.txt", "--secret", "id=two,env=TWO"], {
      cwd: root,
      env: { TWO: "123456789" },
    });
    assert.equal(given.code, 0, given.stderr);
    assert.match(given.stderr, /5 \/run\/secrets\/tok/);
    assert.match(given.stderr, /9 \/run\/secrets\/two/);
    const missing = await cli(args);
    assert.deepEqual(missing.result, {
      error: {
        code: "secretUnavailable",
        message: 'Dockerfile, line 2, requires the secret "tok". Provide it with "--secret id=tok,src=FILE".',
        file: join(root, "Dockerfile"),
        line: 2,
      },
    });
    const unset = await cli([...args, "--secret", "id=tok,env=NOT_SET_ANYWHERE"]);
    assert.deepEqual([unset.code, unset.result.error.code], [1, "secretUnavailable"]);
  });

  it("tells why a build failed, with the Dockerfile and its line", async () => {
    const root = temporaryFolder({
      Dockerfile: `FROM ${base}\nRUN echo one\nRUN echo two \\\n  && false\n`,
      missing: `FROM ${base}\n\nCOPY nothing /\n`,
      ".dockerignore": "ok\n[\n",
      "fine/Dockerfile": "FROM scratch\n",
    });
    const failure = async (args: readonly string[], options?: CliOptions) => {
      const { result, code, stderr } = await cli(["build", ...args], options);
      assert.equal(code, 1);
      assert.ok(stderr.includes("error: "), stderr);
      return result.error;
    };
    const broken = await failure([root, "-t", "x"]);
    assert.deepEqual([broken.code, broken.file, broken.line], ["dockerignoreInvalid", join(root, ".dockerignore"), 2]);
    writeFiles(root, { ".dockerignore": "" });
    const failed = await failure([root, "-t", "x"]);
    assert.deepEqual([failed.code, failed.file, failed.line], ["buildFailed", join(root, "Dockerfile"), 3]);
    const copy = await failure([root, "-f", join(root, "missing"), "-t", "x"]);
    assert.deepEqual([copy.code, copy.file, copy.line], ["buildFailed", join(root, "missing"), 3]);
    assert.equal((await failure([root, "-f", "none", "-t", "x"])).code, "dockerfileMissing");
    assert.equal((await failure([join(root, "none"), "-t", "x"])).code, "contextUnreadable");
    assert.equal((await failure([join(root, "fine"), "-t", "Not:A:Name"])).code, "imageNameInvalid");
    assert.equal(
      (await failure([join(root, "fine"), "-t", "x"], { env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } })).code,
      "daemonUnreachable",
    );
    assert.equal(
      (await failure([join(root, "fine"), "-t", "x"], { env: { DOCKER_HOST: undefined, DOCKER_CONTEXT: "none" } }))
        .code,
      "dockerContextInvalid",
    );
  });

  it("warns of secrets that it sends, without their text", async () => {
    const root = temporaryFolder({
      Dockerfile: "FROM scratch\nCOPY . /\n",
      "keys/id_rsa": "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7Zq\n",
    });
    const { stderr, code } = await cli(["build", root, "-t", uniqueName(), "--quiet"]);
    assert.equal(code, 0);
    assert.match(stderr, /^warning: These files are sent and may contain secrets; .*: keys\/id_rsa:1 \(.*\)\.\n$/);
    assert.ok(!stderr.includes("MIIE"));
  });

  it("is canceled by Ctrl+C, in the daemon too, and exits with 130", async () => {
    const seconds = `6${Math.floor(Math.random() * 1e6) + 1e6}`;
    const root = temporaryFolder({ Dockerfile: `FROM ${base}\nRUN sleep ${seconds}\n` });
    const interrupted = await runCli(["build", root, "-t", uniqueName(), "--json"], {
      onStart: (child) =>
        void until(() => isRunning(`sleep ${seconds}`), "the step runs").then(() => child.kill("SIGINT")),
    });
    assert.deepEqual([interrupted.code, interrupted.stdout], [130, ""]);
    assert.match(interrupted.stderr, /Canceled\.\n$/);
    await until(() => !isRunning(`sleep ${seconds}`), "the step has ended");
  });

  for (const question of questions) {
    const shown = JSON.stringify(question.text.replace(/^FROM scratch\n/, ""));
    it(`marks as requested what BuildKit asks for: ${shown}`, async () => {
      const { text, target, platform, buildArgs = {}, isNewer = false } = question;
      const asked = await askedBy(given("DOCKER_HOST"), question, files);
      if (isNewer && isFirst) return void assert.match(asked.failure ?? "", /failed to create LLB definition/);
      assert.equal(asked.failure, undefined);
      const root = temporaryFolder({
        Dockerfile: text,
        ".dockerignore": "Dockerfile\n.dockerignore\n",
        ...Object.fromEntries(files.map((path) => [path, "1"])),
      });
      const args = [
        ...(target ? ["--target", target] : []),
        ...(platform ? ["--platform", platform] : []),
        ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
      ];
      const { result } = await runCliJson<ContextListing>(["context", root, ...args]);
      assert.deepEqual(
        result.files.map(({ path }) => path),
        [...files].sort(),
      );
      const expected = asked.paths === undefined ? [] : files.filter(matcherOf(asked.paths));
      assert.deepEqual(
        result.files.flatMap(({ path, requested }) => (requested ? [path] : [])),
        expected.sort(),
        `BuildKit asked for ${JSON.stringify(asked.paths)}`,
      );
      assert.deepEqual([...new Set(result.secrets.map(({ id }) => id))].sort(), asked.secrets);
    });
  }
});

/** Another reader of patterns than ours. */
function matcherOf(paths: readonly string[]): (path: string) => boolean {
  if (paths.length === 0) return () => true;
  const ignore = balenaIgnore().add([...paths]);
  return (path) => ignore.ignores(path);
}

function isRunning(command: string): boolean {
  return readdirSync("/proc").some((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim() === command;
    } catch {
      return false;
    }
  });
}
