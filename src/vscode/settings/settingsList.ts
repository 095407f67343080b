import * as vscode from "vscode";
import { isRecord } from "../../core/base/isRecord";
import { requireWritable } from "./writableTarget";

const section = "imageBuilders";

/** Setting with a list of named entries. */
export type ListKey = "builders" | "registries" | "connectors";

/** Entries in the settings of one scope. */
export interface ListScope {
  readonly target: vscode.ConfigurationTarget;
  readonly entries: readonly unknown[];
  /** Whether the entries are the default of the extension, because no scope sets the list. */
  readonly isDefault?: boolean;
}

/** Entry to be written; undefined properties are removed. */
export type ListEntry = Readonly<Record<string, unknown>> & { readonly name: string };

/** Last write. Each write waits for the previous one, because it changes the whole list. */
let writing: Promise<unknown> = Promise.resolve();

/** Returns the scopes that set a list, narrowest first. An untrusted workspace is ignored. */
export function listScopes(key: ListKey): ListScope[] {
  const found = vscode.workspace.getConfiguration(section).inspect<unknown>(key);
  const scopes: ListScope[] = [];
  if (vscode.workspace.isTrusted && Array.isArray(found?.workspaceValue))
    scopes.push({ target: vscode.ConfigurationTarget.Workspace, entries: found.workspaceValue });
  if (Array.isArray(found?.globalValue))
    scopes.push({ target: vscode.ConfigurationTarget.Global, entries: found.globalValue });
  if (scopes.length === 0 && Array.isArray(found?.defaultValue))
    scopes.push({ target: vscode.ConfigurationTarget.Global, entries: found.defaultValue, isDefault: true });
  return scopes;
}

/**
 * Writes an entry in place of the one that it replaces, otherwise at the end of the list of `target`.
 *
 * @param replaces the name that the entry had until now; keys of ours that it no longer has go, a person's own stay
 * @throws ImageBuilderError `workspaceUntrusted` for a workspace's list in Restricted Mode
 */
export function saveEntry(
  key: ListKey,
  entry: ListEntry,
  target: vscode.ConfigurationTarget,
  replaces = entry.name,
): Promise<void> {
  return inTurn(async () => {
    const scopes = listScopes(key);
    const scope =
      scopes.find(({ entries }) => entries.some((each) => nameOf(each) === replaces)) ??
      scopes.find((each) => each.target === target);
    const entries = (scope ?? scopes.find(({ isDefault }) => isDefault))?.entries ?? [];
    const at = entries.findIndex((each) => nameOf(each) === replaces);
    const old = entries[at];
    const written = defined({ ...(isRecord(old) ? old : {}), ...entry });
    await write(key, at < 0 ? [...entries, written] : entries.with(at, written), scope?.target ?? target);
  });
}

/** Removes an entry from the narrowest scope that contains it, which is the one that applies. */
export function removeEntry(key: ListKey, name: string): Promise<void> {
  return inTurn(async () => {
    const scope = scopeOf(key, name);
    if (scope)
      await write(
        key,
        scope.entries.filter((each) => nameOf(each) !== name),
        scope.target,
      );
  });
}

/** Returns the scope of the entry that applies; undefined if there is no entry of this name. */
export function scopeOf(key: ListKey, name: string): ListScope | undefined {
  return listScopes(key).find(({ entries }) => entries.some((each) => nameOf(each) === name));
}

/** Removes an empty list from the settings, except the builders, which would then have a default. */
async function write(key: ListKey, entries: readonly unknown[], target: vscode.ConfigurationTarget): Promise<void> {
  // A list that is not read would be replaced by one without its entries.
  requireWritable(target);
  const value = entries.length === 0 && key !== "builders" ? undefined : entries;
  await vscode.workspace.getConfiguration(section).update(key, value, target);
}

function inTurn(change: () => Promise<void>): Promise<void> {
  const done = writing.then(change, change);
  writing = done;
  return done;
}

function defined(entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}

function nameOf(entry: unknown): unknown {
  return isRecord(entry) ? entry["name"] : undefined;
}
