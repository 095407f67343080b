import * as vscode from "vscode";
import type { ImageConfig } from "../../../core/distribution/imageConfig";
import type { Blob } from "../../../core/distribution/descriptors";
import type { Manifest } from "../../../core/distribution/manifest";
import type { Referrers } from "../../../core/distribution/referrers";
import { formatBytes } from "../../../core/text/format";
import { statementInWords } from "./artifactWords";
import type { FactRow } from "./factRow";
import { shortInstruction } from "../shortInstruction";

/**
 * Returns the rows that describe a manifest.
 *
 * @param id id of the parent row
 * @param config configuration of an image
 */
export function manifestRows(id: string, manifest: Manifest, config?: ImageConfig): FactRow[] {
  const digest = fact(vscode.l10n.t("Digest"), manifest.digest);
  const annotations = tableRow(`${id}#annotations`, vscode.l10n.t("Annotations"), "note", manifest.annotations);
  switch (manifest.kind) {
    case "image":
      return [digest, ...configRows(id, config), ...layersRow(id, manifest.layers, config), ...annotations];
    case "index":
      return [digest, ...unreadableRow(manifest), ...annotations];
    case "artifact":
      return [
        digest,
        fact(vscode.l10n.t("Type"), manifest.artifactType),
        ...(manifest.subject === undefined ? [] : [fact(vscode.l10n.t("Belongs to"), manifest.subject)]),
        group(
          `${id}#blobs`,
          vscode.l10n.t("Files"),
          amount(manifest.blobs),
          "files",
          manifest.blobs.map((blob) => blobRow(blob)),
        ),
        ...annotations,
      ];
    case "legacy":
      return [
        digest,
        fact(vscode.l10n.t("Type"), vscode.l10n.t("Docker's manifest schema 1, which newer daemons can't pull")),
        group(
          `${id}#layers`,
          vscode.l10n.t("Layers"),
          String(manifest.layers.length),
          "layers",
          manifest.layers.map((layer) => ({ kind: "fact", label: layer })),
        ),
      ];
  }
}

/** Says that the list of what refers to an image could not be read, in a row. */
export function unlistedRow(reason: string): FactRow {
  const label = vscode.l10n.t("Signatures and other attachments can't be listed");
  return { kind: "fact", label, tooltip: `${label}: ${reason}`, icon: "warning" };
}

/** Says what is not shown of what refers to an image. */
export function restRows({ unreadable, hasMore }: Referrers): FactRow[] {
  const more: FactRow = { kind: "fact", label: vscode.l10n.t("More attachments, which are not shown"), icon: "info" };
  return [...unreadableRow({ unreadableEntries: unreadable || undefined }), ...(hasMore ? [more] : [])];
}

function unreadableRow({ unreadableEntries }: { readonly unreadableEntries?: number }): FactRow[] {
  if (unreadableEntries === undefined) return [];
  const label = vscode.l10n.t("Entries that can't be read");
  return [{ ...fact(label, String(unreadableEntries)), icon: "warning" }];
}

function configRows(id: string, config: ImageConfig | undefined): FactRow[] {
  if (!config) return [];
  const { platform, created, entrypoint, command, user, workingDirectory, labels } = config;
  const known: readonly (readonly [label: string, value: string | undefined])[] = [
    [vscode.l10n.t("Platform"), platform],
    [vscode.l10n.t("Created"), created && formatTime(created)],
    [vscode.l10n.t("Entrypoint"), entrypoint && JSON.stringify(entrypoint)],
    [vscode.l10n.t("Command"), command && JSON.stringify(command)],
    [vscode.l10n.t("User"), user],
    [vscode.l10n.t("Working directory"), workingDirectory],
  ];
  const facts = known.flatMap(([label, value]) => (value === undefined ? [] : [fact(label, value)]));
  return [...facts, ...tableRow(`${id}#labels`, vscode.l10n.t("Labels"), "tag", labels)];
}

function layersRow(id: string, layers: readonly Blob[], config: ImageConfig | undefined): FactRow[] {
  const rows = layers.map((layer, at) =>
    blobRow(layer, config?.layerInstructions[at] && shortInstruction(config.layerInstructions[at])),
  );
  return [group(`${id}#layers`, vscode.l10n.t("Layers"), amount(layers), "layers", rows)];
}

function blobRow(blob: Blob, name?: string): FactRow {
  const statement = statementInWords(blob.title ?? "");
  const tooltip = [name ?? blob.title, blob.digest, blob.mediaType, formatBytes(blob.sizeBytes)]
    .filter(Boolean)
    .join("\n");
  return {
    kind: "fact",
    label: statement ?? blob.title ?? (name || blob.digest),
    value: formatBytes(blob.sizeBytes),
    tooltip,
    ...(statement && { icon: "verified" }),
  };
}

function tableRow(id: string, label: string, icon: string, table: Readonly<Record<string, string>>): FactRow[] {
  const entries = Object.entries(table).sort(([one], [other]) => one.localeCompare(other));
  return entries.length === 0
    ? []
    : [
        group(
          id,
          label,
          String(entries.length),
          icon,
          entries.map(([key, value]) => fact(key, value)),
        ),
      ];
}

/** Formats the number and total size of blobs, such as `5 · 12.3 MB`. The row's label says what they are. */
function amount(blobs: readonly Blob[]): string {
  return `${blobs.length} · ${formatBytes(blobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))}`;
}

function fact(label: string, value: string): FactRow {
  return { kind: "fact", label, value };
}

function group(id: string, label: string, value: string, icon: string, rows: readonly FactRow[]): FactRow {
  return { kind: "fact", id, label, value, icon, rows };
}

/** Formats a time in the local format. */
export function formatTime(time: string): string {
  return new Date(time).toLocaleString();
}
