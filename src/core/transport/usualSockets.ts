import { stat } from "node:fs/promises";
import { join } from "node:path";
import { systemCodeOf } from "../base/errors";
import { defaultSocketPath } from "./endpointAddress";

/** Place where a daemon may listen, and its owner in words. */
export interface UsualSocket {
  readonly source: string;
  readonly path: string;
}

/** Returns the default places where daemons listen, in the order in which they are tried. */
export function usualSockets(
  env: NodeJS.ProcessEnv,
  homeDir: string,
  platform: NodeJS.Platform,
): [UsualSocket, ...UsualSocket[]] {
  const first: UsualSocket = { source: "default socket", path: defaultSocketPath(platform) };
  if (platform === "win32") {
    return [
      first,
      { source: "Docker Desktop's pipe", path: "//./pipe/dockerDesktopLinuxEngine" },
      { source: "Podman's pipe", path: "//./pipe/podman-machine-default" },
    ];
  }
  const runtime = env["XDG_RUNTIME_DIR"];
  const inHome = (source: string, ...path: string[]): UsualSocket => ({ source, path: join(homeDir, ...path) });
  const inRuntime = (source: string, path: string): UsualSocket[] =>
    runtime ? [{ source, path: join(runtime, path) }] : [];
  return [
    first,
    ...inRuntime("rootless Docker's socket", "docker.sock"),
    inHome("Docker Desktop's socket", ".docker", "run", "docker.sock"),
    inHome("Docker Desktop's socket", ".docker", "desktop", "docker.sock"),
    inHome("Colima's socket", ".colima", "default", "docker.sock"),
    inHome("Colima's socket", ".config", "colima", "default", "docker.sock"),
    inHome("OrbStack's socket", ".orbstack", "run", "docker.sock"),
    inHome("Rancher Desktop's socket", ".rd", "docker.sock"),
    inHome("Lima's socket", ".lima", "docker", "sock", "docker.sock"),
    ...inRuntime("Podman's socket", join("podman", "podman.sock")),
    { source: "Podman's socket", path: "/run/podman/podman.sock" },
    inHome("Podman's socket", ".local", "share", "containers", "podman", "machine", "podman.sock"),
  ];
}

/** Returns the first socket that exists; undefined if there is none. */
export async function firstExisting(sockets: readonly UsualSocket[]): Promise<UsualSocket | undefined> {
  for (const socket of sockets) if (await exists(socket.path)) return socket;
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    // Windows can't stat a busy pipe, and Wine can't stat any; only an absent pipe causes ENOENT.
    return path.startsWith("//./pipe/") && systemCodeOf(error) !== "ENOENT";
  }
}
