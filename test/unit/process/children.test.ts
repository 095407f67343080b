import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { delimiter, join } from "node:path";
import { build } from "esbuild";
import { withPackages } from "../../../scripts/forNode.mjs";
import { ensurePackages } from "../../../scripts/setup/debian.mjs";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { until } from "../../support/until";

/** How long children may live on after their host. */
const graceMs = 2000;

const busy = "for (;;);";

/** Waits for ever with a child in its group, one in a session of its own, and one whose parent has ended. */
const slow = "#!/bin/sh\nsleep 300 &\nsetsid sleep 301 &\n(sleep 302 &)\nexec sleep 303\n";

/** Of each kind of child: how many processes it comes to, how their command lines begin, and the files it needs. */
const kinds: readonly (readonly [
  kind: string,
  count: number,
  command: RegExp,
  files: Readonly<Record<string, string>>,
])[] = [
  ["key", 1, /^\S*ssh-agent /, {}],
  ["helper", 4, /^sleep /, { "bin/docker-credential-slow": slow }],
  ["tool", 4, /^sleep /, { "bin/az": slow }],
  ["git", 8, /^sleep /, { "bin/git": slow }],
  // The real ssh, which starts a command in place of a connection.
  [
    "ssh",
    2,
    /^(?:\/usr\/bin\/ssh|sleep) /,
    {
      "bin/ssh": '#!/bin/sh\nexec /usr/bin/ssh -F "$FOLDER/ssh_config" "$@"\n',
      ssh_config: "Host box\nProxyCommand sleep 300\n",
    },
  ],
  [
    "module",
    4,
    /^\S*node .*(?:a\.image\.mjs|-e for)/,
    {
      "a.image.mjs": [
        'import { spawn } from "node:child_process";',
        // One in the module's group, one in a session of its own, and one there whose parent has ended.
        'const start = (text, detached) => spawn(process.execPath, ["-e", text, import.meta.dirname], { ' +
          'detached, stdio: "ignore" });',
        `start("${busy}", false);`,
        `start("${busy}", true);`,
        `start('require("node:child_process").spawn(process.execPath, ["-e", "${busy}"], { detached: ` +
          'true, stdio: "ignore" }).unref()\', true);',
        busy,
      ].join("\n"),
    },
  ],
];

describe("what the extension starts", function () {
  this.timeout(60_000);
  let runnerFolder: string;
  const hosts: ChildProcess[] = [];

  before(async () => {
    await ensurePackages({ "openssh-client": "ssh-agent" }, "The test of children");
    runnerFolder = temporaryFolder();
    const shared = { ...withPackages, logLevel: "silent" } as const;
    await build({
      ...shared,
      entryPoints: ["src/core/image/modules/moduleRunner.ts"],
      outfile: join(runnerFolder, "imageModule.js"),
    });
    await build({
      ...shared,
      format: "esm",
      entryPoints: ["src/core/image/modules/moduleHooks.ts"],
      outfile: join(runnerFolder, "imageModuleHooks.mjs"),
    });
    await build({ ...shared, entryPoints: ["test/support/childrenHost.ts"], outfile: join(runnerFolder, "host.js") });
  });
  after(() => {
    for (const host of hosts) host.kill("SIGKILL");
    removeTemporaryFolders();
  });

  /**
   * Starts a host that starts a child of one kind; all their processes can be told by a folder in their environment or
   * arguments.
   */
  function startHost(
    kind: string,
    files: Readonly<Record<string, string>>,
  ): { readonly folder: string; readonly host: ChildProcess } {
    const folder = temporaryFolder({ ...files, "tmp/empty": "" });
    for (const name of ["imageModule.js", "imageModuleHooks.mjs"])
      execFileSync("cp", [join(runnerFolder, name), folder]);
    mkdirSync(join(folder, "bin"), { recursive: true });
    for (const name of readdirSync(join(folder, "bin"))) chmodSync(join(folder, "bin", name), 0o755);
    if (kind === "key") execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
    const env = {
      PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
      FOLDER: folder,
      TMPDIR: join(folder, "tmp"),
    };
    const host = spawn(process.execPath, [join(runnerFolder, "host.js"), kind], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    hosts.push(host);
    return { folder, host };
  }

  for (const [kind, count, command, files] of kinds) {
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      it(`does not outlive a host that ends by ${signal}: ${kind}`, async () => {
        const { folder, host } = startHost(kind, files);
        const children = (): number[] => processesOf(folder).filter((pid) => pid !== host.pid);
        if (kind === "key") await once(host.stdout ?? host, "data");
        await until(
          () => children().filter((pid) => command.test(commandOf(pid))).length === count,
          `${count} processes run`,
        );
        const ended = once(host, "exit");
        host.kill(signal);
        await ended;
        await until(
          () => children().length === 0,
          `nothing runs any more, but ${JSON.stringify(children().map(commandOf))}`,
          graceMs,
        );
        if (kind === "key")
          await until(() => readdirSync(join(folder, "tmp")).length === 1, "the agent's folder is gone", graceMs);
      });
    }
  }
});

/** Processes that run and have a text in their arguments or environment. */
function processesOf(text: string): number[] {
  const isOurs = (pid: string): boolean => {
    const [command, environment, status] = ["cmdline", "environ", "stat"].map((name) => read(pid, name));
    return Boolean(command?.includes(text) || environment?.includes(text)) && !/\) [ZX]/.test(status ?? "");
  };
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && isOurs(pid))
    .map(Number);
}

function commandOf(pid: number): string {
  return read(String(pid), "cmdline").replaceAll("\0", " ");
}

function read(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return "";
  }
}
