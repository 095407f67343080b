import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { identify, stopProcess } from "../setup/processes.mjs";
import { run } from "../setup/steps.mjs";

/**
 * Ends the remaining processes of a killed engine: helpers with one of the folders in their command line, and
 * containers whose root file system is in one of them.
 *
 * @param {readonly string[]} folders absolute paths
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
 * @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html (field 5 is the mount point)
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
  return readFile(path.join("/proc", pid, file), "utf8").catch(() => ""); // the process has ended
}

/**
 * Unmounts everything below the folders, innermost first.
 *
 * @param {readonly string[]} folders absolute paths
 */
export async function unmountBelow(folders) {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .map((line) => (line.split(" ")[1] ?? "").replaceAll("\\040", " "));
  const ours = mounts.filter((mount) => folders.some((folder) => mount.startsWith(`${folder}/`)));
  for (const mount of ours.reverse()) await run("umount", ["-l", mount]);
}
