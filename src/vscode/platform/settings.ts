import * as vscode from "vscode";
import type { BuildOptions, SecretSource } from "../../core/base/buildOptions";
import type { Origin, Requester } from "../../core/base/sourceConsent";
import type { FindingCode, Severity } from "../../core/context/lint/state/finding";
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
  /** What stands for stages and images of a Dockerfile, by name. */
  readonly buildContexts: NonNullable<BuildOptions["buildContexts"]>;
  /** The ids and names of those that the workspace names, and not the user. */
  readonly shared: Readonly<Record<"secrets" | "ssh" | "buildContexts", ReadonlySet<string>>>;
}

/** Which daemon is wanted; empty where Docker's own configuration decides. */
export interface EngineChoice {
  readonly dockerHost?: string;
  readonly dockerContext?: string;
  /** The setting that decides, where the workspace has written it. */
  readonly requestedBy?: Requester;
}

/** Which daemon the settings want, and whether it is a workspace that does. */
export function engineSettings(): EngineChoice {
  const settings = vscode.workspace.getConfiguration(section);
  const [dockerHost, dockerContext] = [settings.get<string>("dockerHost"), settings.get<string>("dockerContext")];
  // An address goes before a context, and one that a workspace has blanked is chosen by it, too.
  const deciding = dockerHost?.trim() ? ["dockerHost"] : ["dockerHost", "dockerContext"];
  const shared = deciding.find((key) => settingOrigin(key) !== undefined);
  return {
    dockerHost,
    dockerContext,
    ...(shared !== undefined && { requestedBy: { kind: "setting", name: `${section}.${shared}`, from: "workspace" } }),
  };
}

/** Who has written a setting, if not the user; what a workspace repeats of the user's is the user's. */
export function settingOrigin(key: string, place?: vscode.Uri): Origin | undefined {
  const { user, workspace } = layersOf(key, place);
  return workspace !== undefined && JSON.stringify(workspace) !== JSON.stringify(user) ? "workspace" : undefined;
}

/** What the user says of a setting and what goes before it; a workspace that is not trusted says nothing. */
function layersOf(
  key: string,
  place: vscode.Uri | undefined,
): { readonly user: unknown; readonly workspace: unknown; readonly all: readonly unknown[] } {
  const found = vscode.workspace.getConfiguration(section, place).inspect<unknown>(key);
  const shared = vscode.workspace.isTrusted ? [found?.workspaceValue, found?.workspaceFolderValue] : [];
  return {
    user: found?.globalValue,
    workspace: shared.findLast((value) => value !== undefined),
    all: [found?.defaultValue, found?.globalValue, ...shared],
  };
}

/** @param folder as an absolute path or a place; a workspace folder may have settings of its own */
export function buildSettings(folder: string | vscode.Uri): BuildSettings {
  const place = typeof folder === "string" ? vscode.Uri.file(folder) : folder;
  const settings = vscode.workspace.getConfiguration(section, place);
  const secrets = tableOf("buildSecrets", place, isSecretSource);
  const isText = (value: unknown): value is string => typeof value === "string";
  const ssh = tableOf("buildSsh", place, isText);
  const contexts = tableOf("buildContexts", place, isText);
  const [alwaysInclude, tagTemplate] = [settings.get<unknown>("alwaysInclude"), settings.get<unknown>("tagTemplate")];
  return {
    builder: settings.get("buildEngine", "auto"),
    alwaysInclude: Array.isArray(alwaysInclude) ? alwaysInclude.filter((path) => typeof path === "string") : [],
    tagTemplate: typeof tagTemplate === "string" ? tagTemplate : "",
    secrets: secrets.values,
    ssh: ssh.values,
    buildContexts: contexts.values,
    shared: { secrets: secrets.shared, ssh: ssh.shared, buildContexts: contexts.shared },
  };
}

/** How grave each kind of finding is, or that it is not looked for, where that differs from the rule's own. */
export function findingSeverities(folder: vscode.Uri): Readonly<Partial<Record<FindingCode, Severity | "off">>> {
  const severities = vscode.workspace.getConfiguration(section, folder).get<unknown>("findings");
  return isRecord(severities)
    ? Object.fromEntries(Object.entries(severities).filter(([, severity]) => isSeverity(severity)))
    : {};
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
  await vscode.workspace
    .getConfiguration(section)
    .update("allowImplicitAuthMethods", true, vscode.ConfigurationTarget.Global);
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

/**
 * The entries of a setting that have the right type, each whole as the narrowest scope has it, and which of them the
 * workspace has written.
 */
function tableOf<Value>(
  key: string,
  place: vscode.Uri,
  isValue: (value: unknown) => value is Value,
): { readonly values: Readonly<Record<string, Value>>; readonly shared: ReadonlySet<string> } {
  const { user, all } = layersOf(key, place);
  const merged: [string, unknown][] = all.flatMap((layer) => (isRecord(layer) ? Object.entries(layer) : []));
  const values = Object.fromEntries(
    Object.entries(Object.fromEntries(merged)).filter((entry): entry is [string, Value] => isValue(entry[1])),
  );
  const isShared = (id: string): boolean =>
    !isRecord(user) || !Object.hasOwn(user, id) || JSON.stringify(user[id]) !== JSON.stringify(values[id]);
  return { values, shared: new Set(Object.keys(values).filter(isShared)) };
}

function isSecretSource(value: unknown): value is SecretSource {
  return isRecord(value) && ["env", "file", "secret"].some((key) => typeof value[key] === "string");
}
