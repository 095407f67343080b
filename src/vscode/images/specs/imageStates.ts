import * as vscode from "vscode";
import { ImageBuilderError, messageOf } from "../../../core/base/errors";
import type { Existence } from "../../../core/jobs/imageChecker";
import type { ImageSpec } from "../../../core/image/spec/readImageSpec";
import type { WithCore } from "../../access/coreAccess";
import type { WithImages } from "./imageSpecs";
import type { WithLog, WithRefresh } from "../../platform/host";
import type { WithMemory } from "../../platform/memory";
import type { WithSecrets } from "../../platform/secrets";
import { onDidChangeSettings } from "../../platform/settings";
import { readSpec } from "./readSpec";
import { isSpecModule } from "./specFiles";
import { planSpec, type SpecPlan } from "./specPlan";

/** Plan without the resolved files, and without the registry object, which holds a login. */
type ShownPlan = Omit<SpecPlan, "resolved" | "madeRegistry">;

/**
 * What a person has to decide before an image can be planned: `outsideFiles`, whether it may use files outside the
 * workspace; `trust`, whether to trust the workspace, which is asked about such files afterwards; `source`, whether it
 * may use something else.
 */
export type Decision = "outsideFiles" | "trust" | "source";

/** State of a spec's image. */
export type ImageState =
  /** The spec is invalid, can't be resolved, or needs a decision of the person first. */
  | {
      readonly kind: "problem";
      readonly message: string;
      readonly spec?: ImageSpec;
      readonly needs?: Decision;
    }
  /** The spec is a module, which doesn't run in an untrusted workspace. */
  | { readonly kind: "notRun" }
  /** The spec only refers to an existing image. */
  | { readonly kind: "reference"; readonly plan: ShownPlan }
  /** `notAsked`: registries are not contacted in an untrusted workspace. */
  | { readonly kind: "notAsked" | "asking"; readonly plan: ShownPlan }
  | { readonly kind: "known"; readonly plan: ShownPlan; readonly existence: Existence };

const settleMs = 400;

/**
 * Checks whether the images of specs exist, for specs that are shown, and keeps the results until something changes.
 */
export class ImageStates implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #states = new Map<string, ImageState>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /**
   * Results from registries by URI. The tag is derived from the contents, so only a build or a deletion changes the
   * result.
   */
  readonly #existence = new Map<string, Existence>();
  /** Aborts the current check of a spec, by the spec's URI. */
  readonly #asked = new Map<string, AbortController>();
  readonly #subscriptions: vscode.Disposable;

  constructor(private readonly services: WithCore & WithImages & WithLog & WithMemory & WithRefresh & WithSecrets) {
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      services.images.onDidChange((spec) => this.#changedSpec(spec)),
      services.refresh.event(() => this.#forgetAll()),
      onDidChangeSettings(() => this.#forgetAll()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#forgetAll()),
    );
  }

  /** Returns the known state, and starts a check if there was none; undefined during the first check. */
  of(spec: vscode.Uri): ImageState | undefined {
    const key = spec.toString();
    if (!this.#asked.has(key)) void this.#ask(spec);
    return this.#states.get(key);
  }

  /** Checks the registry again. */
  forget(spec: vscode.Uri): void {
    const state = this.#states.get(spec.toString());
    if (state && "plan" in state) this.#existence.delete(state.plan.uri);
    void this.#ask(spec);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const asked of this.#asked.values()) asked.abort();
    this.#subscriptions.dispose();
  }

  #forgetAll(): void {
    this.#existence.clear();
    for (const key of this.#asked.keys()) void this.#ask(vscode.Uri.parse(key));
  }

  /** Waits for a pause in typing. */
  #changedSpec(spec: vscode.Uri | undefined): void {
    if (!spec) return this.#forgetAll();
    const key = spec.toString();
    if (!this.#asked.has(key)) return;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => this.forget(spec), settleMs),
    );
  }

  async #ask(spec: vscode.Uri): Promise<void> {
    const key = spec.toString();
    this.#asked.get(key)?.abort();
    const asked = new AbortController();
    this.#asked.set(key, asked);
    const tell = (state: ImageState): void => {
      if (asked.signal.aborted) return;
      this.#states.set(key, state);
      this.#changed.fire(spec);
    };
    let isOutside = false;
    const onOutsideRefused = (): void => {
      isOutside = true;
    };
    try {
      const target = { push: "ifPossible", manner: "quiet", onOutsideRefused } as const;
      const whole = await planSpec(this.services, spec, target, asked.signal);
      const plan = shownPlan(whole);
      if (!plan.image.isCloned) return tell({ kind: "reference", plan });
      if (!vscode.workspace.isTrusted) return tell({ kind: "notAsked", plan });
      const known = this.#existence.get(plan.uri);
      if (!known) tell({ kind: "asking", plan });
      const existence = known ?? (await this.#lookUp(whole, asked.signal));
      this.#existence.set(plan.uri, existence);
      tell({ kind: "known", plan, existence });
    } catch (error) {
      if (asked.signal.aborted) return;
      if (ImageBuilderError.is(error, "workspaceUntrusted") && isSpecModule(spec)) return tell({ kind: "notRun" });
      if (!ImageBuilderError.is(error)) this.services.log.error(error instanceof Error ? error : String(error));
      tell({
        kind: "problem",
        message: messageOf(error),
        needs: decisionOn(error, isOutside),
        spec: isSpecModule(spec) ? undefined : await readSpec(spec).catch(() => undefined),
      });
    }
  }

  async #lookUp(plan: SpecPlan, signal: AbortSignal): Promise<Existence> {
    const [{ existenceOf }, core] = await Promise.all([
      import("../../../core/jobs/ensureImage"),
      this.services.core.get("quiet"),
    ]);
    return existenceOf(plan, core, signal);
  }
}

/** @param isOutside whether files outside the workspace were refused */
function decisionOn(error: unknown, isOutside: boolean): Decision | undefined {
  if (ImageBuilderError.is(error, "workspaceUntrusted")) return "trust";
  if (!ImageBuilderError.is(error, "sourceNotConfirmed")) return undefined;
  return isOutside ? "outsideFiles" : "source";
}

function shownPlan({ spec, image, places, registry, uri, memory }: SpecPlan): ShownPlan {
  return { spec, image, places, registry, uri, memory };
}
