import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { seedBusybox } from "../../../scripts/engines/busybox.mjs";
import { Daemon } from "../../../scripts/engines/daemon.mjs";
import type { Random } from "../../../scripts/oracle/random.mjs";
import { Registry, registryUser } from "../../../scripts/engines/registry.mjs";
import { ConnectionProxy } from "../connectionProxy";
import { askDaemon, localBuilder, registryAt, uniqueName } from "../engine";
import { FaultProxy } from "../faultProxy";
import { temporaryFolder } from "../folder";
import { childrenOf, linksBelow } from "./figures";
import type { SoakJob } from "./soakMain";

/** What a daemon holds at a moment. */
export interface DaemonFigures {
  readonly containers: number;
  /** Parts of the build cache that a build still holds. */
  readonly cacheInUse: number;
  /** What it has started, such as steps of builds. */
  readonly processes: number;
  readonly descriptors: number;
  readonly temporaryFiles: number;
}

/** A way to the daemon and to the registry, with a place for faults on each. */
export interface Lane {
  readonly daemon: ConnectionProxy;
  readonly registry: FaultProxy;
}

/** A daemon, a registry that asks for a password, and lanes that lead to both. */
export class SoakBed {
  readonly folder = temporaryFolder();
  readonly lanes: Lane[] = [];
  readonly #keyFile = join(temporaryFolder(), "key");
  readonly #secretFile = join(temporaryFolder({ secret: "a secret of the soak" }), "secret");
  readonly registry = new Registry(join(this.folder, "registry"), { needsPassword: true });
  readonly mirror = new Registry(join(this.folder, "mirror"));
  daemon!: Daemon;

  static async start(lanes: number): Promise<SoakBed> {
    const bed = new SoakBed();
    // One after the other: each looks for a free port before it takes it.
    await bed.mirror.start();
    await bed.registry.start();
    bed.daemon = await new Daemon(join(bed.folder, "daemon"), { mirror: bed.mirror.address }).start();
    await seedBusybox(bed.daemon.socket, bed.mirror);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", bed.#keyFile]);
    for (let i = 0; i < lanes; i++)
      bed.lanes.push({
        daemon: await ConnectionProxy.start(bed.daemon.socket),
        registry: await FaultProxy.start(bed.registry.address),
      });
    return bed;
  }

  async stop(): Promise<void> {
    for (const { daemon, registry } of this.lanes) await Promise.all([daemon.stop(), registry.stop()]);
    await this.daemon.remove();
    await this.registry.remove();
    await this.mirror.remove();
  }

  /** A build of a kind that chance picks, except the builder where it is given; by a lane, or straight. */
  job(random: Random, lane?: Lane, builder?: "buildkit" | "classic"): SoakJob {
    const registry = lane?.registry.address ?? this.registry.address;
    const isPushed = random.chance(0.8);
    const imageName = `${isPushed ? `${registry}/` : ""}${uniqueName("soak")}:1`;
    const withAll = builder !== "classic" && random.chance(0.4);
    const mounts = withAll ? "--mount=type=secret,id=secret,required --mount=type=ssh,required " : "";
    const root = temporaryFolder({
      Dockerfile: `FROM busybox:1.35\nRUN ${mounts}echo ${uniqueName()} > /run-of-this\nCOPY a /\n`,
      a: randomBytes(1 + random.below(200_000)),
    });
    return {
      dockerHost: lane?.daemon.dockerHost ?? this.daemon.dockerHost,
      logins: { [registry]: registryUser },
      request: {
        root,
        imageName,
        builder: localBuilder,
        ...(isPushed && { registry: registryAt(registry) }),
        options: {
          builder: withAll ? "buildkit" : (builder ?? (random.chance(0.6) ? "buildkit" : "classic")),
          ...(withAll && { secrets: { secret: { file: this.#secretFile } }, ssh: { default: this.#keyFile } }),
          ...(withAll && !isPushed && { output: { type: "local", dest: join(temporaryFolder(), "out") } }),
        },
      },
    };
  }

  /** Measures the daemon, by its own answers and by what its process shows. */
  async measure(): Promise<DaemonFigures> {
    const { socket, folder, socketFolder } = this.daemon;
    const pid = Number(readFileSync(join(socketFolder, "docker.pid"), "utf8"));
    const containers = (await askDaemon("/containers/json?all=1", "GET", socket)) as unknown[];
    const { BuildCache } = (await askDaemon("/system/df?type=build-cache", "GET", socket)) as {
      readonly BuildCache: readonly { readonly InUse: boolean }[] | null;
    };
    const places = ["tmp", "buildkit/executor"]
      .map((place) => join(folder, "data", place))
      .filter((place) => existsSync(place));
    const files = places.flatMap((place) => readdirSync(place).map((name) => join(place, name)));
    return {
      containers: containers.length,
      cacheInUse: (BuildCache ?? []).filter(({ InUse }) => InUse).length,
      processes: descendantsOf(pid).length,
      descriptors: linksBelow(`/proc/${pid}/fd`).length,
      // BuildKit removes the socket it mounts for SSH, and leaves the empty folder around it, whoever builds.
      temporaryFiles: files.filter((file) => !(file.includes(".buildkit-ssh-sock") && readdirSync(file).length === 0))
        .length,
    };
  }
}

function descendantsOf(pid: number): number[] {
  try {
    return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
  } catch {
    return []; // It has just ended.
  }
}
