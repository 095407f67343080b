import { fileURLToPath } from "node:url";

/** What to build. */
export interface Order {
  readonly root: string;
  readonly imageName: string;
  /** Whether each step is done again. */
  readonly noCache: boolean;
}

/** What one build took; memory is the peak of the process so far. */
export interface Measured {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMiB: number;
}

/** A way to get a folder into an image. */
export interface Method {
  readonly name: string;
  /** A process that is given one order after the other, as an editor is. */
  readonly server?: readonly string[];
  /** A process for each build. */
  readonly command?: (order: Order) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The tool that people use today: ratios are to it. */
  readonly isRival?: boolean;
  /** Takes ten times as long: measured once. */
  readonly isSlow?: boolean;
  /** Whether the bytes that it sends are counted, in a round of their own. */
  readonly isCounted?: boolean;
}

/** The programs to compare. */
export interface Programs {
  /** The command line of the daemon's own release. */
  readonly docker: string;
  /** Where the command line finds buildx; nothing is there where the release has BuildKit built in. */
  readonly dockerConfig: string;
  readonly ours: string;
  readonly dockerode: string;
}

/** All methods, ours first. */
export function methodsOn(dockerHost: string, { docker, dockerConfig, ours, dockerode }: Programs): Method[] {
  const dockerBuild = (buildkit: "0" | "1"): Omit<Method, "name"> => ({
    command: ({ root, imageName, noCache }) => [
      docker,
      "build",
      "--quiet",
      `--no-cache=${noCache}`,
      "--tag",
      imageName,
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
