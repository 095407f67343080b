import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import { buildAndPush } from "../../src/core/jobs/buildAndPush";
import { buildInputs, withHashesOf } from "../../src/core/report/buildInputs";
import type { ComparedBuild } from "../../src/core/report/baseImages";
import { inputsText, parseInputs } from "../../src/core/report/inputsRecord";
import { parseReport, reportText, type ReportStep } from "../../src/core/report/reportRecord";
import { ReportRecorder } from "../../src/core/report/reportRecorder";
import { whyNotCached, type Explanation } from "../../src/core/report/whyNotCached";
import { coreOn, localBuilder, uniqueName } from "./engine";
import { recordingOperation } from "./operation";

/** Builds a folder several times, and compares each build with the one before, as they are stored. */
export class ComparedBuilds {
  readonly #imageName = `${uniqueName()}:1`;
  #earlier: ComparedBuild | undefined;
  #latest: ComparedBuild | undefined;

  constructor(readonly root: string) {}

  /** Builds, and returns the error of a build that fails. */
  async build(options: BuildOptions = {}): Promise<unknown> {
    const recorder = new ReportRecorder();
    const operation = { ...recordingOperation(), trace: recorder.trace.bind(recorder) };
    const request = { root: this.root, imageName: this.#imageName, builder: localBuilder, options };
    const failure = await buildAndPush(request, coreOn(), { ...operation, report: (event) => recorder.accept(event) })
      .then(() => undefined)
      .catch((error: unknown) => error);
    recorder.end();
    const traced = recorder.inputs && buildInputs(recorder.inputs, "a salt");
    this.#earlier = this.#latest;
    const before = this.#earlier?.inputs;
    const inputs = traced && parseInputs(inputsText(before ? withHashesOf(traced, before) : traced));
    const report = parseReport(reportText(recorder.report()));
    if (!report) throw new Error("The report can't be read");
    this.#latest = { report, inputs };
    return failure;
  }

  /** The step of the latest build that carries out an instruction, by its beginning. */
  step(instruction: string): ReportStep {
    const found = this.#latest?.report.steps.find(({ name }) =>
      name.replace(/^\[[^\]]*\] /, "").startsWith(instruction),
    );
    if (!found) throw new Error(`There is no ${instruction} in ${this.names.join(", ")}`);
    return found;
  }

  /** Names of the steps of the latest build. */
  get names(): string[] {
    return this.#latest?.report.steps.map(({ name }) => name) ?? [];
  }

  /** Why a step was not cached; undefined if it was. */
  why(instruction: string): Explanation | undefined {
    const { report } = this.#latest ?? {};
    const index = report?.steps.indexOf(this.step(instruction)) ?? -1;
    return this.#latest && whyNotCached(this.#latest, this.#earlier).get(index);
  }

  /** The texts of the steps that an explanation names, in place of their indexes. */
  inWords(explanation: Explanation | undefined): unknown {
    if (!explanation || "unknown" in explanation) return explanation?.unknown;
    return explanation.causes.map((cause) =>
      cause.kind === "step" ? `step ${this.#latest?.report.steps[cause.step]?.name}` : cause,
    );
  }

  dockerfile(): string {
    return readFileSync(join(this.root, "Dockerfile"), "utf8");
  }
}
