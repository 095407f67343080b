import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { identify, stopProcess } from "../setup/processes.mjs";
import { run } from "../setup/steps.mjs";

/**
 * Ends what an engine that was killed left running: its helpers, known by a folder of ours in their command line, and
 * its containers, known by a root file system in one.
 *
 * @param {readonly string[]} folders absolute
 */
export async function endRemains(folders) {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if ((await isHelper(pid, folders)) || (await isContainer(pid, folders)))
      await stopProcess(identify(Number(pid)), { graceMs: 0 });
  }
}

/**
 * @param {string} pid
 * @param {readonly string[]} folders
 */
async function isHelper(pid, folders) {
  const [program = "", ...args] = (await readProc(pid, "cmdline")).split("\0");
  return (
    /^(dockerd|containerd|runc|conmon|docker-proxy|podman)/.test(path.basename(program)) &&
    folders.some((folder) => args.join("\0").includes(`${folder}/`))
  );
}

/**
 * @param {string} pid
 * @param {readonly string[]} folders
 * @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html (field 5 is where something is mounted)
 */
async function isContainer(pid, folders) {
  const rootMount = (await readProc(pid, "mountinfo")).split("\n").find((line) => line.split(" ")[4] === "/");
  return folders.some((folder) => rootMount?.includes(`${folder}/`));
}

/**
 * @param {string} pid
 * @param {string} file
 */
function readProc(pid, file) {
  return readFile(path.join("/proc", pid, file), "utf8").catch(() => ""); // gone meanwhile
}

/**
 * Unmounts everything below the folders, innermost first.
 *
 * @param {readonly string[]} folders absolute
 */
export async function unmountBelow(folders) {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .map((line) => (line.split(" ")[1] ?? "").replaceAll("\\040", " "));
  const ours = mounts.filter((mount) => folders.some((folder) => mount.startsWith(`${folder}/`)));
  for (const mount of ours.reverse()) await run("umount", ["-l", mount]);
}
