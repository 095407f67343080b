import { messageOf, ImageBuilderError, systemCodeOf } from "../../core/base/errors";
import * as vscode from "vscode";
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

/** Runs the image of a build in a terminal, with the docker command line and the daemon that builds use. */
export async function runImage({ builds, core, memory }: WithBuilds & WithCore & WithMemory, target?: unknown) {
  refuseUntrusted();
  const build = isBuildNode(target) ? target.build : (await builds.load()).find(({ canRun }) => canRun);
  const { builtImageId: image } = build ?? {};
  if (!build?.canRun || image === undefined)
    return void showInformationMessage(vscode.l10n.t("No build in this list has an image that can be run."));
  const program = await dockerProgram();
  const [{ services }, { dockerRunArguments }] = await Promise.all([core.get(), import("../../core/engine/dockerRun")]);
  const [endpoint, client] = await Promise.all([services.engine.endpoint(), services.engine.client()]);
  const exposed = await client.exposedPorts(image, new AbortController().signal);
  const repository = build.imageName.replace(/:[^:/]*$/, "");
  const ports = await askPorts(memory, repository, exposed, endpoint.connection.kind === "socket");
  if (!ports) return;
  openTerminal({
    name: build.imageName,
    program,
    args: dockerRunArguments(endpoint, engineSettings(), { image, ports }),
  });
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
