import * as vscode from "vscode";
import type { BuildOptions, SecretSource } from "../../core/base/buildOptions";
import type { Origin, Requester } from "../../core/base/sourceConsent";
import type { FindingCode, Severity } from "../../core/context/lint/state/finding";
import { isRecord } from "../../core/base/isRecord";

const section = "imageBuilders";

/** Event that reveals the build output, which never moves the focus. */
export type ShowLog = "never" | "onStart" | "onError";

/** Settings for building a folder. Values of the wrong type are ignored. */
export interface BuildSettings {
  readonly builder: NonNullable<BuildOptions["builder"]>;
  readonly alwaysInclude: readonly string[];
  readonly tagTemplate: string;
  /** Sources of the secrets that a Dockerfile requests, by id. */
  readonly secrets: NonNullable<BuildOptions["secrets"]>;
  /** Agents or keys for the SSH mounts of a Dockerfile, by id. */
  readonly ssh: NonNullable<BuildOptions["ssh"]>;
  /** Sources that replace stages and images of a Dockerfile, by name. */
  readonly buildContexts: NonNullable<BuildOptions["buildContexts"]>;
  /** Ids and names that were set by the workspace rather than the user. */
  readonly shared: Readonly<Record<"secrets" | "ssh" | "buildContexts", ReadonlySet<string>>>;
}

/** Daemon from the settings; empty if Docker's own configuration decides. */
export interface EngineChoice {
  readonly dockerHost?: string;
  readonly dockerContext?: string;
  /** Setting that decides, if the workspace has set it. */
  readonly requestedBy?: Requester;
}

/** Returns the daemon from the settings, and whether the workspace selected it. */
export function engineSettings(): EngineChoice {
  const settings = vscode.workspace.getConfiguration(section);
  const [dockerHost, dockerContext] = [settings.get<string>("dockerHost"), settings.get<string>("dockerContext")];
  // A host takes precedence over a context. A workspace that sets an empty host also decides.
  const deciding = dockerHost?.trim() ? ["dockerHost"] : ["dockerHost", "dockerContext"];
  const shared = deciding.find((key) => settingOrigin(key) !== undefined);
  return {
    dockerHost,
    dockerContext,
    ...(shared !== undefined && { requestedBy: { kind: "setting", name: `${section}.${shared}`, from: "workspace" } }),
  };
}

/**
 * Sets the Docker context of the user's settings, in place of a host there.
 *
 * @param name undefined to leave the choice to Docker's own configuration
 */
export async function chooseDockerContext(name: string | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration(section);
  if (settings.inspect("dockerHost")?.globalValue !== undefined)
    await settings.update("dockerHost", undefined, vscode.ConfigurationTarget.Global);
  await settings.update("dockerContext", name, vscode.ConfigurationTarget.Global);
}

/** Returns "workspace" if the workspace has set a setting to another value than the user; otherwise undefined. */
export function settingOrigin(key: string, place?: vscode.Uri): Origin | undefined {
  const { user, workspace } = layersOf(key, place);
  return workspace !== undefined && JSON.stringify(workspace) !== JSON.stringify(user) ? "workspace" : undefined;
}

/** Returns the values of a setting by scope. Those of an untrusted workspace are ignored. */
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

/**
 * Returns the settings for building a folder.
 *
 * @param folder absolute path or URI; a workspace folder may have its own settings
 */
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

/** Returns the severities of findings that the settings override; "off" disables a check. */
export function findingSeverities(folder: vscode.Uri): Readonly<Partial<Record<FindingCode, Severity | "off">>> {
  const severities = vscode.workspace.getConfiguration(section, folder).get<unknown>("findings");
  return isRecord(severities)
    ? Object.fromEntries(Object.entries(severities).filter(([, severity]) => isSeverity(severity)))
    : {};
}

/** Whether code lenses are shown in ignore files and image specs. */
export function showsCodeLens(file: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(section, file).get<unknown>("codeLens") !== false;
}

/** Whether Dockerfiles show code lenses that build them. */
export function showsDockerfileCodeLens(file: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(section, file).get<unknown>("dockerfileCodeLens") !== false;
}

/** Whether BuildKit's checks run on Dockerfiles while they are edited. */
export function checksDockerfiles(file: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(section, file).get<unknown>("dockerfileChecks") !== false;
}

/** Whether Dockerfiles show the duration of each instruction in the last build. */
export function showsStepDurations(file: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration(section, file).get<unknown>("stepDurations") !== false;
}

/** Whether the Explorer marks excluded files. */
export function decoratesExcluded(): boolean {
  return vscode.workspace.getConfiguration(section).get<unknown>("decorateExcluded") === true;
}

/** Settings for checks before an upload. */
export interface GuardSettings {
  /** Action on possible secrets in an upload. */
  readonly secrets: "ask" | "warn" | "off";
  /** Size in bytes above which a build context counts as large; 0 if none does. */
  readonly largeContextBytes: number;
}

/**
 * Returns the settings for checks before an upload. Only the user can change them: a workspace must not disable its own
 * checks.
 */
export function guardSettings(): GuardSettings {
  const settings = vscode.workspace.getConfiguration(section);
  const [secrets, size] = [settings.get<unknown>("checkSecrets"), settings.get<unknown>("largeContextMiB")];
  return {
    secrets: secrets === "warn" || secrets === "off" ? secrets : "ask",
    largeContextBytes: (typeof size === "number" && size >= 0 ? size : 500) * 1024 ** 2,
  };
}

/** Whether connectors may use this machine's credentials. Only the user can allow this, not a workspace. */
export function allowsImplicitAuthMethods(): boolean {
  return vscode.workspace.getConfiguration(section).get<unknown>("allowImplicitAuthMethods") === true;
}

/** Saves the permission for connectors to use this machine's credentials. */
export async function allowImplicitAuthMethods(): Promise<void> {
  await vscode.workspace
    .getConfiguration(section)
    .update("allowImplicitAuthMethods", true, vscode.ConfigurationTarget.Global);
}

/** Returns when the build output is revealed. */
export function showLogOnBuild(): ShowLog {
  return vscode.workspace.getConfiguration(section).get("showLogOnBuild", "onStart");
}

/** Returns what the status bar shows; an invalid value counts as the default. */
export function statusBarSetting(): "building" | "always" | "never" {
  const value = vscode.workspace.getConfiguration(section).get<unknown>("statusBar");
  return value === "always" || value === "never" ? value : "building";
}

/** Calls back when one of our settings changes, with a function that checks which one. */
export function onDidChangeSettings(listener: (affects: (key: string) => boolean) => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(section)) listener((key) => change.affectsConfiguration(`${section}.${key}`));
  });
}

function isSeverity(value: unknown): value is Severity | "off" {
  return ["error", "warning", "information", "hint", "off"].includes(String(value));
}

/**
 * Merges the valid entries of a table from all scopes, where the narrowest scope replaces a whole entry. Also returns
 * the entries that the workspace has set.
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
