import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { runCli } from "../../support/cli";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";

const project = join(import.meta.dirname, "../../..");

/** Command lines that cannot be run, and what is said of each. */
const wrong: readonly (readonly [args: readonly string[], message: string])[] = [
  [[], 'Specify a command: "context", "lint" or "build". Use "--help" for more information.'],
  [["--json"], 'Specify a command: "context", "lint" or "build". Use "--help" for more information.'],
  [["buidl"], 'There is no command "buidl". Did you mean "build"?'],
  [["push"], 'There is no command "push". Use "context", "lint" or "build".'],
  [["context"], "Specify the folder to use as the build context."],
  [["context", ""], "Specify the folder to use as the build context."],
  [["context", "a", "b"], 'Specify only one folder. Remove "b".'],
  [["context", "a", "--tagret", "x"], 'There is no option "--tagret". Did you mean "--target"?'],
  [["context", "a", "-x"], 'There is no option "-x". Use "--help" to list the options.'],
  [["context", "a", "--target"], '"--target" requires a value. Use "--target STAGE".'],
  [["context", "a", "--target="], '"--target" requires a value. Use "--target STAGE".'],
  [["context", "a", "--json=yes"], '"--json" doesn\'t take a value. Remove "=yes".'],
  [
    ["context", "a", "--platform", "arm64"],
    '"arm64" is not a valid platform. Use os/architecture, such as linux/arm64.',
  ],
  [["context", "a", "--build-arg", "=x"], '"=x" is not a valid build argument. Use NAME=VALUE.'],
  [["context", "a", "-f", "-"], "The Dockerfile can't be read from stdin. Save it to a file and specify its path."],
  [["lint"], "Specify the ignore files and Dockerfiles to check."],
  [["lint", "--sarif", "--github", "a"], 'Use only one of "--sarif" and "--github".'],
  [["build", "."], 'Specify an image name with "--tag NAME".'],
  [
    ["build", ".", "--tag", "--push"],
    '"--tag" requires a value but is followed by "--push". If that is the value, use "--tag=--push".',
  ],
  [
    ["build", ".", "-t", "a", "--secret", "tok"],
    '"tok" is not a valid secret: use "id=ID,src=FILE" or "id=ID,env=NAME".',
  ],
  [
    ["build", ".", "-t", "a", "--secret", "src=x"],
    'The secret "src=x" has no id: use "id=ID,src=FILE" or "id=ID,env=NAME".',
  ],
];

describe("the command line", () => {
  after(removeTemporaryFolders);

  for (const [args, message] of wrong) {
    it(`refuses "${args.join(" ")}" with a sentence and exit code 2`, async () => {
      const { stdout, stderr, code } = await runCli(args);
      const isJson = args.includes("--json");
      assert.deepEqual({ stderr, code }, { stderr: `error: ${message}\n`, code: 2 });
      assert.equal(stdout, isJson ? `${JSON.stringify({ error: { code: "optionInvalid", message } })}\n` : "");
    });
  }

  it("prints an error object for a wrong command line where JSON is wanted", async () => {
    const { stdout, code } = await runCli(["lint", "--json", "--sarrif", "a"]);
    assert.deepEqual(
      [JSON.parse(stdout), code],
      [{ error: { code: "optionInvalid", message: 'There is no option "--sarrif". Did you mean "--sarif"?' } }, 2],
    );
  });

  it("shows its help and its version on stdout", async () => {
    const { version } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as { version: string };
    assert.deepEqual(await runCli(["--version"]), { stdout: `${version}\n`, stderr: "", code: 0 });
    const help = await runCli(["--help"]);
    assert.deepEqual([help.stderr, help.code], ["", 0]);
    for (const name of ["context", "lint", "build"]) {
      assert.match(help.stdout, new RegExp(`^  ${name} `, "m"));
      const own = await runCli([name, "--help"]);
      assert.deepEqual([own.stderr, own.code], ["", 0]);
      assert.match(own.stdout, new RegExp(`^Usage: image-builders ${name} `));
      assert.equal((await runCli(["help", name])).stdout, own.stdout);
    }
  });

  it("is quiet when its reader goes away", async () => {
    const folder = temporaryFolder({
      Dockerfile: "FROM scratch\n",
      ...Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`folder/${"x".repeat(60)}${i}`, ""])),
    });
    const { stderr, code } = await runCli(["context", folder, "--json"], {
      onStart: (child) => child.stdout?.destroy(),
    });
    assert.deepEqual([stderr, code], ["", 0]);
  });

  it("runs by npm from another folder, whose relative paths count", async () => {
    const folder = temporaryFolder({ "my app/Dockerfile": "FROM scratch\n" });
    const npm = process.env["npm_execpath"];
    const [program, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
    const { stdout, stderr } = await promisify(execFile)(
      program,
      [...first, "--prefix", project, "run", "--silent", "cli", "--", "context", "my app", "--json"],
      { cwd: folder },
    );
    assert.deepEqual(
      [JSON.parse(stdout), stderr],
      [{ files: [{ path: "Dockerfile", sizeBytes: 13, requested: false }], secrets: [] }, ""],
    );
  });

  it("reports an output that cannot be written", async function () {
    if (process.platform !== "linux") return;
    const { stderr, code } = await promisify(execFile)("/bin/sh", [
      "-c",
      '"$0" "$1" --version >/dev/full; echo "code $?" >&2',
      process.execPath,
      join(project, "scripts/cli.mjs"),
    ]).then((out) => ({ ...out, code: 0 }));
    assert.equal(code, 0);
    assert.match(stderr, /^error: Can't write the output \(.*ENOSPC.*\)\. Write it to another location\.\ncode 1\n$/);
  });
});
