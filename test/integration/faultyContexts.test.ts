import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { root as projectRoot } from "../../scripts/setup/paths.mjs";
import { makeTooDeep, removeTooDeep } from "../support/deepFolder";
import { DockerCli } from "../support/dockerCli";
import { askDaemon, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { filesOfLastLayer } from "../support/imageFiles";
import { unprivileged } from "../support/unprivileged";

type Builder = "buildkit" | "classic";

interface Outcome {
  /** The paths in the image with the sizes of their files; undefined where the build failed. */
  readonly paths?: readonly string[];
  readonly output: string;
}

const files = {
  "package.json": "{}",
  "src/a.ts": "a",
  "src/deep/b.ts": "bb",
  "data/z": "zzz",
  "lib/package.json": "{}",
};

/** Makes a folder that belongs to somebody else, who alone may read it. */
function lock(root: string, path: string): void {
  mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, path, "table"), "rows");
  chownSync(join(root, path), 65534, 65534);
  chmodSync(join(root, path), 0o700);
}

function lockFile(root: string, path: string): void {
  chmodSync(join(root, path), 0);
  chownSync(join(root, path), 65534, 65534);
}

function notUtf8(root: string, folder: string): void {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(Buffer.concat([Buffer.from(join(root, folder, "caf")), Buffer.from([0xe9])]), "odd");
}

async function listen(root: string, path: string): Promise<void> {
  const server = createServer().listen(join(root, path));
  await once(server, "listening");
  server.unref();
}

interface Case {
  readonly truth: string;
  readonly dockerfile: string;
  readonly make: (root: string) => void | Promise<void>;
  /** What our failure says; nothing where the build succeeds. */
  readonly fails?: RegExp;
  /** What our log says. */
  readonly logs?: RegExp;
  /** Where docker's own client does otherwise: `differs` is for what depends on its release. */
  readonly docker?: "builds" | "fails" | "differs";
  readonly builder?: Builder;
}

const own = "FROM scratch\nCOPY package.json src /\n";

const cases: readonly Case[] = [
  {
    truth: "a folder of another user beside what is copied",
    dockerfile: own,
    make: (root) => lock(root, "data/db"),
  },
  {
    truth: "such a folder at the root, beside links that a wildcard could mean",
    dockerfile: "FROM scratch\nCOPY *.json /\n",
    make: (root) => (lock(root, "db"), symlinkSync("src", join(root, "link"))),
    logs: /Skipped in .*"db" \(permission denied\)/,
    docker: "fails",
  },
  {
    truth: "such a folder that a wildcard passes by",
    dockerfile: "FROM scratch\nCOPY */package.json /\n",
    make: (root) => lock(root, "data/db"),
    logs: /Skipped in .*"data\/db" \(permission denied\)/,
    docker: "fails",
  },
  {
    truth: "such a folder in what is copied",
    dockerfile: "FROM scratch\nCOPY data /\n",
    make: (root) => lock(root, "data/db"),
    fails: /Can't read the folder ".*data\/db" in the build context .*permission/,
  },
  {
    truth: "such a folder in the whole, which is copied",
    dockerfile: "FROM scratch\nCOPY . /\n",
    make: (root) => lock(root, "data/db"),
    fails: /Can't read the folder ".*data\/db" in the build context .*permission/,
  },
  {
    truth: "a file in such a folder",
    dockerfile: "FROM scratch\nCOPY data/db/table /\n",
    make: (root) => lock(root, "data/db"),
    fails: /Can't read the folder ".*data\/db" in the build context .*permission/,
  },
  {
    truth: "such a folder that is ignored",
    dockerfile: "FROM scratch\nCOPY . /\n",
    make: (root) => (lock(root, "data/db"), writeFileSync(join(root, ".dockerignore"), "data/db\n")),
  },
  {
    truth: "such a folder that is ignored with an exception in it",
    dockerfile: "FROM scratch\nCOPY . /\n",
    make: (root) => (lock(root, "data/db"), writeFileSync(join(root, ".dockerignore"), "data/db\n!data/db/none\n")),
    docker: "fails",
  },
  {
    truth: "a file of another user beside what is copied",
    dockerfile: own,
    make: (root) => lockFile(root, "data/z"),
  },
  {
    truth: "a file of another user in what is copied, which docker sends empty",
    dockerfile: "FROM scratch\nCOPY data /\n",
    make: (root) => lockFile(root, "data/z"),
    fails: /Can't read the file "data\/z" in the build context .*permission/,
    docker: "builds",
  },
  {
    truth: "links that lead nowhere and in circles, in what is copied",
    dockerfile: own,
    make: (root) => {
      symlinkSync("nowhere", join(root, "src/broken"));
      symlinkSync("loop b", join(root, "src/loop a"));
      symlinkSync("loop a", join(root, "src/loop b"));
      symlinkSync("/../../outside", join(root, "src/outside"));
    },
  },
  {
    truth: "a name that is not UTF-8 beside what is copied",
    dockerfile: own,
    make: (root) => (notUtf8(root, "data"), notUtf8(root, ".")),
  },
  {
    truth: "a name that is not UTF-8 in what is copied",
    dockerfile: own,
    make: (root) => notUtf8(root, "src/deep"),
    fails: /The name "caf\\\\?xe9" in the folder ".*src\/deep" of the build context is not valid UTF-8/,
    docker: "differs",
  },
  {
    truth: "folders too deep for the system beside what is copied",
    dockerfile: own,
    make: (root) => makeTooDeep(join(root, "data/deep")),
  },
  {
    truth: "folders too deep for the system in what is copied",
    dockerfile: own,
    make: (root) => makeTooDeep(join(root, "src/deepest")),
    fails: /Can't read the folder ".*" in the build context .*name too long/,
  },
  {
    truth: "a socket beside what is copied",
    dockerfile: own,
    make: (root) => listen(root, "data/s"),
  },
  {
    truth: "a socket in what is copied, for which docker sends an empty file",
    dockerfile: own,
    make: (root) => listen(root, "src/s"),
    logs: /The socket "src\/s" is not included/,
    docker: "differs",
  },
];

describe("what cannot be sent of a folder", function () {
  this.timeout(120_000);
  let cli: DockerCli;
  before(async () => (cli = await DockerCli.of("28")));
  after(removeTemporaryFolders);

  async function outcomeOf(imageName: string, build: Promise<string>): Promise<Outcome> {
    try {
      const output = await build;
      const inImage = await filesOfLastLayer(imageName);
      await askDaemon(`/images/${imageName}?force=1`, "DELETE");
      return {
        output,
        paths: [...inImage].map(([path, { type, sizeBytes }]) => `${path} ${type} ${sizeBytes}`).sort(),
      };
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
      assert.notEqual(stdout + stderr, "", String(error));
      return { output: stdout + stderr };
    }
  }

  function ours(root: string, builder: Builder): Promise<Outcome> {
    const imageName = `${uniqueName("faulty")}:1`;
    const [program = "", ...args] = [
      ...unprivileged,
      process.execPath,
      "--import",
      join(projectRoot, "scripts/tsx.mjs"),
      join(projectRoot, "test/support/buildInProcess.ts"),
      root,
      builder,
      imageName,
    ];
    return outcomeOf(
      imageName,
      promisify(execFile)(program, args).then(({ stdout }) => stdout),
    );
  }

  function dockers(root: string, builder: Builder): Promise<Outcome> {
    const imageName = `${uniqueName("faulty")}:1`;
    return outcomeOf(
      imageName,
      cli.build(builder, root, imageName, { through: unprivileged }).then(() => ""),
    );
  }

  for (const { truth, dockerfile, make, fails, logs, docker, builder = "buildkit" } of cases) {
    it(`${fails ? "ends" : "does not hinder"} a build (${builder}): ${truth}`, async () => {
      const root = temporaryFolder({ ...files, Dockerfile: dockerfile });
      await make(root);
      const [mine, real] = await Promise.all([ours(root, builder), dockers(root, builder)]);
      for (const deep of ["data/deep", "src/deepest"]) removeTooDeep(join(root, deep));
      if (fails) {
        assert.equal(mine.paths, undefined);
        assert.match(mine.output, fails);
        if (docker !== "differs") assert.equal(real.paths === undefined, docker !== "builds", real.output);
      } else {
        assert.ok(mine.paths, mine.output);
        if (docker === "fails") assert.equal(real.paths, undefined);
        else if (!docker) assert.deepEqual(mine.paths, real.paths);
        assert.match(mine.output, logs ?? /^(?!.*Skipped in)/s);
      }
    });
  }
});
