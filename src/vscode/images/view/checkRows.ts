import * as vscode from "vscode";
import type { ImageCheck, PackageCheck } from "../../../core/jobs/checkImage";
import { formatBytes } from "../../../core/text/format";
import type { RowContent } from "./imageRow";

/** Longest instruction of a layer that is shown, in characters. */
const maxInstructionLength = 300;

/** Returns the rows for the result of a check: the packages with their versions, and the layers by size. */
export function checkRows({ python, packages, layers }: ImageCheck): RowContent[] {
  const failures = packages.filter(isFailure);
  const rows: RowContent[] = [];
  if (packages.length > 0 || python !== undefined)
    rows.push({
      kind: "group",
      label: vscode.l10n.t("Packages"),
      detail: packagesInWords(packages, python),
      isBad: failures.length > 0,
      rows: [...failures, ...packages.filter((each) => !isFailure(each))].map(packageRow),
    });
  if (layers)
    rows.push({
      kind: "group",
      label: vscode.l10n.t("Size"),
      detail: sizeInWords(layers),
      isBad: false,
      rows: layers
        .filter(({ sizeBytes }) => sizeBytes > 0)
        .sort((one, other) => other.sizeBytes - one.sizeBytes)
        .map(({ createdBy, sizeBytes }) => ({
          kind: "fact",
          label: formatBytes(sizeBytes),
          detail: createdBy.replace(/\s+/g, " ").slice(0, maxInstructionLength),
        })),
    });
  return rows;
}

/** Whether a package doesn't work as it was declared. */
export function isFailure({ outcome }: PackageCheck): boolean {
  return outcome === "failed" || outcome === "missing" || outcome === "unknown";
}

/** Returns the number of packages that work, such as `12 of 13 imported, Python 3.12.4`. */
export function packagesInWords(packages: ImageCheck["packages"], python: string | undefined): string {
  const working = packages.filter((each) => !isFailure(each)).length;
  const counts =
    packages.length === 0 ? vscode.l10n.t("none declared") : vscode.l10n.t("{0} of {1} work", working, packages.length);
  return [counts, ...(python === undefined ? [] : [vscode.l10n.t("Python {0}", python)])].join(", ");
}

function sizeInWords(layers: NonNullable<ImageCheck["layers"]>): string {
  const whole = layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const count = layers.filter(({ sizeBytes }) => sizeBytes > 0).length;
  return vscode.l10n.t("{0} in {1} layers", formatBytes(whole), count);
}

function packageRow({ name, version = "", outcome, message = "" }: PackageCheck): RowContent {
  switch (outcome) {
    case "failed":
      return {
        kind: "problem",
        label: vscode.l10n.t("{0} can't be imported", [name, version].join(" ").trim()),
        detail: message,
      };
    case "missing":
      return { kind: "problem", label: vscode.l10n.t("{0} is not installed", name), detail: "" };
    case "unknown":
      return {
        kind: "problem",
        label: vscode.l10n.t("{0} was not checked: Python 3.8 or newer is needed", name),
        detail: "",
      };
    case "leftOut":
      return { kind: "note", label: name, detail: vscode.l10n.t("left out by its marker") };
    case "noModules":
      return { kind: "fact", label: name, detail: vscode.l10n.t("{0}, nothing to import", version) };
    case "imported":
      return { kind: "fact", label: name, detail: version };
  }
}
