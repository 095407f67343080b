import * as vscode from "vscode";
import type { BuildOptions, SecretSource } from "../core/builders/buildOptions";
import type { FindingCode, Severity } from "../core/context/lint/finding";
import { isRecord } from "./isRecord";

const section = "imageBuilders";

/** When the build's output is shown; it never takes the focus. */
export type ShowLog = "never" | "onStart" | "onError";

/** What the settings say about building a folder; a value of the wrong type counts as not set. */
export interface BuildSettings {
  readonly builder: NonNullable<BuildOptions["builder"]>;
  readonly alwaysInclude: readonly string[];
  readonly tagTemplate: string;
  /** Where the secrets come from that a Dockerfile asks for, by id. */
  readonly secrets: NonNullable<BuildOptions["secrets"]>;
  /** What a Dockerfile's SSH mounts may sign with, by id. */
  readonly ssh: NonNullable<BuildOptions["ssh"]>;
}

/** Which daemon the user wants; empty where Docker's own configuration decides. */
export function engineSettings(): { readonly dockerHost?: string; readonly dockerContext?: string } {
  const settings = vscode.workspace.getConfiguration(section);
  return { dockerHost: settings.get<string>("dockerHost"), dockerContext: settings.get<string>("dockerContext") };
}

/** @param folder as an absolute path or a place; a workspace folder may have settings of its own */
export function buildSettings(folder: string | vscode.Uri): BuildSettings {
  const settings = vscode.workspace.getConfiguration(section, typeof folder === "string" ? vscode.Uri.file(folder) : folder);
  const [alwaysInclude, tagTemplate] = [settings.get<unknown>("alwaysInclude"), settings.get<unknown>("tagTemplate")];
  return {
    builder: settings.get("buildEngine", "auto"),
    alwaysInclude: Array.isArray(alwaysInclude) ? alwaysInclude.filter((path) => typeof path === "string") : [],
    tagTemplate: typeof tagTemplate === "string" ? tagTemplate : "",
    secrets: recordOf(settings.get<unknown>("buildSecrets"), isSecretSource),
    ssh: recordOf(settings.get<unknown>("buildSsh"), (value): value is string => typeof value === "string"),
  };
}

/** How grave each kind of finding is, or that it is not looked for, where that differs from the rule's own. */
export function findingSeverities(folder: vscode.Uri): Readonly<Partial<Record<FindingCode, Severity | "off">>> {
  const severities = vscode.workspace.getConfiguration(section, folder).get<unknown>("findings");
  return isRecord(severities) ? Object.fromEntries(Object.entries(severities).filter(([, severity]) => isSeverity(severity))) : {};
}

/** Whether the lines of ignore files tell above them what they do. */
export function showsCodeLens(file: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(section, file).get<unknown>("codeLens") !== false;
}

/** Whether the Explorer marks what stays out of build contexts. */
export function decoratesExcluded(): boolean {
  return vscode.workspace.getConfiguration(section).get<unknown>("decorateExcluded") === true;
}

/** How to guard uploads. */
export interface GuardSettings {
  /** What to do about secrets in what a person's build would send. */
  readonly secrets: "ask" | "warn" | "off";
  /** From which size on a context counts as large; 0 where none does. */
  readonly largeContextBytes: number;
}

/** The user's own: a workspace must not switch off what guards against it. */
export function guardSettings(): GuardSettings {
  const settings = vscode.workspace.getConfiguration(section);
  const [secrets, size] = [settings.get<unknown>("checkSecrets"), settings.get<unknown>("largeContextMiB")];
  return {
    secrets: secrets === "warn" || secrets === "off" ? secrets : "ask",
    largeContextBytes: (typeof size === "number" && size >= 0 ? size : 500) * 1024 ** 2,
  };
}

/** Whether connectors may use what this machine is signed in as; the user's own, since a workspace must not. */
export function allowsImplicitAuthMethods(): boolean {
  return vscode.workspace.getConfiguration(section).get<unknown>("allowImplicitAuthMethods") === true;
}

/** Keeps that a person has agreed to that. */
export async function allowImplicitAuthMethods(): Promise<void> {
  await vscode.workspace.getConfiguration(section).update("allowImplicitAuthMethods", true, vscode.ConfigurationTarget.Global);
}

/** When the build's output is brought into view. */
export function showLogOnBuild(): ShowLog {
  return vscode.workspace.getConfiguration(section).get("showLogOnBuild", "onStart");
}

/** Calls back when one of our settings changes, with a question by which to tell which. */
export function onDidChangeSettings(listener: (affects: (key: string) => boolean) => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(section)) listener((key) => change.affectsConfiguration(`${section}.${key}`));
  });
}

function isSeverity(value: unknown): value is Severity | "off" {
  return ["error", "warning", "information", "hint", "off"].includes(String(value));
}

/** The entries of a setting that have the right type. */
function recordOf<Value>(setting: unknown, isValue: (value: unknown) => value is Value): Readonly<Record<string, Value>> {
  if (!isRecord(setting)) return {};
  return Object.fromEntries(Object.entries(setting).filter((entry): entry is [string, Value] => isValue(entry[1])));
}

function isSecretSource(value: unknown): value is SecretSource {
  return isRecord(value) && ["env", "file", "secret"].some((key) => typeof value[key] === "string");
}
