import { Copy, From, Onbuild, Run, type Dockerfile, type Flag, type Instruction } from "dockerfile-ast";
import { WordExpander, type Variables } from "./expandWord";
import { parseDockerfile } from "./parseDockerfile";
import { splitStages } from "./stages";
import { isForeignSyntax, syntaxOf } from "./syntax";

/** The images that building a Dockerfile may fetch. */
export interface NamedImages {
  /** As they are written, with variables replaced; `*` is a part that only the builder knows, such as the architecture. */
  readonly images: readonly string[];
  /** The image of the frontend that reads the file. */
  readonly syntax?: string;
  /** Whether there may be others: a variable hides a whole name, or a frontend other than Docker's reads the file. */
  readonly mayBeMore: boolean;
}

/** The variables that a builder sets by itself in every FROM. */
const platformVariable = /^(?:TARGET|BUILD)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)$/;
/** Stands for what is not known. */
const unknown = "*";

/**
 * Reads the images out of every FROM, COPY --from and bind mount, whether the build gets there or not: what is fetched is never missing.
 */
export function namedImages(text: string, buildArgs: Readonly<Record<string, string>> = {}): NamedImages {
  const dockerfile = parseDockerfile(text);
  const syntax = syntaxOf(text, buildArgs);
  if (!dockerfile) return { images: [], syntax, mayBeMore: true };
  const words = new WordExpander(dockerfile.getEscapeCharacter());
  const globals = globalVariables(dockerfile, words, buildArgs);
  const stages = new Set(["scratch"]);
  const images = new Set<string>();
  const split = splitStages(dockerfile, buildArgs);
  dockerfile.getFROMs().forEach((from, index) => {
    add(from.getImage() ?? "", (word) => words.expand(word, (name) => globals.get(name) ?? ""));
    for (const { instruction, expand } of split[index]?.steps ?? []) for (const image of sourcesOf(instruction)) add(image, expand);
    const stage = from.getBuildStage();
    if (stage) stages.add(stage.toLowerCase());
  });
  return { images: [...images].filter((image) => image !== unknown), syntax, mayBeMore: images.has(unknown) || isForeignSyntax(syntax) };

  function add(word: string, expand: (word: string) => string | undefined): void {
    const image = expand(word) ?? unknown;
    if (image !== "" && !stages.has(image.toLowerCase()) && !/^\d+$/.test(image)) images.add(image);
  }
}

/** What FROM may use; a variable that is declared without a value is empty there. */
function globalVariables(dockerfile: Dockerfile, words: WordExpander, buildArgs: Readonly<Record<string, string>>): Map<string, string> {
  const values = new Map<string, string>();
  const variables: Variables = (name) => values.get(name) ?? "";
  for (const prefix of ["TARGET", "BUILD"]) for (const suffix of ["PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"]) values.set(prefix + suffix, unknown);
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction instanceof From) break;
    if (instruction.getKeyword() !== "ARG") continue;
    for (const argument of instruction.getArguments()) {
      const [name = "", ...rest] = argument.getValue().split("=");
      const fallback = rest.length > 0 ? (words.expand(rest.join("="), variables) ?? unknown) : "";
      values.set(name, buildArgs[name] ?? (rest.length === 0 && platformVariable.test(name) ? unknown : fallback));
    }
  }
  for (const [name, value] of Object.entries(buildArgs)) if (platformVariable.test(name)) values.set(name, value);
  return values;
}

/** The images that an instruction takes files from; stages may be among them. */
function sourcesOf(instruction: Instruction): string[] {
  const step = instruction instanceof Onbuild ? instruction.getTriggerInstruction() : instruction;
  if (!(step instanceof Copy) && !(step instanceof Run)) return [];
  return (step.getFlags() as Flag[]).flatMap((flag) => {
    if (flag.getName() === "from" && step instanceof Copy) return flag.getValue() ?? [];
    if (flag.getName() !== "mount") return [];
    // BuildKit reads the options as CSV, where a field may be quoted.
    const fields = (flag.getValue() ?? "").split(",").map((field) => field.replace(/^"(.*)"$/s, "$1"));
    return fields.flatMap((field) => (/^from=/i.test(field) ? [field.slice(field.indexOf("=") + 1)] : []));
  });
}
