import * as vscode from "vscode";
import { messageOf } from "../../core/base/errors";
import { formatBytes, formatDuration } from "../../core/text/format";
import { visible } from "../../core/text/visible";
import { keptAnswers } from "../platform/keptAnswers";
import type { Build } from "./history/build";

const labelWidth = 14;

/** Describes a build as text, one fact per line, so that two builds can be compared line by line. */
export function buildFacts(build: Build): string {
  const { state, imageNames, answers, durationMs } = build;
  const outcome = state.kind === "done" ? state.outcome : undefined;
  const rows: readonly (readonly [label: string, value: string | undefined])[] = [
    [vscode.l10n.t("image"), imageNames.join(", ")],
    [vscode.l10n.t("result"), stateName(build)],
    [vscode.l10n.t("failure"), state.kind === "failed" ? messageOf(state.error) : undefined],
    [vscode.l10n.t("digest"), outcome?.repoDigest],
    [vscode.l10n.t("image ID"), outcome?.imageId],
    [vscode.l10n.t("size"), outcome?.sizeBytes === undefined ? undefined : sizeWords(outcome.sizeBytes)],
    [vscode.l10n.t("started"), build.startedAt.toLocaleString()],
    [vscode.l10n.t("duration"), durationMs === undefined ? undefined : formatDuration(durationMs)],
    [vscode.l10n.t("builder"), answers.builder],
    [vscode.l10n.t("registry"), answers.registry],
    [vscode.l10n.t("folder"), answers.folder],
    [answers.spec === undefined ? vscode.l10n.t("Dockerfile") : vscode.l10n.t("image spec"), answers.dockerfile],
    ...optionRows(build),
    ...(outcome?.warnings ?? []).map((warning) => [vscode.l10n.t("warning"), warning] as const),
  ];
  return rows
    .flatMap(([label, value]) => (value === undefined ? [] : `${label.padEnd(labelWidth)} ${visible(value)}\n`))
    .join("");
}

/** Returns the state of a build in a word or two. */
export function stateName({ state }: Build): string {
  switch (state.kind) {
    case "running":
      return vscode.l10n.t("running");
    case "done":
      if (state.outcome.exists) return vscode.l10n.t("already exists");
      return state.outcome.repoDigest === undefined ? vscode.l10n.t("built") : vscode.l10n.t("pushed");
    case "failed":
      return vscode.l10n.t("failed");
    case "cancelled":
      return vscode.l10n.t("canceled");
    case "interrupted":
      return vscode.l10n.t("interrupted");
  }
}

function sizeWords(sizeBytes: number): string {
  return vscode.l10n.t("{0} ({1} bytes)", formatBytes(sizeBytes), sizeBytes.toLocaleString());
}

/** Options as they may be stored: a text of the editor may be stored as well. */
function optionRows({ answers, omittedArgs }: Build): (readonly [label: string, value: string])[] {
  const options: Readonly<Record<string, unknown>> = keptAnswers(answers).options;
  const rows = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [vscode.l10n.t("option"), `${name} ${JSON.stringify(value)}`] as const);
  const omitted = omittedArgs.map(
    (name) => [vscode.l10n.t("option"), vscode.l10n.t("buildArgs {0} (value not stored)", name)] as const,
  );
  return [...rows, ...omitted].sort(([, a], [, b]) => (a < b ? -1 : 1));
}
