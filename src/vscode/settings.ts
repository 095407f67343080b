import * as vscode from "vscode";
import type { BuildOptions, SecretSource } from "../core/builders/buildOptions";
import type { Component, ComponentType } from "../core/components/component";
import type { FindingCode, Severity } from "../core/context/lint/finding";
import { ImageBuilderError } from "../core/errors";

const section = "imageBuilders";
const keys = { image_builder: "builders", container_registry: "registries" } as const satisfies Record<ComponentType, string>;

/** When the build's output is shown; it never takes the focus. */
export type ShowLog = "never" | "onStart" | "onError";

/** The components of one type as the settings have them, and what is wrong with entries that are none. */
export interface ComponentSettings {
  readonly components: readonly Component[];
  readonly problems: readonly string[];
}

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

interface Scope {
  readonly target: vscode.ConfigurationTarget;
  readonly entries: readonly unknown[];
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

/** The components of a type: those of the workspace and those of the user together, by name, the workspace's first. */
export function componentSettings(type: ComponentType): ComponentSettings {
  const components = new Map<string, Component>();
  const problems: string[] = [];
  for (const entry of scopesOf(type).flatMap((scope) => scope.entries)) {
    const component = toComponent(type, entry);
    if (!component) problems.push(vscode.l10n.t('An entry of "{0}" has no name or no flavor: {1}. Mend it in the settings.', `${section}.${keys[type]}`, JSON.stringify(entry)));
    else if (!components.has(component.name)) components.set(component.name, component);
  }
  return { components: [...components.values()], problems };
}

/** @throws ImageBuilderError `configurationInvalid` when the settings have no component of that name */
export function componentNamed(type: ComponentType, name: string): Component {
  const { components } = componentSettings(type);
  const component = components.find((each) => each.name === name);
  if (component) return component;
  const known = components.map((each) => `"${each.name}"`).join(", ") || vscode.l10n.t("none");
  throw new ImageBuilderError("configurationInvalid", vscode.l10n.t('"{0}" has no entry named "{1}" (there are: {2}).', `${section}.${keys[type]}`, name, known));
}

/** Writes a component where one of its name stands, else to `target`. */
export async function saveComponent(component: Component, target: vscode.ConfigurationTarget): Promise<void> {
  const { name, type, flavor, configuration } = component;
  const entry = { name, flavor, configuration };
  const scopes = scopesOf(type);
  const scope = scopes.find(({ entries }) => entries.some((each) => nameOf(each) === name)) ?? scopes.find((each) => each.target === target);
  const entries = scope?.entries ?? [];
  const at = entries.findIndex((each) => nameOf(each) === name);
  await write(type, at < 0 ? [...entries, entry] : entries.with(at, entry), scope?.target ?? target);
}

/** Removes every component of that name from the user's and the workspace's settings. */
export async function removeComponent(type: ComponentType, name: string): Promise<void> {
  for (const { target, entries } of scopesOf(type)) {
    const kept = entries.filter((each) => nameOf(each) !== name);
    if (kept.length < entries.length) await write(type, kept, target);
  }
}

/** Where components are set, the narrowest scope first; what comes with the extension counts only where nobody set any. */
function scopesOf(type: ComponentType): Scope[] {
  const found = vscode.workspace.getConfiguration(section).inspect<unknown>(keys[type]);
  const scopes: Scope[] = [];
  if (vscode.workspace.isTrusted && Array.isArray(found?.workspaceValue)) scopes.push({ target: vscode.ConfigurationTarget.Workspace, entries: found.workspaceValue });
  if (Array.isArray(found?.globalValue)) scopes.push({ target: vscode.ConfigurationTarget.Global, entries: found.globalValue });
  if (scopes.length === 0 && Array.isArray(found?.defaultValue)) scopes.push({ target: vscode.ConfigurationTarget.Global, entries: found.defaultValue });
  return scopes;
}

/** A setting that became empty is taken out of the file, unless it would then fall back to a default. */
async function write(type: ComponentType, entries: readonly unknown[], target: vscode.ConfigurationTarget): Promise<void> {
  const value = entries.length === 0 && type === "container_registry" ? undefined : entries;
  await vscode.workspace.getConfiguration(section).update(keys[type], value, target);
}

function toComponent(type: ComponentType, entry: unknown): Component | undefined {
  if (!isRecord(entry) || typeof entry["name"] !== "string" || typeof entry["flavor"] !== "string" || entry["name"] === "") return undefined;
  const configuration = entry["configuration"] ?? {};
  return isRecord(configuration) ? { name: entry["name"], type, flavor: entry["flavor"], configuration } : undefined;
}

function nameOf(entry: unknown): unknown {
  return isRecord(entry) ? entry["name"] : undefined;
}

function isSeverity(value: unknown): value is Severity | "off" {
  return ["error", "warning", "information", "hint", "off"].includes(String(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries of a setting that have the right type. */
function recordOf<Value>(setting: unknown, isValue: (value: unknown) => value is Value): Readonly<Record<string, Value>> {
  if (!isRecord(setting)) return {};
  return Object.fromEntries(Object.entries(setting).filter((entry): entry is [string, Value] => isValue(entry[1])));
}

function isSecretSource(value: unknown): value is SecretSource {
  return isRecord(value) && ["env", "file", "secret"].some((key) => typeof value[key] === "string");
}
