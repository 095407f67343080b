import * as vscode from "vscode";
import { messageOf } from "../../core/base/errors";
import type { RegistryConfig } from "../../core/contracts/registryConfig";
import { expandTagTemplate, tagVariables, type TagVariables } from "../../core/jobs/tagTemplate";
import { inDefaultRepository, resolveImageNames } from "./imageNames";
import type { WithCore } from "../access/coreAccess";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import { buildSettings } from "../platform/settings";
import { titleOf, type BuildStep, type Draft } from "./buildDraft";
import { askMoreOptions, describeOptions } from "./askMoreOptions";
import { back } from "../ui/back";
import { type, type Remark } from "../ui/quickInput";

const more: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("settings-gear"),
  tooltip: vscode.l10n.t("More Options..."),
};

/** What the image is called, checked while it is typed; from here the way leads to all other options. */
export const askImageName =
  (services: WithCore & WithMemory & WithSecrets): BuildStep =>
  async (draft, place) => {
    let current = draft;
    let text: string | undefined;
    for (;;) {
      const { folder = "", registry } = current;
      const variables = await tagVariables(folder);
      const config =
        registry === undefined
          ? undefined
          : (await services.core.implementation("container_registry", registry)).config;
      const proposal = proposalFor(services, folder, variables, config?.defaultRepository);
      const answer = await type({
        ...place,
        title: `${titleOf(draft)}: ${vscode.workspace.asRelativePath(current.dockerfile ?? "")}`,
        prompt: vscode.l10n.t("Image name"),
        value: text ?? proposal.shown,
        placeholder: vscode.l10n.t("name:tag; separate several names with commas"),
        check: (typed) => check(typed, variables, config, current),
        more,
      });
      if (answer === undefined || answer === back) return answer;
      if (!answer.more)
        return {
          draft: { ...current, imageName: answer.text === proposal.shown ? proposal.template : answer.text },
          asked: true,
        };
      text = answer.text;
      const changed = await askMoreOptions(current, services);
      if (changed === undefined) return undefined;
      current = changed;
    }
  };

/** Last time's name, else the template, with the variables replaced so that a person sees what it will be. */
function proposalFor(
  { memory }: WithMemory,
  folder: string,
  variables: TagVariables,
  repository: string | undefined,
): { readonly template: string; readonly shown: string } {
  const template =
    memory.recall(folder).imageName ?? inDefaultRepository(buildSettings(folder).tagTemplate, repository);
  try {
    return { template, shown: expandTagTemplate(template, variables) };
  } catch {
    // What cannot be filled in stands as it is, and the check below says why.
    return { template, shown: template };
  }
}

/** What is wrong with the name, else what will be done, with the options that were chosen. */
function check(
  typed: string,
  variables: TagVariables,
  registry: RegistryConfig | undefined,
  { options = {} }: Draft,
): Remark {
  try {
    const names = resolveImageNames(typed, variables, registry).join(", ");
    const chosen = describeOptions(options);
    const deed =
      registry === undefined ? vscode.l10n.t("Builds {0}", names) : vscode.l10n.t("Builds and pushes {0}", names);
    return { note: chosen === "" ? deed : vscode.l10n.t("{0} with {1}", deed, chosen) };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
