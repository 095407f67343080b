import type { TextRange } from "../../base/textRange";
import { Image } from "../image";
import { cloneForLayers } from "./cloneForLayers";
import { packageProblems } from "./packageProblems";
import { pythonProblems } from "./pythonProblems";
import { refusedParts, type Refusal } from "./refusedParts";
import { shapeProblems } from "./shapeProblems";
import { inSpecWords } from "./specWords";
import { baseMethods, cloneMethod, layerMethods, type SpecMethod } from "./specMethods";
import { mostLayers, mostMistakes } from "./specLimits";
import { specError, type SpecProblem } from "./specProblem";
import { knownKeys } from "./specJsonSchema";
import { specSchema, type SpecDocument } from "./specSchema";
import { valueProblems } from "./valueProblems";
import { keyRangeAt, nodeAt, rangeAt, type SpecNode, type SpecPath } from "./specNode";
import { readSpecTree } from "./specTree";

/** Result of reading an image spec. */
export interface ImageSpec {
  /** Undefined if there are errors. */
  readonly image?: Image;
  readonly problems: readonly SpecProblem[];
  /** Layers in the file's order, as far as they can be read. */
  readonly layers: readonly SpecLayer[];
  readonly root: SpecNode;
}

/** Layer of an image spec, and the layers of the image that result from it. */
interface SpecLayer {
  readonly key: string;
  readonly range: TextRange;
  readonly keyRange: TextRange;
  /** Index of the first layer in the image's `layers`; -1 without an image. */
  readonly firstLayer: number;
  readonly layerCount: number;
}

/**
 * Reads an image spec: the image, and all problems except those that depend on the disk or the settings.
 *
 * @param text text without a byte order mark
 * @param file path or name of the file, which determines whether it is JSON, and the proposed name of the image
 */
export function readImageSpec(text: string, file: string): ImageSpec {
  const { root, problems: syntax } = readSpecTree(text, /\.json$/i.test(file));
  const layers = layersOf(root);
  if (syntax.length > 0) return { problems: syntax, layers, root };
  if (layers.length > mostLayers) return { problems: [tooManyLayers(root)], layers: layers.slice(0, mostLayers), root };
  if (root.value === null) return { problems: [emptyFile(root)], layers, root };
  const parsed = specSchema.safeParse(withoutExtensions(root.value));
  const shape = [
    ...shapeProblems(root, (parsed.error?.issues ?? []).slice(0, mostMistakes), knownKeys),
    ...notOneKey(root).slice(0, mostMistakes),
  ];
  if (!parsed.data || shape.length > 0) return { problems: shape, layers, root };
  return new SpecReader(root, layers, parsed.data, file).read();
}

function tooManyLayers(root: SpecNode): SpecProblem {
  return specError(
    "too-large",
    rangeAt(root, ["layers"]),
    `There are more than ${mostLayers} layers, so the file is not read. Combine commands and packages.`,
  );
}

function emptyFile({ range }: SpecNode): SpecProblem {
  const fix = { title: "Start from an image", edits: [{ range, newText: "from:\n  base: python:3.12-slim\n" }] };
  return specError(
    "key-missing",
    range,
    'The file is empty. Specify a base, such as "from: { base: python:3.12-slim }".',
    [fix],
  );
}

/** Removes keys that begin with `x-`, which are a place for anchors. */
function withoutExtensions(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("x-")));
}

function layersOf(root: SpecNode): SpecLayer[] {
  return (nodeAt(root, ["layers"])?.items ?? []).map(({ range, entries }) => {
    const [[key, { keyRange }] = ["", { keyRange: range }]] = entries;
    return { key, range, keyRange, firstLayer: -1, layerCount: 0 };
  });
}

function notOneKey(root: SpecNode): SpecProblem[] {
  const base = nodeAt(root, ["from"]);
  const layers = nodeAt(root, ["layers"])?.items ?? [];
  return [
    ...(base?.kind === "map" && base.entries.size !== 1
      ? [
          specError(
            "not-one-key",
            rangeAt(root, ["from"]),
            'An image has exactly one base. Keep only one key in "from".',
          ),
        ]
      : []),
    ...layers
      .filter(({ kind, entries }) => kind === "map" && entries.size !== 1)
      .map(({ range }) =>
        specError(
          "not-one-key",
          range,
          'A layer has exactly one key, which is its kind. Start another layer with "- ".',
        ),
      ),
  ];
}

/** Image on which arguments are tried. */
const standIn = Image.fromBase("image").clone({ name: "image", extendable: true });

/** Creates the image of a file with a valid shape, and continues after an error to find the others. */
class SpecReader {
  readonly #problems: SpecProblem[] = [];

  constructor(
    private readonly root: SpecNode,
    private readonly layers: readonly SpecLayer[],
    private readonly document: SpecDocument,
    private readonly file: string,
  ) {}

  read(): ImageSpec {
    const { root } = this;
    let image = this.#start();
    const layers = this.layers.map((place, index) => {
      const firstLayer = image.layers.length;
      image = this.#layer(image, index);
      return { ...place, firstLayer, layerCount: image.layers.length - firstLayer };
    });
    const problems = [
      ...this.#problems,
      ...packageProblems(root),
      ...valueProblems(root),
      ...pythonProblems(root, image),
    ];
    const isBroken = problems.some(({ severity }) => severity === "error");
    return isBroken ? { problems, layers: this.layers, root } : { image, problems, layers, root };
  }

  #start(): Image {
    const { from, clone } = this.document;
    const [key] = keysOf(from);
    const base = key && this.#call(["from", key], baseMethods[key] as SpecMethod<object>, standIn, from[key] ?? {});
    if (!base) return standIn;
    const { changes, problem } = cloneForLayers(this.root, base, clone, this.file);
    if (problem) this.#problems.push(problem);
    if (!changes) return problem ? standIn : base;
    return this.#call(["clone"], cloneMethod, base as Image<true>, changes) ?? standIn;
  }

  #layer(image: Image, index: number): Image {
    const layer = this.document.layers?.[index] ?? {};
    const [key] = keysOf(layer);
    if (!key) return image;
    return (
      this.#call(
        ["layers", index, key],
        layerMethods[key] as SpecMethod<object>,
        image as Image<true>,
        layer[key] ?? {},
      ) ?? image
    );
  }

  #call<Args extends object>(
    path: SpecPath,
    method: SpecMethod<Args>,
    image: Image<true>,
    args: Args,
  ): Image | undefined {
    try {
      return method.apply(image, args);
    } catch (error) {
      const refused = refusedParts(method, standIn, args);
      for (const each of refused.length > 0 ? refused : [{ path: [], error, isName: false }]) {
        this.#problems.push(
          specError("argument-invalid", this.#placeOf(path, method.main, each), inSpecWords(each.error)),
        );
      }
      return undefined;
    }
  }

  /**
   * Returns the range of an argument. The short form has no key for it, and a list with one item may have no brackets.
   */
  #placeOf(path: SpecPath, main: string | undefined, { path: part, isName }: Omit<Refusal, "error">): TextRange {
    const isShort =
      main !== undefined && part[0] === main && (path.at(-1) === main || !nodeAt(this.root, [...path, main]));
    const steps = [...path, ...(isShort ? part.slice(1) : part)];
    const place = steps.filter(
      (step, at) => typeof step === "string" || nodeAt(this.root, steps.slice(0, at))?.kind === "list",
    );
    return (isName ? keyRangeAt(this.root, place) : undefined) ?? rangeAt(this.root, place);
  }
}

function keysOf<Key extends string>(value: Readonly<Partial<Record<Key, unknown>>>): Key[] {
  return Object.keys(value) as Key[];
}
