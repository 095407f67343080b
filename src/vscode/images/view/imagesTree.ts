import * as vscode from "vscode";
import type { ImageSpec } from "../../../core/image/spec/readImageSpec";
import type { ImageChecks } from "../specs/imageChecks";
import type { Decision, ImageState, ImageStates } from "../specs/imageStates";
import { isSpecModule } from "../specs/specFiles";
import { mostSpecs, type ImageSpecs } from "../specs/imageSpecs";
import { checkRows } from "./checkRows";
import { imageItem } from "./imageItem";
import { ImageRow } from "./imageRow";

/** Tree of the specs with the states of their images. Below each spec are the URI, platforms, and layers. */
export class ImagesTree implements vscode.TreeDataProvider<ImageRow>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(
    private readonly images: ImageSpecs,
    private readonly states: ImageStates,
    private readonly checks: ImageChecks,
  ) {
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      states.onDidChange(() => this.#changed.fire(undefined)),
      checks.onDidChange(() => this.#changed.fire(undefined)),
      images.onDidChange((spec) => !spec && this.#changed.fire(undefined)),
    );
  }

  getTreeItem(row: ImageRow): vscode.TreeItem {
    return imageItem(row);
  }

  async getChildren(row?: ImageRow): Promise<ImageRow[]> {
    if (!row) {
      const specs = await this.images.list();
      const rows = specs.map((spec) => new ImageRow(spec, { kind: "spec", state: this.states.of(spec) }));
      const last = specs.length < mostSpecs ? undefined : specs.at(-1);
      return last ? [...rows, noteRow(last, vscode.l10n.t("Only {0} image specs are listed.", mostSpecs))] : rows;
    }
    const { spec, content } = row;
    if (content.kind === "group") return content.rows.map((each) => new ImageRow(spec, each));
    return content.kind === "spec" ? rowsOf(spec, this.states.of(spec), this.checks) : [];
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

function rowsOf(spec: vscode.Uri, state: ImageState | undefined, checks: ImageChecks): ImageRow[] {
  if (!state) return [];
  if (state.kind === "problem") return problemRows(spec, state);
  if (state.kind === "notRun")
    return [
      new ImageRow(spec, { kind: "trust" }),
      noteRow(spec, vscode.l10n.t("This spec is a program and runs only in a trusted workspace.")),
    ];
  const { image, uri, registry, spec: read } = state.plan;
  const check = checks.of(spec, uri);
  const fact = (label: string, detail: string): ImageRow => new ImageRow(spec, { kind: "fact", label, detail });
  return [
    fact(vscode.l10n.t("URI"), uri),
    ...(image.isCloned ? [fact(vscode.l10n.t("Registry"), registry?.name ?? vscode.l10n.t("no default"))] : []),
    ...(state.kind === "known" && state.existence.kind === "unknown"
      ? state.existence.reasons.map((reason) => noteRow(spec, reason))
      : []),
    ...(image.isCloned ? [fact(vscode.l10n.t("Platforms"), image.platform.join(", "))] : []),
    ...(check ? checkRows(check) : []).map((content) => new ImageRow(spec, content)),
    ...(isSpecModule(spec)
      ? image.layers.map(
          ({ kind: key, ...layer }) =>
            new ImageRow(spec, { kind: "layer", key, detail: inWords(Object.values(layer).filter(isTelling)) }),
        )
      : layerRows(spec, read)),
  ];
}

function noteRow(spec: vscode.Uri, label: string): ImageRow {
  return new ImageRow(spec, { kind: "note", label, detail: "" });
}

/** Whether a layer's value is worth showing. Flags and empty lists are mostly defaults. */
function isTelling(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && value.length > 0);
}

function problemRows(
  spec: vscode.Uri,
  { message, spec: read, needs }: Extract<ImageState, { kind: "problem" }>,
): ImageRow[] {
  const problems = read?.problems.filter(({ severity }) => severity === "error") ?? [];
  const rows = problems.map(
    ({ message: label, range }) => new ImageRow(spec, { kind: "problem", label, detail: "", range }),
  );
  const whole =
    needs === "outsideFiles" || needs === "trust"
      ? { label: vscode.l10n.t("Outside files"), detail: message }
      : { label: message, detail: "" };
  const all = rows.length > 0 ? rows : [new ImageRow(spec, { kind: "problem", ...whole })];
  return [...decisionRows(spec, needs), ...all, ...(read ? layerRows(spec, read) : [])];
}

/** Returns the action for what a person has to decide, and what follows it. */
function decisionRows(spec: vscode.Uri, needs: Decision | undefined): ImageRow[] {
  if (needs === undefined) return [];
  if (needs !== "trust") return [new ImageRow(spec, { kind: "confirm" })];
  return [
    new ImageRow(spec, { kind: "trust" }),
    noteRow(spec, vscode.l10n.t("Then you are asked to allow the files.")),
  ];
}

/** Returns rows for the base image and the layers, as the spec contains them. */
function layerRows(spec: vscode.Uri, { root, layers }: ImageSpec): ImageRow[] {
  const from = root.entries.get("from");
  const base =
    from && new ImageRow(spec, { kind: "layer", key: "from", detail: inWords(from.node.value), range: from.keyRange });
  const items = root.entries.get("layers")?.node.items ?? [];
  const rows = layers.map(
    ({ key, keyRange }, i) =>
      new ImageRow(spec, {
        kind: "layer",
        key,
        detail: inWords(items[i]?.entries.get(key)?.node.value),
        range: keyRange,
      }),
  );
  return base ? [base, ...rows] : rows;
}

/** Formats a value of a spec on one line. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(", ");
  if (typeof value !== "object" || value === null)
    return value === null || value === undefined ? "" : String(value).replace(/\s+/g, " ");
  return Object.entries(value)
    .map(([key, each]) => [key, inWords(each)].filter(Boolean).join(": "))
    .join(", ");
}
