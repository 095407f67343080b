import * as vscode from "vscode";
import type { CarriedOut } from "../../core/dockerfile/stepLines";
import { messageOf } from "../../core/base/errors";
import { formatDuration } from "../../core/text/format";
import { isDockerfile } from "../platform/fileKinds";
import type { WithLog } from "../platform/host";
import { readBounded } from "../platform/restricted";
import { onDidChangeSettings, showsStepDurations } from "../platform/settings";
import { LineNotes, type LineNote } from "../ui/lineNotes";
import type { WithBuilds } from "./builds";
import type { Build } from "./history/build";

/** Maximum number of Dockerfiles whose durations are kept. */
const mostFiles = 100;

/** Instruction of the last build with its current place in the edited text. */
interface Mark {
  readonly step: CarriedOut;
  /** Text of the instruction as it was built. */
  readonly text: string;
  /** Index of the first line, which follows edits above it. */
  line: number;
}

/**
 * Shows after each instruction of a Dockerfile how long it took in the last build of this window, or that it was
 * cached, as long as the instruction's text is unchanged.
 */
export class StepDurations implements vscode.Disposable {
  readonly #notes = new LineNotes();
  /** Texts of the Dockerfiles of running builds as they were when the builds started, by build. */
  readonly #texts = new Map<Build, Promise<string | undefined>>();
  /** Marks of the last builds, by path of the Dockerfile, the newest last. */
  readonly #marks = new Map<string, readonly Mark[]>();
  readonly #subscriptions: vscode.Disposable;

  constructor(private readonly services: WithBuilds & WithLog) {
    this.#subscriptions = vscode.Disposable.from(
      this.#notes,
      services.builds.onDidChange((build) => this.#follow(build)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#show()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (!this.#marks.has(document.uri.fsPath)) return;
        for (const change of contentChanges) this.#move(document.uri.fsPath, change);
        this.#show();
      }),
      onDidChangeSettings((affects) => affects("stepDurations") && this.#show()),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #follow(build: Build | undefined): void {
    for (const each of this.services.builds.running) if (!this.#texts.has(each) && isMeant(each)) this.#begin(each);
    const text = build && build.state.kind !== "running" ? this.#texts.get(build) : undefined;
    if (!build || !text) return;
    this.#texts.delete(build);
    this.#end(build, text).catch((error: unknown) => this.services.log.debug(messageOf(error)));
  }

  #begin(build: Build): void {
    const file = build.answers.dockerfile;
    const text = readBounded(vscode.Uri.file(file)).then(
      (bytes) =>
        Buffer.from(bytes)
          .toString("utf8")
          .replace(/^\ufeff/, ""),
      () => undefined,
    );
    this.#texts.set(build, text);
    this.#marks.delete(file);
    this.#show();
  }

  async #end({ answers: { dockerfile, options }, steps }: Build, reading: Promise<string | undefined>): Promise<void> {
    const text = await reading;
    if (text === undefined) return;
    const { stepLines } = await import("../../core/dockerfile/stepLines");
    const lines = text.split(/\r?\n/);
    const marks = stepLines(text, steps, options.buildArgs).map((step) => ({
      step,
      text: lines.slice(step.line - 1, step.endLine).join("\n"),
      line: step.line - 1,
    }));
    this.#marks.delete(dockerfile);
    this.#marks.set(dockerfile, marks);
    const [oldest] = this.#marks.keys();
    if (oldest !== undefined && this.#marks.size > mostFiles) this.#marks.delete(oldest);
    this.#show();
  }

  /** Moves the marks below an edit. The text decides whether a mark within an edit is still shown. */
  #move(file: string, { range, text }: vscode.TextDocumentContentChangeEvent): void {
    const added = text.split("\n").length - 1 - (range.end.line - range.start.line);
    if (added === 0) return;
    for (const mark of this.#marks.get(file) ?? []) {
      const isBefore = range.end.isBeforeOrEqual(new vscode.Position(mark.line, 0));
      if (isBefore) mark.line += added;
    }
  }

  #show(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { uri } = editor.document;
      if (uri.scheme !== "file" || !isDockerfile(uri)) continue;
      const marks = showsStepDurations(uri) ? (this.#marks.get(uri.fsPath) ?? []) : [];
      this.#notes.show(
        editor,
        marks.flatMap((mark) => noteOf(editor.document, mark)),
      );
    }
  }
}

function isMeant({ kind, answers }: Build): boolean {
  return kind === "build" && answers.spec === undefined;
}

function noteOf(document: vscode.TextDocument, { step, text, line }: Mark): LineNote[] {
  const last = line + step.endLine - step.line;
  if (last >= document.lineCount) return [];
  const range = new vscode.Range(document.lineAt(line).range.start, document.lineAt(last).range.end);
  if (document.getText(range).replaceAll("\r\n", "\n") !== text) return [];
  if (!step.cached && step.durationMs === undefined) return [];
  return [
    {
      range,
      text: step.cached ? vscode.l10n.t("cached") : formatDuration(step.durationMs ?? 0),
      isFaint: step.cached,
    },
  ];
}
