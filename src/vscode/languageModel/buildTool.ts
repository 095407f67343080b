import { resolve } from "node:path";
import * as vscode from "vscode";
import type { BuildOutcome } from "../../api/api";
import { ImageBuilderError, messageOf } from "../../core/base/errors";
import { formatDuration } from "../../core/text/format";
import type { LogDisplay } from "../builds/buildOutput";
import type { Build } from "../builds/history/build";
import { readBuildDefinition, type BuildDefinition } from "../tasks/buildDefinition";
import { runDefinition } from "../tasks/runDefinition";
import { toolQuestion } from "../ui/toolResult";
import { endOfLog } from "./buildLogs";
import type { Tool } from "./tool";
import { workspacePath, type ToolInput } from "./toolInput";

/** Lines of the log in the answer about a failed build. */
const failedLines = 60;

/** Builds an image, and pushes it if asked, after a person has confirmed it. */
export const buildTool: Tool = {
  properties: [
    ...["folder", "dockerfile", "spec", "imageName", "builder", "registry", "push"],
    ...["target", "platform", "buildArgs", "noCache", "pull"],
  ],

  prepare(input) {
    const { push, spec, folder, imageName, registry, builder, dockerfile } = placed(input);
    const name = imageName ?? vscode.l10n.t("the usual image name");
    const what = spec ?? folder ?? "";
    return toolQuestion(push ? vscode.l10n.t("Build and push an image?") : vscode.l10n.t("Build an image?"), [
      push
        ? vscode.l10n.t('Builds "{0}" as {1}, and pushes it to a registry.', what, name)
        : vscode.l10n.t('Builds "{0}" as {1}.', what, name),
      ...(dockerfile === undefined ? [] : [vscode.l10n.t("Dockerfile: {0}", dockerfile)]),
      ...(builder === undefined ? [] : [vscode.l10n.t("Builder: {0}", builder)]),
      ...(registry === undefined ? [] : [vscode.l10n.t("Registry: {0}", registry)]),
      vscode.l10n.t("The build runs the commands of the Dockerfile or image spec and sends files to the builder."),
    ]);
  },

  async run(services, input, signal) {
    const definition = placed(input);
    const display = new FollowedOutput(services.output, signal);
    try {
      const outcome = await runDefinition(services, definition, workspacePath(), display);
      return outcome ? success(outcome) : vscode.l10n.t("The build was canceled.");
    } catch (error) {
      if (error instanceof vscode.CancellationError || !display.build) throw error;
      return failure(error, await endOfLog(display.build, failedLines));
    }
  },
};

/** Returns the build of an input, whose paths are in the workspace. */
function placed(input: ToolInput): BuildDefinition {
  const definition = readBuildDefinition(input);
  const { spec, folder, dockerfile } = definition;
  if (spec !== undefined) return { ...definition, folder: undefined, spec: workspacePath(spec) };
  const root = workspacePath(folder);
  if (dockerfile !== undefined) workspacePath(resolve(root, dockerfile));
  return { ...definition, folder: root };
}

function success({ imageName, imageId, repoDigest, durationMs, exists, warnings = [] }: BuildOutcome): string {
  return [
    exists
      ? vscode.l10n.t("{0} already exists, so it was not built.", imageName)
      : vscode.l10n.t("Built {0} in {1}.", imageName, formatDuration(durationMs)),
    ...(repoDigest === undefined ? [] : [vscode.l10n.t("Pushed: {0}", repoDigest)]),
    ...(imageId === undefined ? [] : [vscode.l10n.t("Image ID: {0}", imageId)]),
    ...warnings,
  ].join("\n");
}

function failure(error: unknown, log: string): string {
  const place = ImageBuilderError.is(error) ? error.location : undefined;
  return [
    messageOf(error),
    ...(place ? [`${place.file}:${place.line}`] : []),
    "",
    vscode.l10n.t("End of the log:"),
    log,
  ].join("\n");
}

/** Shows a build where all builds are shown, remembers it, and cancels it by a signal. */
class FollowedOutput implements LogDisplay {
  readonly isTerminal = false;
  build: Build | undefined;

  constructor(
    private readonly output: LogDisplay,
    private readonly signal: AbortSignal,
  ) {}

  show(): void {
    this.output.show();
  }

  open(build: Build): ReturnType<LogDisplay["open"]> {
    this.build = build;
    const cancel = (): void => build.cancel();
    if (this.signal.aborted) cancel();
    this.signal.addEventListener("abort", cancel);
    const receiver = this.output.open(build);
    return {
      write: receiver.write,
      close: (problems) => {
        this.signal.removeEventListener("abort", cancel);
        receiver.close(problems);
      },
    };
  }
}
