import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import path from "node:path";
import { Daemon } from "../../../scripts/engines/daemon.mjs";
import { run } from "../../../scripts/setup/steps.mjs";

/**
 * What the namespace is to be.
 *
 * @typedef {object} Plan
 * @property {string} folder for all that is kept
 * @property {readonly string[]} names hosts that are found at its one address
 * @property {Readonly<Record<string, string>>} ports to which unix socket each of them leads
 * @property {import("../../../scripts/engines/daemon.mjs").DaemonOptions} daemon
 */

const address = "10.99.0.1";
const { folder, names, ports, daemon: options } = /** @type {Plan} */ (JSON.parse(process.argv[2] ?? ""));

await run("ip", ["link", "set", "lo", "up"]);
await run("ip", ["address", "add", `${address}/32`, "dev", "lo"]);
await replace("/etc/hosts", `127.0.0.1 localhost\n${address} ${names.join(" ")}\n`);
await mkdir("/etc/docker", { recursive: true });
await mkdir(path.join(folder, "etc-docker"), { recursive: true });
await run("mount", ["--bind", path.join(folder, "etc-docker"), "/etc/docker"]);

for (const [port, socketPath] of Object.entries(ports)) {
  const server = createServer((near) => {
    const far = connect(socketPath);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ])
      one?.on("error", () => other?.destroy()).on("close", () => other?.destroy());
    near.pipe(far).pipe(near);
  });
  await once(server.listen(Number(port), address), "listening");
  const local = createServer((near) => server.emit("connection", near));
  await once(local.listen(Number(port), "127.0.0.1"), "listening");
}

const daemon = await new Daemon(path.join(folder, "daemon"), options).start();
process.once("disconnect", () => void daemon.remove().finally(() => process.exit()));
process.send?.(daemon.dockerHost);

/**
 * Only this namespace sees it.
 *
 * @param {string} file
 * @param {string} text
 */
async function replace(file, text) {
  const own = path.join(folder, path.basename(file));
  await writeFile(own, text);
  await run("mount", ["--bind", own, file]);
}
