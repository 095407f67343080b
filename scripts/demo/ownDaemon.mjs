import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { busyboxImage } from "../engines/busybox.mjs";
import { askEngine, engineVersion } from "../engines/engineApi.mjs";
import { say } from "../setup/steps.mjs";

/** Sockets of common Docker daemons. */
const usualSockets = [
  "/var/run/docker.sock",
  path.join(os.homedir(), ".docker/run/docker.sock"),
  path.join(os.homedir(), ".docker/desktop/docker.sock"),
  path.join(os.homedir(), ".colima/default/docker.sock"),
  path.join(os.homedir(), ".orbstack/run/docker.sock"),
];

/**
 * Finds the socket of a daemon that the user runs on this machine and that has the demo's base image or can pull it.
 *
 * @returns {Promise<string | undefined>}
 */
export async function findOwnDaemon() {
  for (const socket of candidates()) {
    if ((await engineVersion(socket)) === undefined) continue;
    if (await hasBaseImage(socket)) return socket;
    say(`the Docker daemon at ${socket} cannot fetch ${busyboxImage}, so it is passed over`);
  }
  return undefined;
}

function candidates() {
  const named = /^(?:unix|npipe):\/\/(.+)$/.exec(process.env.DOCKER_HOST ?? "")?.[1];
  if (process.platform === "win32") return [named ?? "//./pipe/docker_engine"];
  return [...(named ? [named] : []), ...usualSockets].filter((socket) => existsSync(socket));
}

/** @param {string} socket */
async function hasBaseImage(socket) {
  const [image = "", tag = ""] = busyboxImage.split(":");
  const fetchImage = () => askEngine(socket, "POST", `/images/create?fromImage=${image}&tag=${tag}`);
  return askEngine(socket, "GET", `/images/${busyboxImage}/json`)
    .catch(fetchImage)
    .then(
      () => true,
      () => false,
    );
}
