import * as z from "zod";
import { parseJson } from "../border/parseJson";
import { mostRecipes, mostValues } from "../dockerfile/stepRecipes";
import { hashLength, mostOffered } from "../operation/offeredFiles";

/** Version of the format; records of later versions can't be read. */
const formatVersion = 1;

/** Maximum length of a stored record in characters. */
export const longestInputs = 24 * 2 ** 20;
/** Limit on the stages and build contexts of a build. */
export const mostStages = 1_000;
/** Length of a value's hash in characters. It is short, so that it fits too many values to reveal one. */
export const valueHashLength = 6;

const path = z.string().max(4096);
const name = z.string().max(500);
const count = z.int().nonnegative().max(Number.MAX_SAFE_INTEGER);
/** Salted hash of a value that may be secret; empty for an unset variable, `?` if only the builder knows it. */
const hash = z.string().max(valueHashLength);
const values = z.array(z.tuple([name, hash])).max(2 * mostValues);

const filesSchema = z
  .object({
    paths: z.array(path).max(mostOffered),
    kinds: z.string().regex(/^[fdlp]*$/),
    modes: z.array(count),
    sizes: z.array(count),
    times: z.array(z.number()),
    hashes: z.string(),
    links: z.array(z.tuple([count, path])).max(mostOffered),
  })
  .refine(
    ({ paths, kinds, modes, sizes, times, hashes }) =>
      [kinds, modes, sizes, times].every(({ length }) => length === paths.length) &&
      hashes.length === paths.length * hashLength,
  );

const stepSchema = z.object({
  stage: count,
  keyword: z.string().max(20),
  line: z.int().positive(),
  text: hash,
  meaning: hash,
  values,
  /** From the build's own context where none is named. */
  taken: z
    .array(z.object({ context: name.optional(), path: path.optional(), isWildcard: z.boolean() }))
    .max(mostValues),
  excludes: z.array(path).max(mostValues),
});

const inputsSchema = z.object({
  version: z.literal(formatVersion),
  /** Whether the build ran without the cache, or the stages that did. */
  noCache: z.union([z.boolean(), z.array(name).max(mostStages)]),
  /** Whether the Dockerfile has more instructions than are compared, or isn't read by Docker's frontend. */
  isIncomplete: z.boolean(),
  stages: z.array(z.object({ name, parent: count.optional() })).max(mostStages),
  steps: z.array(stepSchema).max(mostRecipes),
  /** Options that affect every RUN. */
  options: values,
  /** Images of the daemon before the build, by their names. */
  bases: z.array(z.object({ name: path, id: name })).max(100),
  /** Files that were offered, by build context; the build's own has no name. */
  folders: z.array(z.object({ name, files: filesSchema.optional() })).max(100),
});

/** What the steps of a build depended on, with hashes in place of values. */
export type BuildInputs = DeepReadonly<Omit<z.infer<typeof inputsSchema>, "version">>;

/** What an instruction depended on. */
export type StepInputs = DeepReadonly<z.infer<typeof stepSchema>>;

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** Converts a record to the text of its file. Throws if it is longer than `longestInputs`. */
export function inputsText(inputs: BuildInputs): string {
  const content = JSON.stringify({ version: formatVersion, ...inputs });
  if (content.length > longestInputs) throw new Error(`The list of inputs is longer than ${longestInputs} characters`);
  return content;
}

/** Parses the text of a file; returns undefined if it is not a record of this version. */
export function parseInputs(content: string): BuildInputs | undefined {
  const parsed = inputsSchema.safeParse(parseJson(content, { maxDepth: 8, maxValues: 2_000_000 }));
  return parsed.success ? parsed.data : undefined;
}
