import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import type { SharedTags } from "../../core/distribution/sharedTags";
import { isBrowseNode, type TagNode } from "./browse/browseNodes";
import type { WithRegistriesView } from "./view/registriesView";
import { showInformationMessage, showWarningMessage } from "../ui/messages";
import { withSignal } from "../ui/withSignal";

/**
 * Deletes a tag from the registry. If the registry can only delete whole images, asks again before deleting the image
 * with all its tags.
 */
export async function deleteFromRegistry(
  { registriesView }: WithRegistriesView,
  target: unknown = registriesView.selected,
): Promise<void> {
  if (!isBrowseNode(target) || target.kind !== "tag") return;
  const remove = vscode.l10n.t("Delete Tag");
  const detail = vscode.l10n.t("It can no longer be pulled by this name. This cannot be undone.");
  const answer = await showWarningMessage(
    vscode.l10n.t("Delete {0} from the registry?", target.imageName),
    { modal: true, detail },
    remove,
  );
  if (answer !== remove) return;
  const ending = await deleteTag(target);
  if (ending === "kept") return;
  target.parent.listing.forget();
  if (ending === "deleted") void showInformationMessage(vscode.l10n.t("Deleted {0}.", target.imageName));
  else void showWarningMessage(vscode.l10n.t("{0} was not in the registry, so nothing was deleted.", target.imageName));
}

/** Deletes a tag; returns `absent` if it doesn't exist. */
async function deleteTag(node: TagNode): Promise<"deleted" | "absent" | "kept"> {
  const { path, browser } = node.parent;
  const { client } = await browser.open();
  const title = vscode.l10n.t("Deleting {0}", node.imageName);
  try {
    await withSignal(title, (signal) => client.deleteTag(path, node.tag.name, signal));
    return "deleted";
  } catch (error) {
    if (!ImageBuilderError.is(error, "registryUnsupported")) throw error;
  }
  const found = await withSignal(vscode.l10n.t("Looking for other tags of the image"), async (signal) => {
    const digest = await client.digestOf(path, node.tag.name, signal);
    if (digest === undefined) return undefined;
    const { sharedTags } = await import("../../core/distribution/sharedTags");
    const others = node.parent.listing.rows.map(({ tag }) => tag.name).filter((name) => name !== node.tag.name);
    return { digest, shared: await sharedTags(client, { repository: path, digest, tags: others, signal }) };
  });
  // The tag was deleted by someone else in the meantime.
  if (!found) return "absent";
  if (!(await agreesToDeleteImage(node, found.shared))) return "kept";
  await withSignal(title, (signal) => client.deleteImage(path, found.digest, signal));
  return "deleted";
}

async function agreesToDeleteImage(node: TagNode, { names, unknown }: SharedTags): Promise<boolean> {
  const remove = vscode.l10n.t("Delete Image");
  const lines = [
    vscode.l10n.t(
      "This registry can't delete a single tag. It can only delete the image with every tag that points to it.",
    ),
    names.length === 0
      ? vscode.l10n.t("No other checked tag points to it.")
      : vscode.l10n.t("These tags are deleted too: {0}.", names.join(", ")),
    ...(unknown > 0 ? [vscode.l10n.t("{0} more tags were not checked.", unknown.toLocaleString())] : []),
    vscode.l10n.t("This cannot be undone."),
  ];
  const question = vscode.l10n.t("Delete the image of {0} and all its tags?", node.imageName);
  return (await showWarningMessage(question, { modal: true, detail: lines }, remove)) === remove;
}
