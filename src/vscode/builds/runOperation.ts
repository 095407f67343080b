import * as vscode from "vscode";
import type { BuildOutcome } from "../../api/api";
import { messageOf } from "../../core/base/errors";
import type { ProgressEvent } from "../../core/operation/progressEvent";
import type { Operation } from "../../core/operation/operation";
import { mostProblems, type BuildProblem, type WithDiagnostics } from "./buildDiagnostics";
import type { WithOutput } from "./buildOutput";
import type { WithLog } from "../platform/host";
import { BuildLog } from "../../core/progress/buildLog";
import type { ReportRecorder } from "../../core/report/reportRecorder";
import { problemOfError, problemOfWarning } from "./buildProblems";
import type { Build } from "./history/build";
import type { WithLogs } from "./buildLogs";
import { formatDuration } from "../../core/text/format";
import { ProgressText } from "../../core/progress/progressText";
import { showLogOnBuild } from "../platform/settings";
import { throttle } from "../ui/throttle";
import { withProgress } from "../ui/progress";

const progressIntervalMs = 150;

/**
 * Runs one build with progress, cancellation, and output.
 *
 * @throws vscode.CancellationError if it was canceled; otherwise the job's error, after logging it and marking it in
 * the Dockerfile
 */
export async function runOperation(
  services: WithDiagnostics & WithLog & WithLogs & WithOutput,
  build: Build,
  job: (operation: Operation) => Promise<BuildOutcome>,
): Promise<BuildOutcome> {
  const channel = services.output.open(build);
  const log = new BuildLog((line) => {
    channel.write(line);
    build.log?.append(line);
    services.logs.logged(build);
  });
  if (showLogOnBuild() === "onStart") services.output.show();
  writeHeader(build, log);
  const problems: BuildProblem[] = [];
  try {
    const outcome = await withBuildProgress(build, !services.output.isTerminal, async (showProgress) => {
      const { ReportRecorder } = await import("../../core/report/reportRecorder");
      const recorder = (build.recorder = new ReportRecorder());
      return job(operationOf(services, build, { log, problems, recorder, show: showProgress }));
    });
    log.end();
    log.line(vscode.l10n.t("Done in {0}.", formatDuration(outcome.durationMs)));
    for (const [label, value] of resultRows(outcome)) log.line(row(label, value));
    build.recorder?.end();
    build.become({ kind: "done", outcome });
    return outcome;
  } catch (error) {
    log.end();
    build.recorder?.end(build.signal.aborted ? undefined : messageOf(error));
    if (build.signal.aborted) {
      log.line(vscode.l10n.t("Build canceled."));
      build.become({ kind: "cancelled" });
      throw new vscode.CancellationError();
    }
    log.line(vscode.l10n.t("ERROR: {0}", messageOf(error)));
    services.log.error(error instanceof Error ? error : String(error));
    if (showLogOnBuild() === "onError") services.output.show();
    build.become({ kind: "failed", error });
    problems.unshift(...problemOfError(error));
    throw error;
  } finally {
    channel.close(problems);
    await mark(services, build, problems);
  }
}

/** Catches failures to mark, for example in a deleted file: they must not hide the result of the build. */
async function mark(
  { diagnostics, log }: WithDiagnostics & WithLog,
  build: Build,
  problems: readonly BuildProblem[],
): Promise<void> {
  await diagnostics.mark(build.answers.dockerfile, problems).catch((reason: unknown) => log.warn(messageOf(reason)));
}

/** Runs a job. The build's row shows its steps, and so does a notification with a button to cancel, if it has one. */
async function withBuildProgress(
  build: Build,
  hasNotification: boolean,
  job: (show: (text: string) => void) => Promise<BuildOutcome>,
): Promise<BuildOutcome> {
  const showStep = (report: (message: string) => void): ((step: string) => void) =>
    throttle(progressIntervalMs, (step: string) => {
      if (build.state.kind !== "running") return;
      report(step);
      build.become({ kind: "running", step });
    });
  if (!hasNotification) return job(showStep(() => undefined));
  const options = {
    location: vscode.ProgressLocation.Notification,
    title:
      build.kind === "push"
        ? vscode.l10n.t("Pushing {0}", build.imageName)
        : vscode.l10n.t("Building {0}", build.imageName),
    cancellable: true,
  };
  return withProgress(options, async (progress, token) => {
    const cancelling = token.onCancellationRequested(() => build.cancel());
    const show = showStep((message) => progress.report({ message }));
    return job(show).finally(() => cancelling.dispose());
  });
}

/** Receivers of a build's events. */
interface Listeners {
  readonly log: BuildLog;
  readonly problems: BuildProblem[];
  readonly recorder: ReportRecorder;
  readonly show: (text: string) => void;
}

function operationOf(services: WithLog, build: Build, { log, problems, recorder, show }: Listeners): Operation {
  const progressText = new ProgressText();
  const note =
    (level: "info" | "warn", prefix = "") =>
    (message: string) => {
      services.log[level](message);
      log.line(prefix + message);
    };
  return {
    signal: build.signal,
    log: {
      debug: (message) => services.log.debug(message),
      info: note("info"),
      warn: note("warn", "WARNING: "),
      error: (message) => services.log.error(message),
    },
    report(event: ProgressEvent) {
      log.accept(event);
      if (event.kind === "stepFinished") {
        const { step, cached, durationMs } = event;
        build.finishStep({ ...step, cached, durationMs });
      }
      recorder.accept(event);
      if (event.kind === "imageBuilt") build.builtImageId = event.imageId;
      if (event.kind === "warning" && problems.length < mostProblems) problems.push(...problemOfWarning(event));
      const text = progressText.accept(event);
      if (text !== undefined) show(text);
    },
    trace: (trace) => recorder.trace(trace),
  };
}

function writeHeader({ imageNames, answers }: Build, log: BuildLog): void {
  const rows: readonly (readonly [label: string, value: string | undefined])[] = [
    [vscode.l10n.t("image"), imageNames.join(", ")],
    [vscode.l10n.t("folder"), answers.folder],
    [answers.spec === undefined ? vscode.l10n.t("Dockerfile") : vscode.l10n.t("image spec"), answers.dockerfile],
    [vscode.l10n.t("builder"), answers.builder],
    [vscode.l10n.t("registry"), answers.registry],
  ];
  for (const [label, value] of rows) if (value !== undefined) log.line(row(label, value));
  log.line("");
}

/** Returns the result of a build: one line, in the header's columns. */
function resultRows({ repoDigest, imageId, imageName }: BuildOutcome): (readonly [label: string, value: string])[] {
  if (repoDigest !== undefined) return [[vscode.l10n.t("digest"), repoDigest]];
  return [imageId === undefined ? [vscode.l10n.t("image"), imageName] : [vscode.l10n.t("image ID"), imageId]];
}

function row(label: string, value: string): string {
  return `${label.padEnd(11)} ${value}`;
}
