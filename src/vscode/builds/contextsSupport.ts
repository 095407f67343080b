import { basename } from "node:path";
import * as vscode from "vscode";
import type { BuildOptions } from "../../core/base/buildOptions";
import { ImageBuilderError } from "../../core/base/errors";
import type { ContextsProblem } from "../../core/engine/namedContexts";
import type { WithCore } from "../access/coreAccess";
import { changeIgnoreFile } from "../context/model/writeIgnoreFile";
import { readBounded } from "../platform/restricted";
import type { BuildAnswers } from "../platform/memory";
import { buildSettings } from "../platform/settings";
import { componentSettings } from "../settings/componentSettings";
import { showWarningMessage } from "../ui/messages";
import { buildOptionsOf } from "./buildOptionsOf";

type Question = Pick<BuildAnswers, "folder" | "dockerfile" | "builder">;

/**
 * Returns why named build contexts can't be used in a build; undefined if they can, and if the daemon doesn't say, as a
 * build says what is wrong with it.
 */
export async function contextsProblemOf(
  { core }: WithCore,
  { folder, dockerfile, builder }: Question,
  buildArgs: BuildOptions["buildArgs"],
): Promise<ContextsProblem | undefined> {
  const component = componentSettings("image_builder").components.find(({ name }) => name === builder);
  if (component?.flavor !== "local") return undefined;
  try {
    const [{ contextsProblem }, { services }, bytes] = await Promise.all([
      import("../../core/engine/namedContexts"),
      core.get("quiet"),
      readBounded(vscode.Uri.file(dockerfile)),
    ]);
    return contextsProblem(
      {
        engineInfo: await services.engine.identify(),
        options: { builder: buildSettings(folder).builder, buildArgs },
      },
      { name: basename(dockerfile), text: new TextDecoder().decode(bytes) },
    );
  } catch (error) {
    if (ImageBuilderError.is(error) || error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

/** Begins a Dockerfile with a line; the editor can undo it. */
export async function addFirstLine(dockerfile: string, line: string): Promise<void> {
  const uri = vscode.Uri.file(dockerfile);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), `${line}\n`);
  await changeIgnoreFile(uri, edit);
}

/**
 * Asks, before a build with named contexts that the daemon would refuse, whether to add the line that it needs.
 *
 * @throws vscode.CancellationError if not
 */
export async function offerFirstLine(services: WithCore, answers: BuildAnswers): Promise<void> {
  const { buildContexts = {}, buildArgs } = await buildOptionsOf(answers, []);
  if (Object.keys(buildContexts).length === 0) return;
  const problem = await contextsProblemOf(services, answers, buildArgs);
  if (problem?.missingLine === undefined) return;
  const add = vscode.l10n.t("Add Line and Build");
  const chosen = await showWarningMessage(
    vscode.l10n.t('Add "{0}" to {1}?', problem.missingLine, basename(answers.dockerfile)),
    { modal: true, detail: [problem.message, vscode.l10n.t("The daemon then downloads this frontend.")] },
    add,
  );
  if (chosen !== add) throw new vscode.CancellationError();
  await addFirstLine(answers.dockerfile, problem.missingLine);
}
