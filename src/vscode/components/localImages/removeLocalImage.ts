import * as vscode from "vscode";
import { formatBytes } from "../../../core/text/format";
import type { WithCore } from "../../access/coreAccess";
import { showWarningMessage } from "../../ui/messages";
import { withSignal } from "../../ui/withSignal";
import { LocalImageNode } from "./localImageNodes";
import { daemonOf, type WithLocalImages } from "./localImages";

/** Time in milliseconds without a notification. */
const patienceMs = 1_000;

/** Removes a name of an image from the daemon, and the image with its last name, after a confirmation. */
export async function removeLocalImage(services: WithCore & WithLocalImages, target?: unknown): Promise<void> {
  if (!(target instanceof LocalImageNode)) return;
  const { image, otherNames, address } = target;
  const remove = vscode.l10n.t("Remove");
  const detail = [
    otherNames.length > 0
      ? vscode.l10n.t("Only this name is removed. The image keeps its other names: {0}.", otherNames.join(", "))
      : vscode.l10n.t(
          "The image ({0}) is deleted. It can be pulled again only if it is in a registry.",
          formatBytes(image.sizeBytes),
        ),
    vscode.l10n.t("Docker daemon: {0}", address),
  ];
  const question = vscode.l10n.t("Remove {0}?", image.name);
  if ((await showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  const client = await daemonOf(services, target);
  try {
    await withSignal(
      vscode.l10n.t("Removing {0}", image.name),
      (signal) => client.images.remove(image.name, signal),
      patienceMs,
    );
  } finally {
    services.localImages.refresh();
  }
}
