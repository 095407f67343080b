import { fileURLToPath } from "node:url";

/** Parameters of a build. */
export interface Order {
  readonly root: string;
  readonly imageName: string;
  /** Whether the cache is ignored. */
  readonly noCache: boolean;
  /** Folder that the files of the image are written to, instead of an image. */
  readonly dest?: string;
}

/**
 * Measurements of one build: elapsed and CPU time in milliseconds, and the peak memory of the process so far in MiB.
 */
export interface Measured {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
}

/** Way to build an image from a folder. */
export interface Method {
  readonly name: string;
  /** Command of a process that gets all orders of a round, as an editor does. */
  readonly server?: readonly string[];
  /** Returns the command of a new process for each build. */
  readonly command?: (order: Order) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether this is the common tool that ratios refer to. */
  readonly isRival?: boolean;
  /** Whether the method takes about ten times as long, so it is measured only once. */
  readonly isSlow?: boolean;
  /** Whether the bytes that it sends are counted, in a separate round. */
  readonly isCounted?: boolean;
}

/** Paths of the programs to compare. */
export interface Programs {
  /** Docker's command line from the daemon's release. */
  readonly docker: string;
  /** Configuration folder in which the command line finds buildx; without it if the release has BuildKit built in. */
  readonly dockerConfig: string;
  readonly ours: string;
  readonly dockerode: string;
}

/** Returns all methods, ours first. */
export function methodsOn(dockerHost: string, { docker, dockerConfig, ours, dockerode }: Programs): Method[] {
  const dockerBuild = (buildkit: "0" | "1"): Omit<Method, "name"> => ({
    command: ({ root, imageName, noCache, dest }) => [
      docker,
      "build",
      "--quiet",
      `--no-cache=${noCache}`,
      ...(dest === undefined ? ["--tag", imageName] : ["--output", `type=local,dest=${dest}`]),
      root,
    ],
    env: { DOCKER_HOST: dockerHost, DOCKER_BUILDKIT: buildkit, DOCKER_CONFIG: dockerConfig },
  });
  const python =
    (script: string): Method["command"] =>
    ({ root, imageName }) => [
      "/usr/bin/python3",
      fileURLToPath(new URL(script, import.meta.url)),
      dockerHost,
      root,
      imageName,
    ];
  return [
    { name: "ours, session", isCounted: true, server: [process.execPath, ours, dockerHost, "buildkit"] },
    { name: "ours, classic", isSlow: true, server: [process.execPath, ours, dockerHost, "classic"] },
    { name: "docker build, BuildKit", isRival: true, isCounted: true, ...dockerBuild("1") },
    { name: "docker build, classic", isSlow: true, ...dockerBuild("0") },
    { name: "ZenML's path (docker-py)", isSlow: true, command: python("zenml.py") },
    { name: "dockerode", isSlow: true, server: [process.execPath, dockerode, dockerHost] },
  ];
}
