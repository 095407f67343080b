import { checkAnyText, checkLine, checkList, definitionInvalid, describe } from "./check";
import { secretsOf, type Secret, type SecretRequest } from "./secret";

/** Options for installing packages, as the methods of `Image` accept them. */
export interface PipArguments {
  /** Index to use instead of PyPI. May contain `$NAME` of a mounted secret, but no password. */
  readonly indexUrl?: string;
  /** Additional indexes. */
  readonly extraIndexUrls?: string | readonly string[];
  /** Whether to install pre-releases; default is false. */
  readonly pre?: boolean;
  /** Additional arguments for the installer, as words of a shell. */
  readonly extraArgs?: string;
  readonly secretMounts?: SecretRequest;
}

/** Options with their defaults, as stored in layers. */
export interface PipOptions {
  readonly indexUrl?: string;
  readonly extraIndexUrls: readonly string[];
  readonly pre: boolean;
  readonly extraArgs?: string;
  readonly secrets: readonly Secret[];
}

/** Names of {@link PipArguments}, for checking objects that have additional options. */
export const pipArgumentNames = [
  "indexUrl",
  "extraIndexUrls",
  "pre",
  "extraArgs",
  "secretMounts",
] as const satisfies readonly (keyof PipArguments)[];

/**
 * Checks the options of a method that installs packages.
 *
 * @throws ImageBuilderError `imageInvalid`
 */
export function pipOptions(
  where: string,
  { indexUrl, extraIndexUrls = [], pre = false, extraArgs, secretMounts }: PipArguments,
): PipOptions {
  if (typeof pre !== "boolean") throw definitionInvalid(where, `pre is ${describe(pre)}. Use true or false.`);
  return {
    indexUrl: indexUrl === undefined ? undefined : checkUrl(where, "indexUrl", indexUrl),
    extraIndexUrls: checkList(where, "extraIndexUrls", extraIndexUrls).map((url) =>
      checkUrl(where, "one of extraIndexUrls", url),
    ),
    pre,
    extraArgs: optionalArguments(where, extraArgs),
    secrets: secretsOf(where, secretMounts),
  };
}

/** Checks additional arguments of an installer, which must be on one line; returns undefined if there are none. */
export function optionalArguments(where: string, extraArgs: string | undefined): string | undefined {
  if (extraArgs === undefined || checkAnyText(where, "extraArgs", extraArgs).trim() === "") return undefined;
  return checkLine(where, "extraArgs", extraArgs).trim();
}

/** Returns the text between the last colon and the `@` before a URL's host; undefined if there is none. */
function passwordIn(url: string): string | undefined {
  const [, user] = /^[a-z+]+:\/\/([^/@]*)@/i.exec(url) ?? [];
  const colon = user?.slice(0, -1).lastIndexOf(":") ?? -1;
  return colon < 0 ? undefined : user?.slice(colon + 1);
}

function checkUrl(where: string, what: string, value: unknown): string {
  const url = checkLine(where, what, value);
  if (/\s/.test(url)) throw definitionInvalid(where, `${what} "${url}" contains white space. Use a single address.`);
  const password = passwordIn(url);
  if (password !== undefined && !password.includes("$")) {
    const shown = url.replace(`:${password}@`, ":…@");
    throw definitionInvalid(
      where,
      `${what} "${shown}" contains a password, which would stay in the image's history. ` +
        "Mount it with secretMounts and use $NAME in its place.",
    );
  }
  return url;
}
