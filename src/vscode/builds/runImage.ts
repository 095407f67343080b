import { messageOf, ImageBuilderError, systemCodeOf } from "../../core/base/errors";
import * as vscode from "vscode";
import { LocalImageNode } from "../components/localImages/localImageNodes";
import { daemonOf } from "../components/localImages/localImages";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";
import { engineSettings } from "../platform/settings";
import { back } from "../ui/back";
import { showInformationMessage } from "../ui/messages";
import { type } from "../ui/quickInput";
import { openTerminal } from "../ui/terminal";
import { isBuildNode } from "./buildNode";
import type { WithBuilds } from "./builds";
import { refuseUntrusted } from "./runBuild";

/** In ports: an image may expose thousands, which nobody would read in a prompt. */
const mostPorts = 20;

/** Image to run: what the command line is told, and the name that a person knows it by. */
interface Runnable {
  readonly image: string;
  readonly name: string;
}

/**
 * Runs the image of a build, or one of the daemon's images, in a terminal, with the docker command line and the daemon
 * that builds use.
 */
export async function runImage(services: WithBuilds & WithCore & WithMemory, target?: unknown): Promise<void> {
  refuseUntrusted();
  const { memory } = services;
  const runnable =
    target instanceof LocalImageNode ? await localImage(services, target) : await built(services, target);
  if (!runnable)
    return void showInformationMessage(vscode.l10n.t("No build in this list has an image that can be run."));
  const { image, name } = runnable;
  const program = await dockerProgram();
  const [core, { dockerRunArguments }] = await Promise.all([
    services.core.get(),
    import("../../core/engine/dockerRun"),
  ]);
  const { engine } = core.services;
  const [endpoint, client] = await Promise.all([engine.endpoint(), engine.client()]);
  const exposed = await client.exposedPorts(image, new AbortController().signal);
  const repository = name.replace(/:[^:/]*$/, "");
  const ports = await askPorts(memory, repository, exposed, endpoint.connection.kind === "socket");
  if (!ports) return;
  openTerminal({
    name,
    program,
    args: dockerRunArguments(endpoint, engineSettings(), { image, ports }),
  });
}

/** Returns the image of a row's build, otherwise of the last build that can be run. */
async function built({ builds }: WithBuilds, target: unknown): Promise<Runnable | undefined> {
  const build = isBuildNode(target) ? target.build : (await builds.load()).find(({ canRun }) => canRun);
  const { builtImageId: image, canRun, imageName: name } = build ?? {};
  return canRun && image !== undefined && name !== undefined ? { image, name } : undefined;
}

/** Takes the name, which was checked, and not the ID, which the command line could read as an option. */
async function localImage(services: WithCore, node: LocalImageNode): Promise<Runnable> {
  await daemonOf(services, node);
  const { name } = node.image;
  return { image: name, name };
}

/** Returns the absolute path of the docker command line. @throws ImageBuilderError `implementationUnavailable` */
async function dockerProgram(): Promise<string> {
  const { findProgram } = await import("../../core/process/findProgram");
  try {
    return findProgram("docker", process.env);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    throw new ImageBuilderError(
      "implementationUnavailable",
      vscode.l10n.t("The docker command line was not found in PATH, and running an image needs it. Install it first."),
      { cause: messageOf(error) },
    );
  }
}

/**
 * Asks which ports to publish, and remembers the answer for the images of a repository. Doesn't ask if the image
 * exposes none.
 *
 * @returns undefined if the prompt was dismissed
 */
async function askPorts(
  memory: WithMemory["memory"],
  repository: string,
  exposed: readonly string[],
  isLocal: boolean,
): Promise<readonly string[] | undefined> {
  if (exposed.length === 0) return [];
  const { proposedPorts, publishedPorts } = await import("../../core/text/publishedPorts");
  const answer = await type({
    title: vscode.l10n.t("Run Image"),
    canGoBack: false,
    prompt: vscode.l10n.t("Ports to publish; leave empty for none"),
    placeholder: vscode.l10n.t("127.0.0.1:8080:80; separate several with commas"),
    value: memory.publishedPorts(repository) ?? proposedPorts(exposed.slice(0, mostPorts), isLocal),
    check: (text) => {
      const ports = publishedPorts(text);
      if (!("invalid" in ports)) return undefined;
      return {
        error: vscode.l10n.t(
          '"{0}" is not a port. Use the form host port:container port, such as 8080:80.',
          ports.invalid,
        ),
      };
    },
  });
  if (answer === undefined || answer === back) return undefined;
  await memory.keepPublishedPorts(repository, answer.text);
  const ports = publishedPorts(answer.text);
  return "invalid" in ports ? undefined : ports;
}
