import { realpath, stat } from "node:fs/promises";
import { connect } from "node:net";
import { mountsOf } from "../dockerfile/mounts";
import { contactedHost } from "../base/contactedHost";
import type { Source } from "../base/sourceConsent";
import { isWindowsPipe } from "../base/windowsPipe";
import { wantedIds } from "../dockerfile/wantedIds";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { Operation } from "../operation/operation";
import type { DockerfileSource } from "../context/files/dockerfileSource";
import { buildDestination, type BuildJob } from "./buildJob";
import { KeyAgent } from "./keyAgent";
import { agentMessages, listRequest } from "../session/agentProtocol";
import type { AgentSockets } from "../session/sshForward";
import { expandHome } from "../base/homePath";

const answerTimeoutMs = 5_000;

/** SSH agents of a build; `close` ends those that were started for it. */
export interface BuildSshAgents {
  readonly sockets: AgentSockets;
  close(): void;
}

/**
 * Finds the SSH agents that a build may use, and starts one for each private key, so that missing ones are reported
 * before anything is sent.
 *
 * @throws ImageBuilderError `sshAgentUnavailable` for an agent that doesn't respond, or that the Dockerfile requires
 * but has no source; `sourceNotConfirmed` for one that may not be used
 */
export async function prepareSshAgents(
  job: BuildJob,
  dockerfile: DockerfileSource,
  { consent, signal }: Pick<Operation, "consent" | "signal">,
): Promise<BuildSshAgents> {
  const { options } = job;
  const destination = buildDestination(job);
  const sources = Object.entries(options.ssh ?? {});
  const needed = mountsOf(dockerfile.text, options).find(
    ({ type, id, required }) => type === "ssh" && required && !sources.some(([given]) => given === id),
  );
  if (needed) {
    throw new ImageBuilderError(
      "sshAgentUnavailable",
      `${dockerfile.name}, line ${needed.line}: the SSH agent "${needed.id}" is not available to the build. ` +
        'Allow it under "SSH Agent" in "More Options..." or in the setting "imageBuilders.buildSsh".',
      { location: { file: dockerfile.file, line: needed.line, endLine: needed.endLine } },
    );
  }
  const started: KeyAgent[] = [];
  const close = (): void => started.forEach((agent) => agent.close());
  try {
    const sockets = new Map<string, string>();
    const isWanted = wantedIds(dockerfile.text, options.buildArgs, options).ssh;
    for (const [id, source] of sources) {
      const confirmed = async (used: Source): Promise<void> =>
        consent?.confirm({ source: used, destination, requestedBy: { kind: "buildSsh", name: id } }, signal);
      const socket = await socketOf(id, source, started, confirmed);
      if (isWanted(id)) sockets.set(id, socket);
    }
    return { sockets, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function socketOf(
  id: string,
  source: string,
  started: KeyAgent[],
  confirmed: (used: Source) => Promise<void>,
): Promise<string> {
  const written = source === "agent" ? usersAgent(id) : expandHome(source);
  // Looking at it would already sign in to another computer.
  if (leadsAway(written)) await confirmed({ kind: "sshKey", path: written });
  const { path, isKey } = await lookUp(id, written);
  await confirmed(isKey ? { kind: "sshKey", path } : { kind: "sshAgent", socket: path });
  if (isKey) {
    const agent = await KeyAgent.start(path).catch((error: unknown) => {
      throw unavailable(
        id,
        `can't use the private key "${path}" (${messageOf(error)}). ` +
          "Use a key without a passphrase, or an agent that holds the key",
        error,
      );
    });
    started.push(agent);
    return agent.socket;
  }
  await listKeys(path).catch((error: unknown) => {
    throw unavailable(
      id,
      `the agent at "${path}" doesn't respond (${messageOf(error)}). Start it, and add your key with ssh-add`,
      error,
    );
  });
  return path;
}

/** A pipe of this machine has no entry, and looking for a link there would connect to it. */
function leadsAway(path: string): boolean {
  return !isWindowsPipe(path) && contactedHost(path) !== undefined;
}

function usersAgent(id: string): string {
  const socket =
    process.env["SSH_AUTH_SOCK"] || (process.platform === "win32" ? "//./pipe/openssh-ssh-agent" : undefined);
  if (!socket)
    throw unavailable(id, "SSH_AUTH_SOCK is not set. Start ssh-agent before the editor, and add your key with ssh-add");
  return socket;
}

/** Resolves links, which may lead anywhere, so that the confirmed path is the one that is used. */
async function lookUp(id: string, written: string): Promise<{ readonly path: string; readonly isKey: boolean }> {
  if (isWindowsPipe(written)) return { path: written, isKey: false };
  try {
    const path = await realpath(written);
    return { path, isKey: (await stat(path)).isFile() };
  } catch (error) {
    throw unavailable(
      id,
      `there is no agent or key at "${written}" (${messageOf(error)}). Check that the agent is running`,
      error,
    );
  }
}

/** Requests the list of keys, which every agent supports. */
async function listKeys(path: string): Promise<void> {
  const agent = connect(path).setTimeout(answerTimeoutMs, () =>
    agent.destroy(new Error(`no answer within ${answerTimeoutMs / 1000} s`)),
  );
  try {
    agent.write(listRequest);
    const { done } = await agentMessages(agent).next();
    if (done) throw new Error("it closed the connection");
  } finally {
    agent.destroy();
  }
}

function unavailable(id: string, why: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError("sshAgentUnavailable", `Can't forward the SSH agent "${id}" to the build: ${why}.`, {
    cause,
  });
}
