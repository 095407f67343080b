import { isHidden, sourceNames } from "./reachedStages";
import { readDockerfile } from "./readDockerfile";
import { contextImages } from "../base/contextSource";
import { contextName } from "../base/imageReference";
import { contextNames, type StageOptions, type Stage } from "./stages";
import { isForeignSyntax, syntaxOf } from "./syntax";

/** Images that building a Dockerfile may fetch. */
export interface NamedImages {
  /** Names as written, with variables replaced; `*` is a part that only the builder knows, such as the architecture. */
  readonly images: readonly string[];
  /** Image of the frontend that reads the file; undefined for the daemon's own. */
  readonly syntax?: string;
  /**
   * Whether there may be more images: a variable hides a whole name, or a frontend other than Docker's reads the file.
   */
  readonly mayBeMore: boolean;
}

/** Placeholder for unknown parts. */
const unknown = "*";

/**
 * Returns the images of every FROM, COPY --from, and mount, whether or not the build reaches it, so that no image that
 * is fetched is missing.
 */
export function namedImages(
  text: string,
  buildArgs: Readonly<Record<string, string>> = {},
  question: StageOptions = {},
): NamedImages {
  const readings = readDockerfile(text, { ...question, buildArgs });
  const syntax = syntaxOf(text, buildArgs);
  if (!readings) return { images: [], syntax, mayBeMore: true };
  const contexts = contextNames(question);
  const images = new Set(
    readings
      .flatMap(({ stages }) => imagesIn(stages))
      .filter((image) => !contexts.has(contextName(image) ?? ""))
      .concat(contextImages(question.buildContexts)),
  );
  const isCutShort = readings.some((reading) => reading.isCutShort);
  return {
    images: [...images].filter((image) => image !== unknown),
    syntax,
    mayBeMore: isCutShort || images.has(unknown) || isForeignSyntax(syntax),
  };
}

function imagesIn(stages: readonly Stage[]): string[] {
  const names = new Set(["scratch"]);
  return stages.flatMap(({ name, base, parent, steps, replacedSteps, triggers }) => {
    const froms = [...steps, ...replacedSteps, ...triggers]
      .flatMap(sourceNames)
      .map((from) => (isHidden(from) ? unknown : from));
    const found = (typeof parent === "object" ? froms : [asPattern(base), ...froms]).filter(
      (image) => image !== "" && !names.has(image.toLowerCase()) && !/^\+?\d+$/.test(image),
    );
    if (name !== undefined) names.add(name);
    return found;
  });
}

function asPattern(base: string): string {
  return base.split(/\uffff+/).join(unknown);
}
