import { dirname } from "node:path";
import * as vscode from "vscode";
import type { BuildChoices } from "../../api/api";
import { shownAddress } from "../../core/base/contextSource";
import type { DockerfileOutline } from "../../core/dockerfile/dockerfile";
import type { Mount } from "../../core/dockerfile/mounts";
import type { ContextsProblem } from "../../core/engine/namedContexts";
import type { WithCore } from "../access/coreAccess";
import type { WithSecrets } from "../platform/secrets";
import { readBounded } from "../platform/restricted";
import { buildSettings } from "../platform/settings";
import { titleOf, type Draft } from "./buildDraft";
import { askBuildArgs } from "./askBuildArgs";
import { askBuildContexts } from "./askBuildContexts";
import { contextsProblemOf } from "./contextsSupport";
import { askExport, describeExport } from "./askExport";
import { askPlatforms } from "./askPlatforms";
import { askSecrets, describeSource } from "./askSecrets";
import { askSsh, describeAgent } from "./askSsh";
import { back, type Answer } from "../ui/back";
import { pick, type Choice } from "../ui/quickInput";

/** Changes one option of a draft; `back` leaves the draft unchanged. */
type Change = (draft: Draft, outline: Outline, services: WithCore & WithSecrets) => Promise<Answer<Draft>>;

interface Outline extends DockerfileOutline {
  readonly secrets: readonly Mount[];
  readonly agents: readonly Mount[];
  /** Reason why named build contexts can't be used, if the daemon has answered. */
  readonly contextsProblem: ContextsProblem | undefined;
}

/** Time limit of the menu for a daemon, in milliseconds. */
const patienceMs = 500;

/**
 * Shows the menu of less common options: build contexts, target, platform, build arguments, secrets, SSH agents,
 * export, cache, and pull.
 *
 * @returns undefined if a prompt was dismissed
 */
export async function askMoreOptions(start: Draft, services: WithCore & WithSecrets): Promise<Draft | undefined> {
  let draft = start;
  for (;;) {
    const outline = await outlineOf(draft, services);
    const change = await pick<Change | typeof back>({
      title: titleOf(draft),
      canGoBack: true,
      placeholder: vscode.l10n.t("Select an option to change"),
      choices: menuOf(draft, outline),
      proposed: draft === start ? 1 : 0,
    });
    if (change === undefined) return undefined;
    if (change === back) return draft;
    const changed = await change(draft, outline, services);
    if (changed === undefined) return undefined;
    if (changed !== back) draft = changed;
  }
}

/** Describes the selected options in a few words; empty if there are none. */
export function describeOptions({
  target,
  platform,
  buildArgs = {},
  buildContexts = {},
  secrets = {},
  ssh = {},
  output,
  noCache,
  pull,
}: BuildChoices): string {
  const [names, secretIds, contexts] = [Object.keys(buildArgs), Object.keys(secrets), Object.keys(buildContexts)];
  return [
    target && vscode.l10n.t("target {0}", target),
    platform,
    names.length > 0 && names.join(", "),
    contexts.length > 0 && vscode.l10n.t("contexts {0}", contexts.join(", ")),
    secretIds.length > 0 && vscode.l10n.t("secrets {0}", secretIds.join(", ")),
    Object.keys(ssh).length > 0 && vscode.l10n.t("SSH"),
    output && vscode.l10n.t("export to {0}", output.dest),
    noCache && vscode.l10n.t("no cache"),
    pull && vscode.l10n.t("always pull base images"),
  ]
    .filter(Boolean)
    .join(", ");
}

function menuOf({ folder = "", push, options = {} }: Draft, outline: Outline): Choice<Change | typeof back>[] {
  const settings = buildSettings(folder);
  const {
    target,
    platform,
    buildArgs = {},
    buildContexts = {},
    secrets = {},
    ssh = {},
    output,
    noCache,
    pull,
  } = options;
  const contexts = Object.entries({ ...settings.buildContexts, ...buildContexts });
  const args = Object.entries(buildArgs).map(([name, value]) => `${name}=${value}`);
  const onOff = (on: boolean | undefined): string => (on ? vscode.l10n.t("on") : vscode.l10n.t("off"));
  return [
    { label: vscode.l10n.t("Done"), iconPath: new vscode.ThemeIcon("check"), value: back },
    { label: vscode.l10n.t("Target Stage"), description: target ?? vscode.l10n.t("last stage"), value: askTarget },
    {
      label: vscode.l10n.t("Build Arguments"),
      description: args.join(" ") || vscode.l10n.t("Dockerfile defaults"),
      value: changeBuildArgs,
    },
    {
      label: vscode.l10n.t("Named Build Contexts"),
      description: describeContexts(contexts, outline.contextsProblem),
      value: changeBuildContexts,
    },
    ...(outline.secrets.length > 0 || Object.keys(secrets).length > 0
      ? [
          {
            label: vscode.l10n.t("Secrets"),
            description: describeEach(outline.secrets, { ...settings.secrets, ...secrets }, describeSource),
            value: changeSecrets,
          },
        ]
      : []),
    ...(outline.agents.length > 0 || Object.keys(ssh).length > 0
      ? [
          {
            label: vscode.l10n.t("SSH Agent"),
            description: describeEach(outline.agents, { ...settings.ssh, ...ssh }, describeAgent),
            value: changeSsh,
          },
        ]
      : []),
    {
      label: vscode.l10n.t("Platform"),
      description: platform ?? vscode.l10n.t("the daemon's platform"),
      value: changePlatforms,
    },
    {
      label: vscode.l10n.t("Build Without Cache"),
      description: onOff(noCache),
      value: async (draft) => withOption(draft, { noCache: !noCache || undefined }),
    },
    {
      label: vscode.l10n.t("Always Pull Base Images"),
      description: onOff(pull),
      value: async (draft) => withOption(draft, { pull: !pull || undefined }),
    },
    ...(push
      ? []
      : [
          {
            label: vscode.l10n.t("Export Result..."),
            description: output ? describeExport(output) : vscode.l10n.t("off"),
            value: changeExport,
          },
        ]),
    { label: vscode.l10n.t("Build Context"), description: folder, value: askContext },
  ];
}

/** Describes the selected contexts, and whether the daemon doesn't support them. */
function describeContexts(
  contexts: readonly (readonly [string, string])[],
  problem: ContextsProblem | undefined,
): string {
  const chosen = contexts.map(([name, source]) => `${name}=${shownAddress(source)}`).join(" ");
  if (!problem) return chosen || vscode.l10n.t("none");
  return chosen === ""
    ? vscode.l10n.t("not supported: {0}", problem.message)
    : vscode.l10n.t("{0} (not supported: {1})", chosen, problem.message);
}

const askTarget: Change = async (draft, { stages }) => {
  const whole: Choice<string | null> = { label: vscode.l10n.t("Last Stage"), value: null };
  const choices = [
    whole,
    ...stages.map((stage): Choice<string | null> => ({
      label: stage,
      iconPath: new vscode.ThemeIcon("layers"),
      value: stage,
    })),
  ];
  const placeholder =
    stages.length === 0
      ? vscode.l10n.t("The Dockerfile has no named stages")
      : vscode.l10n.t("Select the stage to stop at");
  const target = await pick({ title: titleOf(draft), canGoBack: true, placeholder, choices });
  return target === undefined || target === back ? target : withOption(draft, { target: target ?? undefined });
};

const changePlatforms: Change = async (draft) => {
  const platform = await askPlatforms(titleOf(draft), draft.options?.platform);
  return platform === undefined || platform === back
    ? platform
    : withOption(draft, { platform: platform ?? undefined });
};

const changeBuildArgs: Change = async (draft, { args }) => {
  const buildArgs = await askBuildArgs(titleOf(draft), args, draft.options?.buildArgs ?? {});
  return buildArgs && withOption(draft, { buildArgs: Object.keys(buildArgs).length === 0 ? undefined : buildArgs });
};

const changeBuildContexts: Change = async (draft, { contextsProblem }) => {
  const { folder = "", dockerfile = "", options } = draft;
  const buildContexts = await askBuildContexts(
    {
      title: titleOf(draft),
      folder,
      dockerfile,
      settings: buildSettings(folder).buildContexts,
      problem: contextsProblem,
    },
    options?.buildContexts ?? {},
  );
  return (
    buildContexts &&
    withOption(draft, { buildContexts: Object.keys(buildContexts).length === 0 ? undefined : buildContexts })
  );
};

const changeSecrets: Change = async (draft, outline, { secrets: stored }) => {
  const { folder = "" } = draft;
  const secrets = await askSecrets(
    { title: titleOf(draft), folder, settings: buildSettings(folder).secrets },
    stored,
    outline.secrets,
    draft.options?.secrets ?? {},
  );
  return secrets && withOption(draft, { secrets: Object.keys(secrets).length === 0 ? undefined : secrets });
};

const changeSsh: Change = async (draft, outline) => {
  const ssh = await askSsh(
    titleOf(draft),
    outline.agents,
    buildSettings(draft.folder ?? "").ssh,
    draft.options?.ssh ?? {},
  );
  return ssh === undefined || ssh === back
    ? ssh
    : withOption(draft, { ssh: Object.keys(ssh).length === 0 ? undefined : ssh });
};

const changeExport: Change = async (draft) => {
  const output = await askExport(titleOf(draft), draft.folder ?? "", draft.options?.output);
  return output === undefined || output === back ? output : withOption(draft, { output: output ?? undefined });
};

/** Returns `id: value` for each mount with a value, and marks required mounts that have none. */
function describeEach<Given>(
  mounts: readonly Mount[],
  given: Readonly<Record<string, Given>>,
  describe: (given: Given) => string,
): string {
  const missing = mounts
    .filter(({ id, required }) => required && !(id in given))
    .map(({ id }) => vscode.l10n.t("{0} is required", id));
  const told = Object.entries(given)
    .filter(([id]) => mounts.some((mount) => mount.id === id))
    .map(([id, each]) => `${id}: ${describe(each)}`);
  return [...new Set(missing), ...told].join(", ") || vscode.l10n.t("none");
}

/**
 * Asks for the build context: the current one, the Dockerfile's folder, or one of its parents up to the workspace
 * folder.
 */
const askContext: Change = async (draft) => {
  const { dockerfile = "", folder = "" } = draft;
  const top = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(dockerfile))?.uri.fsPath ?? folder;
  const folders = new Set([folder]);
  for (let each = dirname(dockerfile); ; each = dirname(each)) {
    folders.add(each);
    if (each === top || each === dirname(each)) break;
  }
  const choices = [...folders].map((value) => ({ label: value, iconPath: new vscode.ThemeIcon("folder"), value }));
  const chosen = await pick({
    title: titleOf(draft),
    canGoBack: true,
    placeholder: vscode.l10n.t("Select the build context, the folder that COPY reads from"),
    choices,
  });
  return chosen === undefined || chosen === back ? chosen : { ...draft, folder: chosen };
};

function withOption(draft: Draft, options: BuildChoices): Draft {
  return { ...draft, options: { ...draft.options, ...options } };
}

async function outlineOf(draft: Draft, services: WithCore): Promise<Outline> {
  const { dockerfile = "", folder = "", builder = "", options = {} } = draft;
  const [{ outlineDockerfile }, { mountsOf }, bytes, contextsProblem] = await Promise.all([
    import("../../core/dockerfile/dockerfile"),
    import("../../core/dockerfile/mounts"),
    readBounded(vscode.Uri.file(dockerfile)),
    Promise.race([
      contextsProblemOf(services, { folder, dockerfile, builder }, options.buildArgs),
      new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patienceMs)),
    ]),
  ]);
  const text = new TextDecoder().decode(bytes);
  const mounts = mountsOf(text, options);
  return {
    ...outlineDockerfile(text),
    secrets: mounts.filter(({ type: kind }) => kind === "secret"),
    agents: mounts.filter(({ type: kind }) => kind === "ssh"),
    contextsProblem,
  };
}
