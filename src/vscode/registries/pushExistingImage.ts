import { tmpdir } from "node:os";
import * as vscode from "vscode";
import type { LocalImage } from "../../core/engine/daemonImages";
import type { EngineClient } from "../../core/engine/engineClient";
import { parseImageReference } from "../../core/base/imageReference";
import { messageOf } from "../../core/base/errors";
import { tagVariables } from "../../core/jobs/tagTemplate";
import { ProgressText } from "../../core/progress/progressText";
import { formatBytes } from "../../core/text/format";
import { resolveImageNames } from "../builds/imageNames";
import { LocalImageNode } from "../components/localImages/localImageNodes";
import { daemonOf, type WithLocalImages } from "../components/localImages/localImages";
import type { WithCore } from "../access/coreAccess";
import type { WithLog } from "../platform/host";
import { folderPaths } from "../platform/restricted";
import { back } from "../ui/back";
import { showInformationMessage } from "../ui/messages";
import { withProgress } from "../ui/progress";
import { pick, type } from "../ui/quickInput";
import { throttle } from "../ui/throttle";
import { formatTimeAgo } from "../ui/timeAgo";
import { pickRegistry } from "./pickRegistry";

const progressIntervalMs = 150;

/**
 * Pushes an image that the daemon has, under a name in a registry. Asks for the registry, the image, and the name.
 *
 * @param target argument of the command: a row of a registry or of an image, or undefined
 */
export async function pushExistingImage(
  services: WithCore & WithLocalImages & WithLog,
  target?: unknown,
): Promise<void> {
  const { core, log, localImages } = services;
  const title = vscode.l10n.t("Push Existing Image");
  const node = target instanceof LocalImageNode ? target : undefined;
  const component = await pickRegistry(title, node ? undefined : target);
  if (!component) return;
  const [registry, client, variables] = await Promise.all([
    core.implementation("container_registry", component.name),
    node ? daemonOf(services, node) : core.get().then((loaded) => loaded.services.engine.client()),
    tagVariables(folderPaths()[0] ?? tmpdir()),
  ]);
  const image = node?.image ?? (await pickImage(title, client));
  if (!image) return;
  const nameOf = (typed: string): string => {
    const [name = "", ...more] = resolveImageNames(typed, variables, registry.config);
    if (more.length > 0) throw new Error(vscode.l10n.t("Enter one name."));
    return name;
  };
  const answer = await type({
    title,
    canGoBack: false,
    prompt: vscode.l10n.t("Name in the registry"),
    value: proposalFor(image.name, nameOf),
    check: (typed) => {
      try {
        return { note: vscode.l10n.t("Pushes {0}", nameOf(typed)) };
      } catch (error) {
        return { error: messageOf(error) };
      }
    },
  });
  if (answer === undefined || answer === back) return;
  const imageName = nameOf(answer.text);
  const digest = await withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Pushing {0}", imageName),
      cancellable: true,
    },
    async (progress, token) => {
      const controller = new AbortController();
      const { signal } = controller;
      const cancelling = token.onCancellationRequested(() => controller.abort());
      const text = new ProgressText();
      const show = throttle(progressIntervalMs, (message: string) => progress.report({ message }));
      try {
        const { name, tag } = parseImageReference(imageName);
        if (imageName !== image.name) await client.images.tag(image.name, name, tag, signal);
        return await registry.pushImage(imageName, {
          log,
          signal,
          report(event) {
            const words = text.accept(event);
            if (words !== undefined) show(words);
          },
        });
      } catch (error) {
        throw signal.aborted ? new vscode.CancellationError() : error;
      } finally {
        cancelling.dispose();
      }
    },
  );
  localImages.refresh();
  void announce(imageName, digest);
}

/** Lets one of the daemon's images be picked; undefined if there is none, or the prompt was dismissed. */
async function pickImage(title: string, client: EngineClient): Promise<LocalImage | undefined> {
  const images = await client.images.list(new AbortController().signal);
  if (images.length === 0) return void showInformationMessage(vscode.l10n.t("The daemon has no images with names."));
  const image = await pick({
    title,
    canGoBack: false,
    placeholder: vscode.l10n.t("Select the image to push"),
    choices: images.map((value) => ({ label: value.name, description: factsOf(value), value })),
  });
  return image === back ? undefined : image;
}

function factsOf({ sizeBytes, createdAt }: LocalImage): string {
  return `${formatBytes(sizeBytes)} · ${formatTimeAgo(createdAt)}`;
}

/** Returns the image's own name if it fits the registry, otherwise its last part. */
function proposalFor(name: string, nameOf: (typed: string) => string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  try {
    return nameOf(name);
  } catch {
    return last;
  }
}

async function announce(imageName: string, repoDigest: string): Promise<void> {
  const copy = vscode.l10n.t("Copy Digest Reference");
  const message = vscode.l10n.t("Pushed {0}: {1}", imageName, repoDigest.split("@")[1] ?? "");
  if ((await showInformationMessage(message, copy)) === copy) await vscode.env.clipboard.writeText(repoDigest);
}
