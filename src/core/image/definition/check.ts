import { ImageBuilderError } from "../../base/errors";

/** Creates the error for a mistake in an image's definition; `where` is the called method. */
export function definitionInvalid(where: string, problem: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError("imageInvalid", `${where}: ${problem}`, { cause });
}

/**
 * Checks a text for a Dockerfile: not empty, and without NUL and lone surrogates.
 *
 * @throws ImageBuilderError `imageInvalid`
 */
export function checkText(where: string, what: string, value: unknown): string {
  const text = checkAnyText(where, what, value);
  if (text.trim() === "") throw definitionInvalid(where, `${what} is empty. Enter a value or remove it.`);
  return text;
}

/** Checks a text like {@link checkText}, but accepts an empty one. */
export function checkAnyText(where: string, what: string, value: unknown): string {
  if (typeof value !== "string") throw definitionInvalid(where, `${what} is ${describe(value)}. Use a string.`);
  if (value.includes("\0"))
    throw definitionInvalid(where, `${what} contains a NUL character, which programs can't receive. Remove it.`);
  if (/\p{Surrogate}/u.test(value))
    throw definitionInvalid(where, `${what} contains half of a character (a lone surrogate). Remove it.`);
  return value;
}

/** Checks a text that must be on one line. */
export function checkLine(where: string, what: string, value: unknown): string {
  const text = checkText(where, what, value);
  if (/[\r\n]/.test(text)) throw definitionInvalid(where, `${what} contains a line break. Write it on one line.`);
  return text;
}

/** Checks a list; a string counts as a list of one. */
export function checkList(where: string, what: string, value: unknown): readonly unknown[] {
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list))
    throw definitionInvalid(where, `${what} are ${describe(value)}. Use a string or a list of strings.`);
  return list;
}

/** Checks that a value is true or false. */
export function checkFlag(where: string, what: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw definitionInvalid(where, `${what} is ${describe(value)}. Use true or false.`);
  return value;
}

/** Checks that a value is one of the choices. */
export function checkChoice<Choice extends string>(
  where: string,
  what: string,
  value: unknown,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    throw definitionInvalid(
      where,
      `${what} is ${describe(value)}. Choose ${choices.map((choice) => `"${choice}"`).join(" or ")}.`,
    );
  }
  return found;
}

/** Refuses options that there are not, so that a misspelled one is not passed over. */
export function checkOptions<Options extends object>(
  where: string,
  options: Options,
  known: readonly (keyof Options & string)[],
): Options {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw definitionInvalid(
      where,
      `the options are ${describe(options)}. Use an object such as { ${known[0] ?? ""}: … }.`,
    );
  }
  const unknown = Object.keys(options).find((name) => !(known as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw definitionInvalid(where, `there is no option "${unknown}". Valid options: ${known.join(", ")}.`);
  return options;
}

/** Describes a value for messages. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || value === undefined || typeof value === "number" || typeof value === "boolean")
    return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Results of {@link frozen}: an image shares its layers with the one it is derived from. */
const made = new WeakSet<object>();

/** Returns a deeply frozen copy; for plain values only. */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || made.has(value)) return value;
  const entries = (): (readonly [string, unknown])[] =>
    Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, frozen(each)]]));
  const copy = Object.freeze(Array.isArray(value) ? value.map(frozen) : Object.fromEntries(entries()));
  made.add(copy);
  return copy as T;
}
