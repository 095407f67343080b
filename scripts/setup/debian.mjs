import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { withLock } from "./lock.mjs";
import { cache } from "./paths.mjs";
import { SetUpError } from "./setUpError.mjs";
import { findProgram, run, say } from "./steps.mjs";

const policy = "/usr/sbin/policy-rc.d";

/** Whether this program may install Debian packages. */
export function mayInstall() {
  return process.platform === "linux" && process.getuid?.() === 0 && findProgram("apt-get") !== undefined;
}

/**
 * Installs the packages whose program or file is missing, without starting their services.
 *
 * @param {Readonly<Record<string, string>>} wanted program name or absolute path of a file, by package
 * @param {string} purpose what requires them, for the error message
 * @throws {SetUpError} with the packages and the command that installs them
 */
export async function ensurePackages(wanted, purpose) {
  const isMissing = (/** @type {string} */ mark) => !(path.isAbsolute(mark) ? existsSync(mark) : findProgram(mark));
  const missing = () => Object.keys(wanted).filter((name) => isMissing(wanted[name] ?? ""));
  if (missing().length === 0) return;
  if (!mayInstall()) {
    throw new SetUpError(
      `${purpose} needs what this machine lacks: ${missing().join(", ")}.\n` +
        `On Debian or Ubuntu: sudo apt-get install -y --no-install-recommends ${missing().join(" ")}`,
    );
  }
  await withLock(path.join(cache, "apt.lock"), async () => {
    const names = missing();
    if (names.length === 0) return;
    await withoutServices(() => install(names));
    say(`installed ${names.join(", ")}`);
  });
}

/** @param {readonly string[]} names */
async function install(names) {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const args = ["-q", "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends", ...names];
  try {
    await run("apt-get", args, { env, log: "apt" });
  } catch {
    // Package lists may be missing or old. One unreachable source must not prevent the others, so the second
    // installation decides.
    await run("apt-get", ["-q", "update"], { env, log: "apt" }).catch(() =>
      say("apt-get update reported errors, see .cache/logs/apt.log"),
    );
    await run("apt-get", args, { env, log: "apt" });
  }
}

/**
 * Prevents packages from starting services: Debian's `invoke-rc.d` asks `policy-rc.d` first.
 *
 * @param {() => Promise<void>} work
 */
async function withoutServices(work) {
  const isOurs = !existsSync(policy);
  if (isOurs) await writeFile(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await work();
  } finally {
    if (isOurs) await rm(policy, { force: true });
  }
}

/**
 * Unpacks packages of another Debian suite into a folder, without changing the machine's own packages and lists.
 *
 * @param {string} suite such as `trixie`
 * @param {readonly string[]} packages
 * @param {string} target
 */
export async function unpackFromSuite(suite, packages, target) {
  const state = path.join(cache, "apt", suite);
  await mkdir(path.join(state, "lists/partial"), { recursive: true });
  await mkdir(path.join(state, "cache/archives/partial"), { recursive: true });
  await writeFile(path.join(state, "sources.list"), `deb ${await debianMirror()} ${suite} main\n`);
  const apart = [
    `Dir::State=${state}`,
    "Dir::State::status=/dev/null",
    `Dir::State::lists=${state}/lists`,
    `Dir::Cache=${state}/cache`,
    `Dir::Etc::sourcelist=${state}/sources.list`,
    "Dir::Etc::sourceparts=-",
    "APT::Sandbox::User=root",
    "Acquire::Languages=none",
  ].flatMap((option) => ["-o", option]);
  await run("apt-get", ["-q", ...apart, "update"], { log: "apt" });
  const debs = path.join(state, "debs");
  await rm(debs, { recursive: true, force: true });
  await mkdir(debs);
  await run("apt-get", ["-q", ...apart, "download", ...packages], { cwd: debs, log: "apt" });
  for (const deb of await readdir(debs)) await run("dpkg", ["-x", path.join(debs, deb), target], { log: "apt" });
  await rm(debs, { recursive: true });
}

/** Returns the Debian mirror that this machine is configured with, in either format of apt's sources. */
async function debianMirror() {
  const folder = "/etc/apt/sources.list.d";
  const files = [
    "/etc/apt/sources.list",
    ...(await readdir(folder).catch(() => [])).map((name) => path.join(folder, name)),
  ];
  for (const file of files.filter((name) => /\.(list|sources)$/.test(name))) {
    const text = await readFile(file, "utf8").catch(() => "");
    const found = /^(?:URIs:\s*|deb\s+(?:\[.*?\]\s+)?)(\S*\/debian)\/?(?=\s|$)/m.exec(text)?.[1];
    if (found) return found;
  }
  throw new SetUpError(`No Debian mirror is listed in /etc/apt/sources.list or ${folder}.`);
}
