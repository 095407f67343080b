import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { ensurePackages, mayInstall, unpackFromSuite } from "../setup/debian.mjs";
import { withLock } from "../setup/lock.mjs";
import { cache } from "../setup/paths.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { findProgram, run, say } from "../setup/steps.mjs";

/** Which Debian suite has which Docker release. */
const suites = { 20: "bookworm", 26: "trixie", 28: "sid" };

/**
 * A Docker release by its major version; `installed` is what the machine's own packages bring. @typedef {"installed" |
 * "20" | "26" | "28"} Release
 */

/** The releases that can be asked for. */
export const releases = /** @type {readonly Release[]} */ (["installed", "20", "26", "28"]);

/** What every private engine needs of the machine. */
const packages = {
  "docker.io": "dockerd",
  "docker-registry": "docker-registry",
  "busybox-static": "busybox",
  iptables: "iptables",
  iproute2: "ip",
  "ca-certificates": "/etc/ssl/certs/ca-certificates.crt",
};

/**
 * Whether a private engine can run here; it needs root, because no engine runs without.
 *
 * @throws {SetUpError} with what to do instead
 */
export async function ensureEnginePackages() {
  if (process.platform !== "linux") {
    throw new SetUpError(
      "A private Docker daemon runs on Linux only. " +
        "Run this in a Debian virtual machine or container host as root, " +
        "or start Docker Desktop for `npm run demo`.",
    );
  }
  if (process.getuid?.() !== 0)
    throw new SetUpError("A private Docker daemon needs root. Run this with sudo, or start Docker for `npm run demo`.");
  await ensurePackages(packages, "A private Docker daemon");
}

/**
 * The folders of a release's programs, to stand first in PATH; none for the machine's own.
 *
 * @param {Release} release
 * @returns {Promise<string[]>}
 * @throws {SetUpError} where the suite carries another version by now
 */
export async function releasePrograms(release) {
  if (release === "installed" || (await versionOf(findProgram("dockerd") ?? "")).startsWith(`${release}.`)) return [];
  if (!mayInstall())
    throw new SetUpError(`Docker ${release} is unpacked from Debian's packages: run this as root on Debian.`);
  const target = path.join(cache, "engines/releases", release);
  const programs = [path.join(target, "usr/bin"), path.join(target, "usr/sbin")];
  await withLock(target, () => unpackRelease(suites[release], target));
  const version = await versionOf(path.join(target, "usr/sbin/dockerd"));
  if (!version.startsWith(`${release}.`))
    throw new SetUpError(
      `Debian's ${suites[release]} carries Docker ${version || "(none that runs here)"} now, not ${release}.`,
    );
  return programs;
}

/**
 * Newer engines run on an older Debian as they are, save runc, which the machine's own package brings.
 *
 * @param {string} suite
 * @param {string} target
 */
async function unpackRelease(suite, target) {
  if (existsSync(target)) return;
  const unfinished = `${target}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await unpackFromSuite(suite, ["docker.io", "containerd"], unfinished);
  await rename(unfinished, target);
  say(`unpacked Docker from Debian's ${suite}`);
}

/** @param {string} program */
async function versionOf(program) {
  const printed = program === "" ? "" : await run(program, ["--version"]).catch(() => "");
  return /version (\d+\.\d+\.\d+)/.exec(printed)?.[1] ?? "";
}
