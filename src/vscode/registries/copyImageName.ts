import * as vscode from "vscode";
import { LocalImageNode } from "../components/localImages/localImageNodes";
import { isBrowseNode } from "./browse/browseNodes";
import type { WithBuilds } from "../builds/builds";
import { showInformationMessage } from "../ui/messages";
import { isBuildNode } from "../builds/buildNode";

/** Copies the full image name of a row of a build, a registry, or a daemon's image, otherwise of the last build. */
export async function copyImageName({ builds }: WithBuilds, target?: unknown): Promise<void> {
  const name = nameOf(target) ?? (await builds.load())[0]?.imageName;
  if (name !== undefined) return vscode.env.clipboard.writeText(name);
  void showInformationMessage(vscode.l10n.t("No builds in this workspace yet."));
}

function nameOf(target: unknown): string | undefined {
  if (isBuildNode(target)) return target.build.imageName;
  if (target instanceof LocalImageNode) return target.image.name;
  if (!isBrowseNode(target) || target.kind === "repositories") return undefined;
  return target.kind === "repository" ? `${target.browser.host}/${target.path}` : target.imageName;
}
