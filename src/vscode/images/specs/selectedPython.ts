import * as vscode from "vscode";
import { messageOf } from "../../../core/base/errors";
import type { Log } from "../../../core/base/log";
import type { PythonVersion } from "../../../core/image/definition/pythonVersion";
import { isRecord } from "../../../core/base/isRecord";

/** Time limit of the Python extension for inspecting an interpreter, in milliseconds. */
const patienceMs = 3_000;

/**
 * Returns the version of the interpreter that the Python extension has selected for a folder; undefined without the
 * extension, without an interpreter, or in a workspace that isn't trusted.
 *
 * @see https://github.com/microsoft/vscode-python/wiki/Python-Environment-APIs
 */
export async function selectedPython(
  { log }: { readonly log: Log },
  folder: vscode.Uri,
): Promise<PythonVersion | undefined> {
  const extension = vscode.extensions.getExtension<unknown>("ms-python.python");
  if (!extension || !vscode.workspace.isTrusted) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), patienceMs)));
  try {
    return await Promise.race([askExtension(extension, folder), late]);
  } catch (error) {
    log.warn(`The Python extension can't tell which interpreter is selected: ${messageOf(error)}`);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function askExtension(
  extension: vscode.Extension<unknown>,
  folder: vscode.Uri,
): Promise<PythonVersion | undefined> {
  const api = extension.isActive ? extension.exports : await extension.activate();
  const environments = isRecord(api) ? api.environments : undefined;
  if (!hasEnvironments(environments)) return undefined;
  const environment = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(folder));
  const version = isRecord(environment) && isRecord(environment.version) ? environment.version : {};
  const { major, minor } = version;
  return major === 3 && typeof minor === "number" && Number.isInteger(minor) && minor >= 0 ? [3, minor] : undefined;
}

/** The part of the extension's API that is used. */
interface Environments {
  getActiveEnvironmentPath(resource: vscode.Uri): unknown;
  resolveEnvironment(environment: unknown): Promise<unknown>;
}

function hasEnvironments(value: unknown): value is Environments {
  return (
    typeof value === "object" &&
    value !== null &&
    "getActiveEnvironmentPath" in value &&
    typeof value.getActiveEnvironmentPath === "function" &&
    "resolveEnvironment" in value &&
    typeof value.resolveEnvironment === "function"
  );
}
