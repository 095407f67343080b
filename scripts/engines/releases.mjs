import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { ensurePackages, mayInstall, unpackFromSuite } from "../setup/debian.mjs";
import { withLock } from "../setup/lock.mjs";
import { cache } from "../setup/paths.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { findProgram, run, say } from "../setup/steps.mjs";

/** Debian suites by Docker release. */
const suites = { 20: "bookworm", 26: "trixie", 28: "sid" };

/**
 * Docker release by its major version; `installed` is the one of the machine's packages. @typedef {"installed" | "20" |
 * "26" | "28"} Release
 */

/** Releases that can be requested. */
export const releases = /** @type {readonly Release[]} */ (["installed", "20", "26", "28"]);

/** Packages that a private engine requires, with a program or file of each. */
const packages = {
  "docker.io": "dockerd",
  "docker-registry": "docker-registry",
  "busybox-static": "busybox",
  iptables: "iptables",
  iproute2: "ip",
  "ca-certificates": "/etc/ssl/certs/ca-certificates.crt",
};

/**
 * Ensures that a private engine can run here. It requires root on Linux.
 *
 * @throws {SetUpError} with an alternative
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
 * Returns the folders of a release's programs, to be put first in PATH; empty if the installed programs are of that
 * release.
 *
 * @param {Release} release
 * @returns {Promise<string[]>}
 * @throws {SetUpError} if the suite now contains another version
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
 * Unpacks newer engines, which run unchanged on an older Debian, except runc, for which the installed package is used.
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
