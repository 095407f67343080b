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

/** Asks for the image name and checks it while it is typed. A button opens all other options. */
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

/** Returns the last used name, otherwise the template, and the same text with its variables expanded. */
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
    // A template that can't be expanded is shown unchanged, and `check` reports the reason.
    return { template, shown: template };
  }
}

/** Returns the error in a name, otherwise a description of the build, including its options. */
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
