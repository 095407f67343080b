import * as vscode from "vscode";
import type { BuildChoices } from "../../api/api";
import { ImageBuilderError } from "../../core/base/errors";

/** Names of files and components in a definition; all its other properties are build options. */
const names = ["folder", "dockerfile", "imageName", "builder", "registry", "spec"] as const;

/** Build as the properties of a task or of a tool call describe it. */
export type BuildDefinition = Readonly<Partial<Record<(typeof names)[number], string>>> & {
  /** Whether the image is pushed. */
  readonly push: boolean;
  /** Build options, which the build itself checks. */
  readonly options: BuildChoices;
};

/**
 * Reads the properties of a task.
 *
 * @throws ImageBuilderError `optionInvalid`, naming the property
 */
export function readTaskDefinition({ type: _type, task, push, ...rest }: vscode.TaskDefinition): BuildDefinition {
  if (task !== "build" && task !== "push" && task !== "spec")
    throw invalid(vscode.l10n.t('The property "{0}" must be one of: {1}.', "task", '"build", "push", "spec"'));
  if (task === "spec" && rest["spec"] === undefined)
    throw invalid(vscode.l10n.t('Specify the image spec to build with the property "{0}".', "spec"));
  if (task !== "spec" && rest["spec"] !== undefined)
    throw invalid(vscode.l10n.t('The property "{0}" requires "task": "spec".', "spec"));
  if (task !== "spec" && push !== undefined)
    throw invalid(vscode.l10n.t('The property "{0}" requires "task": "spec".', "push"));
  return readBuildDefinition({ ...rest, push: task === "push" ? true : push });
}

/**
 * Reads the properties of a build.
 *
 * @throws ImageBuilderError `optionInvalid`, naming the property
 */
export function readBuildDefinition({ push, ...rest }: Readonly<Record<string, unknown>>): BuildDefinition {
  if (push !== undefined && typeof push !== "boolean")
    throw invalid(vscode.l10n.t('The property "{0}" must be true or false.', "push"));
  const texts: Record<string, string> = {};
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) {
    if (!isName(key)) options[key] = value;
    else if (typeof value === "string" && value.trim() !== "") texts[key] = value;
    else throw invalid(vscode.l10n.t('The property "{0}" must be a text.', key));
  }
  return { ...texts, push: push ?? false, options };
}

function isName(key: string): key is (typeof names)[number] {
  return names.some((name) => name === key);
}

function invalid(message: string): ImageBuilderError {
  return new ImageBuilderError("optionInvalid", message);
}
