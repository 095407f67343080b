import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { mayInstall, unpackFromSuite } from "../setup/debian.mjs";
import { withLock } from "../setup/lock.mjs";
import { cache } from "../setup/paths.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { run } from "../setup/steps.mjs";

/** Debian suites and packages by Docker release. The client of the oldest release has BuildKit built in. */
const sources = {
  20: { suite: "bookworm", packages: ["docker.io"] },
  26: { suite: "trixie", packages: ["docker-cli", "docker-buildx"] },
  28: { suite: "sid", packages: ["docker-cli", "docker-buildx"] },
};

/**
 * Programs that read an ignore file and send a context. @typedef {{ docker: string, buildx: string, version: string }}
 * Clients
 */

/**
 * Returns Docker's own programs of a release, which are unpacked into the cache from Debian's packages.
 *
 * @param {"20" | "26" | "28"} release
 * @returns {Promise<Clients>} `buildx` is empty if the release doesn't need it
 * @throws {SetUpError} if the suite now contains another version
 */
export async function dockerClients(release) {
  if (!mayInstall())
    throw new SetUpError("Docker's command line is unpacked from Debian's packages: run this as root on Debian.");
  const { suite, packages } = sources[release];
  const folder = path.join(cache, "oracle/clients", release);
  const docker = path.join(folder, "usr/bin/docker");
  const buildx = packages.includes("docker-buildx")
    ? path.join(folder, "usr/libexec/docker/cli-plugins/docker-buildx")
    : "";
  await withLock(folder, async () => {
    if (existsSync(folder)) return;
    const unfinished = `${folder}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true });
    await unpackFromSuite(suite, packages, unfinished);
    await rename(unfinished, folder);
  });
  const versions = [await run(docker, ["--version"]), ...(buildx ? [await run(buildx, ["version"])] : [])];
  const version = versions.map((each) => each.trim()).join(", ");
  if (!version.includes(`Docker version ${release}.`))
    throw new SetUpError(`Debian's ${suite} carries ${version} now, not ${release}.`);
  return { docker, buildx, version };
}
