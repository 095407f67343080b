import * as vscode from "vscode";
import type { KeepOutPlan, KeepOutPlanner } from "../../../core/context/review/planKeepOut";
import type { UploadReport } from "../../../core/context/review/uploadReport";
import type { Upload } from "../../../core/context/review/upload";
import type { Log } from "../../../core/base/log";
import type { Operation } from "../../../core/operation/operation";
import { readSource } from "../../platform/readSource";
import { buildSettings, guardSettings } from "../../platform/settings";
import { showWarningMessage } from "../../ui/messages";
import type { AcceptedUploads } from "./acceptedUploads";
import { applyPlan } from "./applyPlan";
import { askAboutSecrets } from "./askAboutSecrets";
import { askAboutSize } from "./askAboutSize";
import type { UploadAnswer } from "./uploadQuestion";
import { linesOf, secretsWarning, sizeWarning, slowWarning } from "./uploadTexts";

/** Build that is about to send files. */
export interface GuardedBuild {
  /** Absolute path of the build context. */
  readonly folder: string;
  readonly imageName: string;
  /** Whether a person is present to answer prompts. */
  readonly isAsked: boolean;
}

interface Concern {
  readonly isOpen: boolean;
  readonly ask: (plan: KeepOutPlanner) => Promise<UploadAnswer>;
  readonly accept: () => Promise<void>;
}

/**
 * Reviews what builds are about to send, and asks about possible secrets and large build contexts that have not been
 * accepted yet.
 */
export class UploadReview {
  /** Queue of the prompts: a second prompt would dismiss the first. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly accepted: AcceptedUploads) {}

  /**
   * Reviews an upload, again after each answer, so that exactly what was reviewed last is sent.
   *
   * @returns warnings about the upload; undefined if it must not be sent
   * @throws ImageBuilderError if the build context can't be read; the signal's reason
   */
  async check(upload: Upload, build: GuardedBuild, operation: Operation): Promise<readonly string[] | undefined> {
    const { log, signal } = operation;
    const settings = guardSettings();
    if (settings.secrets === "off" && settings.largeContextBytes === 0) return [];
    for (;;) {
      const report = await upload.review({ signal, secrets: settings.secrets !== "off" });
      const isLarge = settings.largeContextBytes > 0 && report.bytes > settings.largeContextBytes;
      const asks = { secrets: build.isAsked && settings.secrets === "ask", size: build.isAsked && isLarge };
      const concern = this.#concerns(report, build, upload.name, asks, operation).find(({ isOpen }) => isOpen);
      if (!concern) return [...warnOf(report, isLarge, log), ...warnIfSlow(upload, report, build)];
      const answer = await this.#inTurn(async () => concern.ask(await plannerFor(upload, build, signal)), signal);
      if (!answer) return undefined;
      if (answer === "send") await concern.accept();
      else await carryOut(answer, log);
    }
  }

  /** Returns the possible concerns, in the order in which they are asked about. */
  #concerns(
    report: UploadReport,
    build: GuardedBuild,
    place: string | undefined,
    asks: { readonly secrets: boolean; readonly size: boolean },
    operation: Operation,
  ): Concern[] {
    const { folder } = build;
    const secrets = this.accepted.newSecrets(folder, report);
    return [
      {
        isOpen: asks.secrets && secrets.length > 0,
        ask: (plan) => askAboutSecrets({ ...build, place }, secrets, plan, operation),
        accept: () => this.accepted.acceptSecrets(folder, secrets),
      },
      {
        isOpen: asks.size && !this.accepted.isKnownSize(folder, report.bytes),
        ask: (plan) => askAboutSize({ ...build, place }, report, plan, operation),
        accept: () => this.accepted.acceptSize(folder, report.bytes),
      },
    ];
  }

  /**
   * Runs prompts one after another.
   *
   * @throws the signal's reason
   */
  #inTurn<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const asked = this.#turn.then(() => {
      signal.throwIfAborted();
      return ask();
    });
    // The caller gets the error; the next prompt must run nevertheless.
    this.#turn = asked.catch(() => undefined);
    return asked;
  }
}

/** Returns and logs the warnings, also those about accepted uploads. */
function warnOf(report: UploadReport, isLarge: boolean, log: Log): string[] {
  const warnings = [
    ...(report.secrets.length > 0 ? [secretsWarning(report.secrets)] : []),
    ...(isLarge ? [sizeWarning(report)] : []),
  ];
  for (const warning of warnings) log.warn(warning);
  if (report.unread > 0)
    log.debug(`${report.unread} files were not scanned for secrets: too many, too large, or not readable.`);
  return warnings;
}

/** Warns of many files without logging it, because the build's own log contains this warning. */
function warnIfSlow({ slowFrom = Infinity }: Upload, report: UploadReport, { isAsked }: GuardedBuild): string[] {
  if (report.files <= slowFrom) return [];
  const warning = slowWarning(report);
  if (isAsked) void showWarningMessage(warning);
  return [warning];
}

async function carryOut(plan: KeepOutPlan, log: Log): Promise<void> {
  await applyPlan(plan);
  log.info(vscode.l10n.t("Added to {0}: {1}.", plan.ignoreFile, linesOf(plan)));
}

async function plannerFor(upload: Upload, { folder }: GuardedBuild, signal: AbortSignal): Promise<KeepOutPlanner> {
  const { keepOutPlanner } = await import("../../../core/context/review/planKeepOut");
  return keepOutPlanner(upload, {
    alwaysInclude: upload.name === undefined ? buildSettings(folder).alwaysInclude : [],
    read: (file) => readSource(vscode.Uri.file(file)),
    signal,
  });
}
