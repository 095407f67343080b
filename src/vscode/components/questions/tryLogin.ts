import * as vscode from "vscode";
import { ImageBuilderError, messageOf } from "../../../core/base/errors";
import type { ContainerRegistry } from "../../../core/contracts/containerRegistry";
import { showWarningMessage } from "../../ui/messages";
import { withSignal } from "../../ui/withSignal";
import type { Login } from "./askLogin";

/** Most registries answer before anybody could read a notification. */
const patienceMs = 500;

/**
 * Tries a login that was just typed, before it is stored; if the registry refuses it or can't be reached, a person
 * decides.
 *
 * @param makeRegistry as it would be with the login
 * @returns undefined if it is not to be stored, and nothing is to be changed
 * @throws vscode.CancellationError
 */
export async function tryLogin(
  name: string,
  login: Login,
  makeRegistry: () => Promise<ContainerRegistry>,
): Promise<"store" | "change" | undefined> {
  const failure = await withSignal(
    vscode.l10n.t('Checking the credentials of "{0}"', name),
    (signal) => failureOf(login, makeRegistry, signal),
    patienceMs,
  );
  if (failure === undefined) return "store";
  const [change, anyway] = [vscode.l10n.t("Edit..."), vscode.l10n.t("Save Anyway")];
  const chosen = await showWarningMessage(
    vscode.l10n.t('The credentials of "{0}" don\'t work', name),
    { modal: true, detail: failure },
    change,
    anyway,
  );
  return chosen === change ? "change" : chosen === anyway ? "store" : undefined;
}

/** Returns why the credentials fail; undefined if they work, or if the registry requires none. */
async function failureOf(
  login: Login,
  makeRegistry: () => Promise<ContainerRegistry>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { checkCredentials } = await import("../../../core/distribution/checkCredentials");
  try {
    const place = (await makeRegistry()).place(signal);
    const source = vscode.l10n.t("your input");
    const check = await checkCredentials(
      { ...place, credentials: async () => ({ credentials: login, source }) },
      { signal },
    );
    return check.outcome === "failed" ? check.message : undefined;
  } catch (error) {
    if (signal.aborted || !ImageBuilderError.is(error)) throw error;
    return messageOf(error);
  }
}
