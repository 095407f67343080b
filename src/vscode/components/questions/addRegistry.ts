import * as vscode from "vscode";
import type { Component } from "../../../core/base/component";
import type { ContainerRegistry } from "../../../core/contracts/containerRegistry";
import type { Flavor } from "../../../core/contracts/flavor";
import { loginRequest } from "../../../core/consent/requests";
import { registryHost } from "../../../core/base/imageReference";
import { freeSecretName } from "./freeSecretName";
import type { WithCore } from "../../access/coreAccess";
import type { WithLog } from "../../platform/host";
import type { WithTrusted } from "../../consent/trustedSources";
import type { WithSecrets } from "../../platform/secrets";
import type { FlavorNode } from "../tree/nodes";
import { askAndRegister } from "./registerComponent";
import type { Login } from "./askLogin";
import { askRegistryLogin } from "./askRegistryLogin";
import { back } from "../../ui/back";
import { askComponentName } from "./askComponentName";
import { askTarget } from "./askTarget";
import { tryLogin } from "./tryLogin";
import { ask, counted, type Step } from "../../ui/flow";
import { pick, type } from "../../ui/quickInput";
import { withoutEnd } from "../../../core/base/trimText";

interface Draft {
  readonly flavor?: Flavor<"container_registry">;
  readonly uri?: string;
  readonly name?: string;
  readonly target?: vscode.ConfigurationTarget;
  readonly login?: Login;
}

/**
 * Asks for a registry and saves it in the settings. A password, if entered, is saved in the secret storage.
 *
 * @param flavorName flavor that is already chosen
 * @returns undefined if a prompt was dismissed
 */
export async function addRegistry(
  services: WithCore & WithLog & WithSecrets & WithTrusted,
  flavorName?: string,
): Promise<Component | undefined> {
  const title = vscode.l10n.t("Add Registry");
  const flavors = (await services.core.flavors("all")).list("container_registry");
  const chosen = flavors.find(({ name }) => name === flavorName);
  const { configForm } = await import("../../../core/config/configForm");
  const needsMore = (flavor: Draft["flavor"]): boolean =>
    flavor !== undefined && configForm(flavor).some(({ name, required }) => required && name !== "uri");
  const first = chosen ? [] : [counted(askFlavor(title, flavors))];
  const rest = [counted(askUri(title)), counted(askName(title)), askTarget<Draft>(title)];
  const draft = await ask<Draft>({ flavor: chosen }, ({ flavor }) =>
    needsMore(flavor) ? first : [...first, ...rest, counted(askCredentials(title, services))],
  );
  // Flavors of other extensions may require fields that only their own form asks for.
  if (draft?.flavor && needsMore(draft.flavor))
    return askAndRegister(services, "container_registry", {
      kind: "flavor",
      name: draft.flavor.name,
      flavor: draft.flavor,
      isUsed: false,
    } satisfies FlavorNode);
  if (!draft?.flavor || draft.uri === undefined || draft.name === undefined) return undefined;
  const { flavor, uri, name, login, target = vscode.ConfigurationTarget.Global } = draft;
  const secretName = await freeSecretName(services.secrets, name);
  const configuration = login ? { uri, authenticationSecret: secretName } : { uri };
  const store = await services.core.components(target);
  const component = await store.register({ name, type: "container_registry", flavor: flavor.name, configuration });
  if (!login) return component;
  await services.secrets.save(secretName, { host: registryHost(uri), ...login });
  if (target !== vscode.ConfigurationTarget.Global)
    await services.trusted.allow(loginRequest({ ...component, from: "workspace" }, secretName, registryHost(uri)));
  return component;
}

const askFlavor =
  (title: string, flavors: readonly Flavor<"container_registry">[]): Step<Draft> =>
  async (draft, place) => {
    const choices = flavors.map((flavor) => ({
      label: flavor.displayName,
      detail: flavor.description,
      iconPath: new vscode.ThemeIcon("cloud"),
      value: flavor,
    }));
    const flavor = await pick({
      ...place,
      title,
      placeholder: vscode.l10n.t("Select a flavor, the kind of registry"),
      choices,
    });
    return flavor === undefined || flavor === back ? flavor : { draft: { ...draft, flavor }, asked: true };
  };

const askUri =
  (title: string): Step<Draft> =>
  async (draft, place) => {
    const answer = await type({
      ...place,
      title,
      prompt: vscode.l10n.t("Registry host, optionally followed by a path"),
      value: place.last?.uri,
      placeholder: draft.flavor?.name === "dockerhub" ? "docker.io/your-account" : "localhost:5000, ghcr.io/team",
      check: (text) => {
        const issue = draft.flavor?.configSchema.safeParse({ uri: text }).error?.issues[0];
        return issue && { error: `${issue.message.charAt(0).toUpperCase()}${issue.message.slice(1)}.` };
      },
    });
    if (answer === undefined || answer === back) return answer;
    const { keptAddress } = await import("../../../core/clouds/keptAddress");
    const typed = withoutEnd(answer.text.trim().replace(/^https?:\/\//i, ""), "/");
    return { draft: { ...draft, uri: keptAddress(draft.flavor?.name ?? "", typed) }, asked: true };
  };

const askName =
  (title: string): Step<Draft> =>
  async (draft, place) => {
    const { uri = "" } = draft;
    const typed = place.last?.uri === uri ? place.last.name : undefined;
    const name = await askComponentName({
      ...place,
      title,
      type: "container_registry",
      proposal: typed ?? uri.replace(/^docker\.io\//, ""),
    });
    return name === undefined || name === back ? name : { draft: { ...draft, name }, asked: true };
  };

const askCredentials =
  (title: string, { core }: WithCore): Step<Draft> =>
  async (draft, place) => {
    const { flavor, uri = "", name = "" } = draft;
    const makeRegistry = (): Promise<ContainerRegistry> =>
      core.trialRegistry({
        name,
        type: "container_registry",
        flavor: flavor?.name ?? "default",
        configuration: { uri },
      });
    let username: string | undefined;
    for (;;) {
      const login = await askRegistryLogin({ ...place, title, host: registryHost(uri), mayBeEmpty: true, username });
      if (login === undefined || login === back) return login;
      if (login === null) return { draft: { ...draft, login: undefined }, asked: true };
      const answer = await tryLogin(name, login, makeRegistry);
      if (answer === undefined) return undefined;
      if (answer === "store") return { draft: { ...draft, login }, asked: true };
      ({ username } = login);
    }
  };
