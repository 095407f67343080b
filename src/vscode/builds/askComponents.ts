import * as vscode from "vscode";
import type { Component } from "../../core/base/component";
import { activeComponent } from "../settings/activeComponent";
import { componentSettings } from "../settings/componentSettings";
import { noBuilder } from "../settings/noBuilder";
import type { WithCore } from "../access/coreAccess";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithMemory } from "../platform/memory";
import type { WithLog } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";
import { addRegistry } from "../components/questions/addRegistry";
import { titleOf, type BuildStep } from "./buildDraft";
import { back } from "../ui/back";
import { choiceOf } from "../components/questions/pickComponent";
import { pick } from "../ui/quickInput";

/**
 * Asks for the builder if there are several and none is active in the folder. Throws `configurationInvalid` if there is
 * none.
 */
export const askBuilder =
  (services: WithMemory): BuildStep =>
  async (draft, place) => {
    const { components } = componentSettings("image_builder");
    if (components.length === 0) throw noBuilder();
    const builder = draft.builder ?? activeComponent(services.memory, "image_builder", draft.folder)?.name;
    if (builder !== undefined || components.length === 1)
      return { draft: { ...draft, builder: builder ?? components[0]?.name }, asked: false };
    const answer = await pick({
      ...place,
      title: titleOf(draft),
      placeholder: vscode.l10n.t("Select a builder"),
      choices: components.map(choiceOf),
    });
    return answer === undefined || answer === back
      ? answer
      : { draft: { ...draft, builder: answer.name }, asked: true };
  };

/**
 * Asks for the registry to push to, unless there is only one or one is active in the folder. A registry can be added
 * here.
 */
export const askRegistry =
  (services: WithCore & WithLog & WithMemory & WithSecrets & WithTrusted): BuildStep =>
  async (draft, place) => {
    if (!draft.push || draft.registry !== undefined) return { draft, asked: false };
    const { components } = componentSettings("container_registry");
    const registry =
      activeComponent(services.memory, "container_registry", draft.folder) ??
      (components.length === 1 ? components[0] : undefined);
    if (registry) return { draft: { ...draft, registry: registry.name }, asked: false };

    const last = services.memory.recall(draft.folder ?? "").registry;
    const sorted = [...components].sort((a, b) => Number(b.name === last) - Number(a.name === last));
    const answer = await pick<Component | "add">({
      ...place,
      title: titleOf(draft),
      placeholder:
        components.length === 0
          ? vscode.l10n.t("No registry is set up yet")
          : vscode.l10n.t("Select a registry to push to"),
      choices: [
        ...sorted.map(choiceOf),
        { label: vscode.l10n.t("Add Registry..."), iconPath: new vscode.ThemeIcon("add"), value: "add" },
      ],
    });
    if (answer === undefined || answer === back) return answer;
    const chosen = answer === "add" ? await addRegistry(services) : answer;
    return chosen && { draft: { ...draft, registry: chosen.name }, asked: true };
  };
