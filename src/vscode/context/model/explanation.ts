import * as vscode from "vscode";
import type { PathCopy, PathFacts } from "../../../core/context/explain/pathFacts";
import type { WrittenLine } from "../../../core/context/lint/state/ignoreText";
import { formatFiles } from "../../ui/amounts";
import { formatBytes } from "../../../core/text/format";

/** Path to be explained, with the facts about it. */
export interface ExplainedPath {
  readonly path: string;
  readonly facts: PathFacts;
  /** Name of the ignore file; undefined if there is none. */
  readonly ignoreFile?: string;
  /** Dockerfiles whose sources are all known. */
  readonly dockerfiles: readonly string[];
}

/** Explains in whole sentences why a path is included or excluded. */
export function explanationOf({ path, facts, ignoreFile, dockerfiles }: ExplainedPath): string {
  const { isDirectory, isSent, isUnsendable, emptiedBy } = facts;
  // If builds fail, no other reason matters.
  if (facts.stopsAt !== undefined && ignoreFile !== undefined) {
    return vscode.l10n.t(
      'Builds fail at line {1} of {2}, which is invalid, so no files are sent, including "{0}". Fix the line first.',
      path,
      facts.stopsAt,
      ignoreFile,
    );
  }
  if (isUnsendable) return vscode.l10n.t('"{0}" is not in the image: builders never send sockets or devices.', path);
  if (!isSent) return leftOut(path, facts, ignoreFile);
  const sentences = [
    isDirectory
      ? folderSent(path, facts)
      : vscode.l10n.t('"{0}" is sent to the builder ({1}).', path, formatBytes(facts.total.bytes)),
    letInBy(path, facts, ignoreFile),
    emptiedBy &&
      vscode.l10n.t(
        "`docker build` sends it empty because line {0} ({1}) keeps BuildKit from opening it.",
        emptiedBy.line,
        emptiedBy.text,
      ),
    emptiedBy && vscode.l10n.t("Image Builders sends the whole file."),
    copiedBy(facts.copies, dockerfiles),
  ];
  return sentences.filter(Boolean).join(" ");
}

function leftOut(path: string, { decider, decidedAt, total, isDirectory }: PathFacts, ignoreFile = ""): string {
  const amount = isDirectory
    ? vscode.l10n.t("{0}, {1}", formatFiles(total.files), formatBytes(total.bytes))
    : formatBytes(total.bytes);
  if (!decider) return vscode.l10n.t('"{0}" ({1}) is not in the image.', path, amount);
  return decidedAt === path
    ? vscode.l10n.t(
        '"{0}" ({1}) is not in the image: line {2} of {3} ({4}) excludes it.',
        path,
        amount,
        decider.line,
        ignoreFile,
        decider.text,
      )
    : vscode.l10n.t(
        '"{0}" ({1}) is not in the image: line {2} of {3} ({4}) excludes the folder "{5}".',
        path,
        amount,
        decider.line,
        ignoreFile,
        decider.text,
        decidedAt ?? "",
      );
}

function folderSent(path: string, { sent, total }: PathFacts): string {
  const name = path === "" ? vscode.l10n.t("The build context") : `"${path}"`;
  if (sent.files === total.files)
    return vscode.l10n.t(
      "{0} is sent to the builder with all its contents ({1}, {2}).",
      name,
      formatFiles(total.files),
      formatBytes(total.bytes),
    );
  if (sent.files === 0)
    return vscode.l10n.t("{0} is sent to the builder without any of the {1} in it.", name, formatFiles(total.files));
  return vscode.l10n.t(
    "{0} is partly sent to the builder: {1} of {2}, {3} of {4}.",
    name,
    sent.files.toLocaleString(),
    formatFiles(total.files),
    formatBytes(sent.bytes),
    formatBytes(total.bytes),
  );
}

function letInBy(
  path: string,
  { decider, decidedAt, isAlwaysIncluded, isDirectory, sent, total }: PathFacts,
  ignoreFile: string | undefined,
): string {
  if (ignoreFile === undefined) return vscode.l10n.t("There is no ignore file.");
  if (isAlwaysIncluded) return vscode.l10n.t('The setting "{0}" always includes it.', "imageBuilders.alwaysInclude");
  if (!decider)
    return isDirectory && sent.files < total.files ? "" : vscode.l10n.t("No rule in {0} excludes it.", ignoreFile);
  return verdictOf(path, decider, decidedAt, ignoreFile);
}

/** An excluded folder is sent if an exception includes something in it. */
function verdictOf(
  path: string,
  { line, text, pattern }: WrittenLine,
  decidedAt: string | undefined,
  ignoreFile: string,
): string {
  if (!pattern.exception) return vscode.l10n.t("Line {0} of {1} ({2}) excludes the rest.", line, ignoreFile, text);
  return decidedAt === path
    ? vscode.l10n.t("Line {0} of {1} ({2}) includes it.", line, ignoreFile, text)
    : vscode.l10n.t('Line {0} of {1} ({2}) includes the folder "{3}".', line, ignoreFile, text, decidedAt ?? "");
}

function copiedBy(copies: readonly PathCopy[], dockerfiles: readonly string[]): string {
  const [copy] = copies;
  if (copy) {
    const { dockerfile, source, isPart } = copy;
    return isPart
      ? vscode.l10n.t("{0} in line {1} of {2} uses part of it.", source.keyword, source.range.line, dockerfile)
      : vscode.l10n.t("{0} in line {1} of {2} uses it.", source.keyword, source.range.line, dockerfile);
  }
  const [dockerfile, ...others] = dockerfiles;
  if (dockerfile === undefined) return "";
  return others.length > 0
    ? vscode.l10n.t("No instruction in the Dockerfiles copies it, so it is not in any image.")
    : vscode.l10n.t("No instruction in {0} copies it, so it is not in the image.", dockerfile);
}
