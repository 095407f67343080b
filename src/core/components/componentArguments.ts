import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { ImageBuilderError, messageOf } from "../base/errors";
import { foreignHost } from "../base/networkPath";

/** Maximum size of a file argument in ZenML's command line, in bytes. */
const maxFileBytes = 10_240;

/** Parsed arguments: the name, at any position, and a text for each key. */
export interface ComponentArguments {
  readonly name?: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Parses arguments in ZenML's syntax: `mine --uri=ghcr.io/team --key=@key.json`.
 *
 * @param folder folder that files are relative to
 * @throws ImageBuilderError `optionInvalid` if an argument has another form, or its file can't be read
 */
export async function parseComponentArguments(args: readonly string[], folder: string): Promise<ComponentArguments> {
  const values = new Map<string, string>();
  let name: string | undefined;
  for (const arg of args) {
    if (!arg.startsWith("--")) {
      if (name !== undefined)
        throw new ImageBuilderError(
          "optionInvalid",
          `"${name}" and "${arg}" can't both be the name. Write one of them as --key=value.`,
        );
      name = arg;
      continue;
    }
    const [, key, value] = /^--([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(arg) ?? [];
    // A secret may follow the key, so the message doesn't quote the whole argument.
    if (key === undefined || value === undefined)
      throw new ImageBuilderError(
        "optionInvalid",
        `An argument is not in the form --key=value with an identifier as the key: "${arg.split("=")[0] ?? ""}".`,
      );
    values.set(key, await expandFileArgument(value, folder));
  }
  // Unlike an assignment, this keeps a key such as __proto__, so that it is reported as unknown.
  return { name, values: Object.fromEntries(values) };
}

/**
 * Returns the contents of the file in `@path`; `@@x` is the text `@x`, and any other text is returned unchanged. `~` is
 * the home folder.
 *
 * @throws ImageBuilderError `optionInvalid` if the file can't be read or is larger than 10,240 bytes
 */
export async function expandFileArgument(value: string, folder: string): Promise<string> {
  if (value.startsWith("@@")) return value.slice(1);
  if (!value.startsWith("@")) return value;
  const file = resolve(folder, value.slice(1).replace(/^~(?=$|\/)/, homedir()));
  if (foreignHost(value.slice(1), folder) !== undefined)
    throw new ImageBuilderError(
      "optionInvalid",
      `The file "${file}" is on another computer and was not accessed. Copy it to this computer.`,
    );
  const { size } = await stat(file).catch((error: unknown) => {
    throw new ImageBuilderError(
      "optionInvalid",
      `Can't read the file "${file}" (${messageOf(error)}). ` +
        'Choose another file, or use "@@" for text that begins with "@".',
      { cause: error },
    );
  });
  if (size > maxFileBytes)
    throw new ImageBuilderError(
      "optionInvalid",
      `The file "${file}" has ${size} bytes; the maximum is ${maxFileBytes}. Choose another file.`,
    );
  return readFile(file, "utf8").catch((error: unknown) => {
    throw new ImageBuilderError(
      "optionInvalid",
      `Can't read the file "${file}" (${messageOf(error)}). Choose another file.`,
      { cause: error },
    );
  });
}
