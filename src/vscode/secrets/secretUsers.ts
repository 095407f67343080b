import * as vscode from "vscode";
import { parseSecretReference } from "../../core/credentials/secretReference";
import { componentSettings, connectorSettings } from "../settings/componentSettings";
import { buildSettings } from "../platform/settings";

/** Entry in the settings that uses a stored secret. */
export interface SecretUser {
  readonly secret: string;
  /** Description of the entry, such as `registry "mine"`. */
  readonly words: string;
  readonly icon: string;
}

/** Returns the entries in the settings that use stored secrets, in all workspace folders. */
export function secretUsers(): SecretUser[] {
  const components = [
    ...componentSettings("image_builder").components,
    ...componentSettings("container_registry").components,
  ];
  return [
    ...components.flatMap(({ type, name, configuration }) =>
      type === "image_builder"
        ? usersOf(configuration, vscode.l10n.t('builder "{0}"', name), "tools")
        : usersOf(configuration, vscode.l10n.t('registry "{0}"', name), "cloud"),
    ),
    ...connectorSettings().connectors.flatMap(({ name, configuration }) =>
      usersOf(configuration, vscode.l10n.t('connector "{0}"', name), "plug"),
    ),
    ...buildSecretUsers(),
  ];
}

/** Describes the entries that use a secret. */
export function usersInWords(secret: string): string[] {
  return secretUsers()
    .filter((user) => user.secret === secret)
    .map(({ words }) => words);
}

/** Finds the secrets in a configuration: references in braces, and the plain name in `authenticationSecret`. */
function usersOf(configuration: Readonly<Record<string, unknown>>, words: string, icon: string): SecretUser[] {
  const referred = Object.entries(configuration).map(([field, value]) =>
    field === "authenticationSecret" ? value : parseSecretReference(value)?.name,
  );
  return [...new Set(referred)].flatMap((secret) => (typeof secret === "string" ? [{ secret, words, icon }] : []));
}

function buildSecretUsers(): SecretUser[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const sources = new Map(folders.flatMap(({ uri }) => Object.entries(buildSettings(uri).secrets)));
  return [...sources].flatMap(([id, source]) =>
    "secret" in source
      ? [{ secret: source.secret.split(".")[0] ?? "", words: vscode.l10n.t('build secret "{0}"', id), icon: "package" }]
      : [],
  );
}
