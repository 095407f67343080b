import { checkAnyText, checkLine, checkList, definitionInvalid, describe } from "./check";
import { credentialHidden } from "./credentials";
import { secretsOf, type Secret, type SecretRequest } from "./secret";
import { sshMountOf, type SshArguments, type SshMount } from "./sshMount";

/** Options for installing packages, as the methods of `Image` accept them. */
export interface PipArguments extends SshArguments {
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

/** Options for installing packages of an index or a file. */
export interface PackageArguments extends PipArguments {
  /** Files with the versions that packages may have, as pip's `--constraint` takes them. */
  readonly constraints?: string | readonly string[];
}

/** Options with their defaults, as stored in layers. */
export interface PipOptions {
  readonly constraints?: readonly string[];
  readonly indexUrl?: string;
  readonly extraIndexUrls: readonly string[];
  readonly pre: boolean;
  readonly extraArgs?: string;
  readonly secrets: readonly Secret[];
  readonly ssh?: SshMount;
}

/** Names of {@link PipArguments}, for checking objects that have additional options. */
export const pipArgumentNames = [
  "indexUrl",
  "extraIndexUrls",
  "pre",
  "extraArgs",
  "secretMounts",
  "sshMount",
] as const satisfies readonly (keyof PipArguments)[];

/** The names of {@link PackageArguments}. */
export const packageArgumentNames = [...pipArgumentNames, "constraints"] as const;

/**
 * Checks the options of a method that installs packages.
 *
 * @throws ImageBuilderError `imageInvalid`
 */
export function pipOptions(
  where: string,
  { indexUrl, extraIndexUrls = [], pre = false, extraArgs, secretMounts, sshMount, constraints }: PackageArguments,
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
    ssh: sshMountOf(where, { sshMount }),
    constraints: constraintFiles(where, constraints),
  };
}

function constraintFiles(where: string, files: string | readonly string[] | undefined): readonly string[] | undefined {
  const checked = checkList(where, "the constraints", files ?? []).map((file) =>
    checkLine(where, "a constraints file", file),
  );
  return checked.length === 0 ? undefined : checked;
}

/** Checks additional arguments of an installer, which must be on one line; returns undefined if there are none. */
export function optionalArguments(where: string, extraArgs: string | undefined): string | undefined {
  if (extraArgs === undefined || checkAnyText(where, "extraArgs", extraArgs).trim() === "") return undefined;
  return checkNoCredential(where, "extraArgs", checkLine(where, "extraArgs", extraArgs).trim());
}

/** @throws ImageBuilderError `imageInvalid` for a text with credentials in an address, which it does not show */
export function checkNoCredential(where: string, what: string, text: string): string {
  const shown = credentialHidden(text);
  if (shown === undefined) return text;
  throw definitionInvalid(
    where,
    `${what} "${shown}" contains a password or token, which would stay in the image's history. ` +
      "Mount it with secretMounts and use $NAME in its place.",
  );
}

function checkUrl(where: string, what: string, value: unknown): string {
  const url = checkLine(where, what, value);
  if (/\s/.test(url)) throw definitionInvalid(where, `${what} "${url}" contains white space. Use a single address.`);
  return checkNoCredential(where, what, url);
}
