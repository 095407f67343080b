import type { PackageManager } from "../definition/layers";
import type { Secret } from "../definition/secret";
import { shellWord } from "./quote";
import { run, type Mount } from "./run";

/** Commands of a package manager, with its caches, which are kept between builds and aren't part of the image. */
interface Installer {
  readonly command: string;
  readonly mounts: readonly Mount[];
}

const dnfOptions = "-y --setopt=install_weak_deps=0 --setopt=keepcache=1";

const installers: Readonly<Record<PackageManager | "apt", Installer>> = {
  apt: {
    command:
      "rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && " +
      "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends",
    mounts: [
      { cache: "/var/cache/apt", id: "apt" },
      { cache: "/var/lib/apt", id: "apt-lists" },
    ],
  },
  apk: {
    command: "apk add --update-cache --cache-dir /var/cache/apk",
    mounts: [{ cache: "/var/cache/apk", id: "apk" }],
  },
  dnf: {
    command: `dnf install ${dnfOptions}`,
    // Fedora 41 and later keep it in the second folder.
    mounts: [
      { cache: "/var/cache/dnf", id: "dnf" },
      { cache: "/var/cache/libdnf5", id: "libdnf5" },
    ],
  },
  microdnf: {
    command: `microdnf install ${dnfOptions}`,
    // Red Hat's images of version 8 keep it in the second folder.
    mounts: [
      { cache: "/var/cache/dnf", id: "dnf" },
      { cache: "/var/cache/yum", id: "yum" },
    ],
  },
};

/** Renders the installation of packages with the base's package manager. */
export function systemPackages(
  manager: PackageManager | "apt",
  { packages, secrets }: { readonly packages: readonly string[]; readonly secrets: readonly Secret[] },
): string {
  const { command, mounts } = installers[manager];
  return run([command, ...packages.map(shellWord)].join(" "), { mounts, secrets });
}
