import { writeSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { ImageBuilderError, messageOf, type ErrorLocation } from "../../base/errors";
import { Image } from "../image";
import { watchMemory } from "./memoryWatch";
import {
  answerDescriptor,
  apiKey,
  maxMessage,
  tooMuchMemory,
  type ModuleFailure,
  type ModuleMessage,
} from "./moduleMessage";
import { placeOfUrl } from "./placeOfUrl";

const ownFiles = pathToFileURL(join(__dirname, "imageModule")).href;

/** Runs one module in this separate process, and returns the image that it exports, or the failure. */
async function run(file: string): Promise<ModuleMessage> {
  Object.assign(globalThis, { [apiKey]: { Image } });
  register(pathToFileURL(join(__dirname, "imageModuleHooks.mjs")));
  process.on("uncaughtException", (error) => tell({ failure: failureOf(error, file) }));
  try {
    const exported = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
    return { definition: { ...(await imageIn(exported, file)) } };
  } catch (error) {
    // Node reports the position of a JavaScript syntax error only when the error ends the process.
    if (error instanceof SyntaxError && (placeIn(error) ?? typedFailure(error)) === undefined) {
      process.removeAllListeners("uncaughtException");
      throw error;
    }
    return { failure: failureOf(error, file) };
  }
}

function failureOf(error: unknown, file: string): ModuleFailure {
  const message =
    error instanceof Error
      ? messageOf(error)
      : `The module throws ${inspect(error)}, which is not an Error. Throw an Error that describes the problem.`;
  return typedFailure(error) ?? { ...placeOf(error, file), message: message.slice(0, maxMessage) };
}

/** Writes the answer and exits, so that anything the module left running can't keep the process alive. */
function tell(message: ModuleMessage): void {
  try {
    for (let rest = Buffer.from(`${JSON.stringify(message)}\n`); rest.length > 0;)
      rest = rest.subarray(writeSync(answerDescriptor, rest));
  } finally {
    process.exit();
  }
}

/** Returns the default export, or without one the only exported image. */
async function imageIn(exported: Readonly<Record<string, unknown>>, file: string): Promise<Image> {
  const values = await Promise.all("default" in exported ? [exported["default"]] : Object.values(exported));
  const images = values.filter((value) => value instanceof Image);
  const [image, second] = images;
  if (image && !second) return image;
  const problem = second ? "exports several images but no default" : "exports no image";
  throw new ImageBuilderError(
    "imageInvalid",
    `"${file}" ${problem}. Write "export default Image.fromDebianBase()" for the image to build.`,
    { location: { file, line: 1 } },
  );
}

function placeOf(error: unknown, file: string): ErrorLocation {
  return (ImageBuilderError.is(error) ? error.location : undefined) ?? placeIn(error) ?? { file, line: 1 };
}

/** Returns the message and position of a TypeScript syntax error; undefined for other errors. */
function typedFailure(error: unknown): ModuleFailure | undefined {
  const message = messageOf(error);
  const begin = "Error transforming ";
  const colon = message.indexOf(": ", begin.length);
  const place = / \((\d+):(\d+)\)$/.exec(message);
  if (!message.startsWith(begin) || !place || colon < 0 || colon + ": ".length > place.index) return undefined;
  const reason = message.slice(colon + ": ".length, place.index);
  return {
    message: `This is not valid TypeScript: ${reason}.`,
    file: message.slice(begin.length, colon),
    line: Number(place[1]),
    column: Number(place[2]),
  };
}

/**
 * Returns the first position of a stack in one of the user's files; a line with a marked position may precede the
 * stack. Undefined if there is none.
 */
function placeIn(error: unknown): ErrorLocation | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const [, shown, shownLine, indent = ""] = /^(file:\/\/\S+):(\d+)\n.*\n([\t ]*)\^/.exec(stack) ?? [];
  const marked = shown === undefined ? undefined : placeOfUrl(shown, shownLine, indent.length + 1);
  if (marked) return marked;
  const places = Array.from(
    stack.matchAll(/file:\/\/[^\s)]+/g),
    ([each]) => [each, /:(\d+)(?::(\d+))?$/.exec(each)] as const,
  );
  const [whole = "", numbers] =
    places.find(([each, place]) => place && !each.includes("/node_modules/") && !each.startsWith(ownFiles)) ?? [];
  const [line, column] = numbers?.slice(1) ?? [];
  return numbers ? placeOfUrl(whole.slice(0, numbers.index), line, column) : undefined;
}

const [, , file = "", memoryMiB = ""] = process.argv;
const failure: ModuleFailure = { message: tooMuchMemory(file, Number(memoryMiB)), file, line: 1 };
watchMemory({
  limitBytes: Number(memoryMiB) * 2 ** 20,
  descriptor: answerDescriptor,
  answer: `${JSON.stringify({ failure } satisfies ModuleMessage)}\n`,
});
void run(file).then(tell);
