import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as vscode from "vscode";
import type { BuildArguments, BuildOutcome } from "../../api/api";
import type { Component } from "../../core/base/component";
import { ImageBuilderError } from "../../core/base/errors";
import { isImageOfRegistry } from "../../core/base/imageReference";
import { activeComponent } from "../settings/activeComponent";
import { componentSettings } from "../settings/componentSettings";
import { noBuilder } from "../settings/noBuilder";
import type { BuildAnswers, Memory, WithMemory } from "../platform/memory";
import { type Draft } from "./buildDraft";
import { askBuild } from "./askBuild";
import { folderPath } from "./askFolder";
import { refuseForeignPaths } from "../platform/refuseForeignPaths";
import { refuseUntrusted, runBuild } from "./runBuild";
import type { WithCore } from "../access/coreAccess";
import type { WithDiagnostics } from "./buildDiagnostics";
import type { WithOutput } from "./buildOutput";
import type { WithLogs } from "./buildLogs";
import type { WithBuilds } from "./builds";
import type { WithTrusted } from "../consent/trustedSources";
import type { WithGuard } from "../context/guard/uploadGuard";
import type { WithLog } from "../platform/host";
import type { WithSecrets } from "../platform/secrets";
import { isBuildNode } from "./buildNode";
import { isNode } from "../components/tree/nodes";

/**
 * Starts a build, and a push if requested.
 *
 * @param target argument of the command: a folder, a Dockerfile, a row of a builder or registry, `BuildArguments`, or
 * undefined
 * @returns undefined if a prompt was dismissed
 */
export async function startBuild(
  services: WithBuilds &
    WithCore &
    WithDiagnostics &
    WithGuard &
    WithLog &
    WithLogs &
    WithMemory &
    WithOutput &
    WithSecrets &
    WithTrusted,
  push: boolean,
  target: unknown,
): Promise<BuildOutcome | undefined> {
  refuseUntrusted();
  const draft = draftOf(push, target);
  const answers = isComplete(target) ? complete(services.memory, draft) : await askBuild(services, draft);
  return answers && runBuild(services, answers, !isComplete(target));
}

/**
 * Whether a program called a command with all required arguments. It is then never prompted, and receives the error
 * itself.
 */
export function isComplete(target: unknown): target is BuildArguments & { readonly imageName: string } {
  return isArguments(target) && target.imageName !== undefined;
}

function draftOf(push: boolean, target: unknown): Draft {
  if (target instanceof vscode.Uri) return fromUri(push, target);
  if (isNode(target) && target.kind === "component")
    return {
      push,
      ...(target.component.type === "image_builder"
        ? { builder: target.component.name }
        : { registry: target.component.name }),
    };
  if (!isArguments(target)) return { push };
  const { folder, dockerfile, imageName, builder, registry, options } = target;
  const root =
    folder === undefined
      ? undefined
      : folder instanceof vscode.Uri
        ? folderPath(folder)
        : resolve(firstFolder() ?? "", folder);
  const within = root ?? firstFolder() ?? "";
  const file = dockerfile === undefined ? undefined : resolve(within, dockerfile);
  refuseForeignPaths(folder, root, dockerfile, file, options?.output?.dest);
  return {
    push,
    folder: root,
    dockerfile: file,
    imageName,
    builder,
    registry,
    options,
  };
}

/** A folder becomes the build context. For a Dockerfile, the build context is determined later. */
function fromUri(push: boolean, uri: vscode.Uri): Draft {
  const path = folderPath(uri);
  refuseForeignPaths(path);
  return statSync(path).isDirectory() ? { push, folder: path } : { push, dockerfile: path, within: dirname(path) };
}

/**
 * Fills in the arguments that a program omitted, without prompting. Throws `optionInvalid` or `configurationInvalid` if
 * a value can't be determined.
 */
function complete(memory: Memory, { push, imageName = "", ...draft }: Draft): BuildAnswers {
  const folder = draft.folder ?? firstFolder();
  const builder =
    draft.builder ??
    (activeComponent(memory, "image_builder", folder) ?? componentSettings("image_builder").components[0])?.name;
  if (folder === undefined)
    throw new ImageBuilderError(
      "optionInvalid",
      vscode.l10n.t('No folder is open. Specify the folder to build with "folder".'),
    );
  if (builder === undefined) throw noBuilder();
  const registry = push
    ? (draft.registry ?? registryFor(imageName, activeComponent(memory, "container_registry", folder)))
    : undefined;
  return {
    folder,
    builder,
    registry,
    imageName,
    dockerfile: draft.dockerfile ?? resolve(folder, "Dockerfile"),
    options: draft.options ?? {},
    calledBy: `imageBuilders.${push ? "buildAndPushImage" : "buildImage"}`,
  };
}

/**
 * Returns the registry that the name belongs to, otherwise the active one, otherwise the only one. Throws
 * `optionInvalid` if there is none.
 */
function registryFor(imageName: string, active: Component | undefined): string {
  const { components } = componentSettings("container_registry");
  const first = imageName.split(",")[0]?.trim() ?? "";
  const owner = components.find(({ configuration: { uri } }) => isImageOfRegistry(uri, first));
  const chosen = owner ?? active ?? (components.length === 1 ? components[0] : undefined);
  if (chosen) return chosen.name;
  throw new ImageBuilderError(
    "optionInvalid",
    components.length === 0
      ? vscode.l10n.t('There is no registry to push "{0}" to. Add one with "Add Registry...".', imageName)
      : vscode.l10n.t('No registry matches "{0}". Specify one with "registry".', imageName),
  );
}

function firstFolder(): string | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0];
  return folder && folderPath(folder.uri);
}

function isArguments(target: unknown): target is BuildArguments {
  return (
    typeof target === "object" &&
    target !== null &&
    !(target instanceof vscode.Uri) &&
    !isNode(target) &&
    !isBuildNode(target)
  );
}
