import * as vscode from "vscode";
import { parseImageReference, qualifiedName } from "../../../core/base/imageReference";
import { messageOf } from "../../../core/base/errors";
import type { WithCore } from "../../access/coreAccess";
import { back } from "../../ui/back";
import { type, type Remark } from "../../ui/quickInput";
import { withSignal } from "../../ui/withSignal";
import { LocalImageNode } from "./localImageNodes";
import { daemonOf, type WithLocalImages } from "./localImages";

/** Time in milliseconds without a notification, because a daemon tags at once. */
const patienceMs = 2_000;

/** Gives the image of a row another name. */
export async function tagLocalImage(services: WithCore & WithLocalImages, target?: unknown): Promise<void> {
  if (!(target instanceof LocalImageNode)) return;
  const { name } = target.image;
  const answer = await type({
    title: vscode.l10n.t("Tag Image"),
    canGoBack: false,
    prompt: vscode.l10n.t("Another name for {0}", name),
    placeholder: vscode.l10n.t("ghcr.io/team/app:1.0"),
    value: name,
    check: (text) => remarkOn(text.trim(), target),
  });
  if (answer === undefined || answer === back) return;
  const reference = parseImageReference(answer.text.trim());
  const client = await daemonOf(services, target);
  await withSignal(
    vscode.l10n.t("Tagging {0}", name),
    (signal) => client.images.tag(name, reference.name, reference.tag, signal),
    patienceMs,
  );
  services.localImages.refresh();
}

function remarkOn(text: string, node: LocalImageNode): Remark {
  if (text === node.image.name) return { error: vscode.l10n.t("The image has this name already. Change it.") };
  try {
    const reference = parseImageReference(text);
    if (reference.digest !== undefined) return { error: vscode.l10n.t("Enter a name without a digest.") };
    const name = qualifiedName({ ...reference, tag: reference.tag ?? "latest" });
    if (node.isOfAnother(name)) return { note: vscode.l10n.t("Takes this name from another image of the daemon.") };
    return { note: vscode.l10n.t("Tags the image as {0}", name) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
