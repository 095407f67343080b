import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { Image } from "../../src/core/image/image";
import { buildImage, ownPlatform } from "../support/buildImage";
import { build, uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";

/**
 * A package manager that takes the options which its documentation names, refuses all others, and keeps an index and
 * packages in its caches, as the real one does.
 */
const program = (name: string, caches: readonly string[], options: readonly string[]): string => `#!/bin/sh
set -eu
case "$1" in ${name === "apk" ? "add" : "install"}) shift;; *) echo "${name}: unknown command $1" >&2; exit 1;; esac
cache=${caches[0]}
while [ $# -gt 0 ]; do
  case "$1" in
    --cache-dir) [ ${name} = apk ] || exit 2; cache=$2; shift 2;;
    ${options.join("|")}) shift;;
    -*) echo "${name}: unrecognized option $1" >&2; exit 2;;
    missing) echo "${name}: missing: no such package" >&2; exit 3;;
    *) mkdir -p /usr/share/installed; echo index > "$cache/index"; echo "$1" > "$cache/$1"
       echo "$1 by ${name}" > "/usr/share/installed/$1"; shift;;
  esac
done
`;

const dnfOptions = ["-y", "--setopt=install_weak_deps=0", "--setopt=keepcache=1"];

describe("packages of systems without apt in an image", function () {
  this.timeout(120_000);
  const programs = {
    apk: program("apk", ["/var/cache/apk"], ["--update-cache", "-U"]),
    dnf: program("dnf", ["/var/cache/dnf"], dnfOptions),
    microdnf: program("microdnf", ["/var/cache/yum"], dnfOptions),
  };
  let start: Image<true>;

  before(async () => {
    const root = temporaryFolder({
      Dockerfile: "FROM busybox:1.35\nCOPY bin /bin/\n",
      ...Object.fromEntries(Object.entries(programs).map(([name, text]) => [`bin/${name}`, text])),
    });
    for (const name of Object.keys(programs)) chmodSync(join(root, "bin", name), 0o755);
    const imageName = `${uniqueName("packages-base")}:1`;
    await build({ root, imageName });
    start = Image.fromBase(imageName).clone({ name: uniqueName("packages"), extendable: true, platform: ownPlatform });
  });
  after(removeTemporaryFolders);

  const managers = {
    apk: (...packages: string[]) => start.withApkPackages(...packages),
    dnf: (...packages: string[]) => start.withDnfPackages(...packages),
    microdnf: (...packages: string[]) => start.withMicrodnfPackages(...packages),
  } as const;

  for (const [name, install] of Object.entries(managers)) {
    it(`are installed by ${name}, and its cache doesn't stay in a layer`, async () => {
      const show =
        `cat /usr/share/installed/one /usr/share/installed/two; ` +
        `echo $(find /var/cache -type f | wc -l) left # ${uniqueName()}`;
      const { output } = await buildImage(install("one", "two").withCommands([show]));
      const lines = output.split("\n");
      for (const line of [`one by ${name}`, `two by ${name}`, "0 left"]) assert.ok(lines.includes(line), output);
    });

    it(`that ${name} doesn't find fail in its words`, async () => {
      await assert.rejects(buildImage(install("one", "missing")), new RegExp(`exit code: 3|${name}: missing`));
    });
  }
});
