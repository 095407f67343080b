import * as vscode from "vscode";
import type { ComponentType } from "../../core/base/component";
import { isRecord } from "../../core/base/isRecord";
import type { OfferedFlavor } from "./offeredFlavor";

/**
 * Returns the flavors that extensions contribute as `contributes.imageBuilders.flavors` in their package.json. Loading
 * one activates its extension.
 */
export function contributedFlavors(): OfferedFlavor[] {
  return vscode.extensions.all.flatMap((extension) =>
    entriesOf(extension.packageJSON).map(({ name, type }) => ({
      name,
      type,
      loadKey: `extension ${extension.id}`,
      from: vscode.l10n.t('the extension "{0}"', extension.id),
      load: async () => void (await extension.activate()),
    })),
  );
}

function entriesOf(manifest: unknown): { readonly name: string; readonly type: ComponentType }[] {
  const contributes =
    isRecord(manifest) && isRecord(manifest["contributes"]) ? manifest["contributes"]["imageBuilders"] : undefined;
  const entries: unknown = isRecord(contributes) ? contributes["flavors"] : undefined;
  return Array.isArray(entries) ? entries.filter(isEntry) : [];
}

function isEntry(entry: unknown): entry is { readonly name: string; readonly type: ComponentType } {
  return (
    isRecord(entry) &&
    typeof entry["name"] === "string" &&
    (entry["type"] === "image_builder" || entry["type"] === "container_registry")
  );
}
