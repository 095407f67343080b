import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { BuildOptions } from "../core/base/buildOptions";
import { contextSource } from "../core/base/contextSource";
import { contextName } from "../core/base/imageReference";
import { parsePlatforms } from "../core/base/platforms";
import { ImageBuilderError, messageOf, systemCodeOf } from "../core/base/errors";
import { sharedOptions } from "./optionSpec";
import { usageError, type ParsedArguments } from "./parsedArguments";
import { isHomePath } from "../core/base/homePath";

const layoutScheme = "oci-layout://";

/** Build context and the options that change how its Dockerfile is read. */
export interface BuildInput {
  /** Absolute path of the build context. */
  readonly root: string;
  readonly options: Pick<BuildOptions, "dockerfile" | "target" | "platform" | "buildArgs" | "buildContexts">;
}

/** Parses the folder and the options that `context` and `build` share. @throws ImageBuilderError `optionInvalid` */
export function buildInputOf(args: ParsedArguments): BuildInput {
  const [folder, ...others] = args.positionals;
  if (!folder) throw usageError("Specify the folder to use as the build context.");
  if (others.length > 0) throw usageError(`Specify only one folder. Remove "${others[0]}".`);
  const root = resolve(folder);
  const file = args.value(sharedOptions.dockerfile);
  if (file === "-")
    throw usageError("The Dockerfile can't be read from stdin. Save it to a file and specify its path.");
  const target = args.value(sharedOptions.target);
  const platform = platformOf(args);
  const contexts = args.values(sharedOptions.buildContext);
  return {
    root,
    options: {
      ...(file !== undefined && { dockerfile: dockerfileAt(file, root) }),
      ...(target !== undefined && { target }),
      ...(platform !== undefined && { platform }),
      buildArgs: buildArgsOf(args.values(sharedOptions.buildArg), process.env),
      ...(contexts.length > 0 && { buildContexts: buildContextsOf(contexts) }),
    },
  };
}

/** Checks that the build context is a folder. @throws ImageBuilderError `contextUnreadable` */
export function checkFolder(root: string): void {
  let isFolder: boolean;
  try {
    isFolder = statSync(root).isDirectory();
  } catch (error) {
    const isMissing = systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ENOTDIR";
    const why = isMissing ? `Can't find the folder "${root}"` : `Can't read the folder "${root}" (${messageOf(error)})`;
    throw new ImageBuilderError("contextUnreadable", `${why}. Check the path.`, { cause: error });
  }
  if (!isFolder)
    throw new ImageBuilderError("contextUnreadable", `"${root}" is not a folder. Specify the folder to build.`);
}

/** Resolves a path against the current folder, as docker does, or against the build context if no such file exists. */
function dockerfileAt(file: string, root: string): string {
  const here = resolve(file);
  return existsSync(here) ? here : resolve(root, file);
}

function platformOf(args: ParsedArguments): string | undefined {
  const written = args.values(sharedOptions.platform);
  if (written.length === 0) return undefined;
  const platform = parsePlatforms(written.join(","));
  if (platform !== undefined) return platform;
  throw usageError(`"${written.join(",")}" is not a valid platform. Use os/architecture, such as linux/arm64.`);
}

/** Parses named build contexts; folders and layouts are relative to the current folder. */
function buildContextsOf(written: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    written.map((each): [name: string, source: string] => {
      const equals = each.indexOf("=");
      const [name, text] = [each.slice(0, Math.max(equals, 0)), each.slice(equals + 1)];
      if (name === "" || text === "") throw usageError(`"${each}" is not a valid build context. Use NAME=SOURCE.`);
      if (contextName(name) === undefined)
        throw usageError(
          `"${name}" is not a valid build context name. Use the form of an image name, such as app or alpine:3.20.`,
        );
      const source = contextSource(text);
      if (typeof source === "string") throw usageError(`The source of the build context "${name}" ${source}.`);
      if (!("path" in source) || isHomePath(source.path)) return [name, text];
      const place = resolve(source.path);
      if (source.kind === "folder") return [name, place];
      return [name, `${layoutScheme}${place}${text.slice(layoutScheme.length + source.path.length)}`];
    }),
  );
}

function buildArgsOf(written: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const given = written.map((each): [name: string, value: string | undefined] => {
    const equals = each.indexOf("=");
    const name = equals < 0 ? each : each.slice(0, equals);
    if (name === "") throw usageError(`"${each}" is not a valid build argument. Use NAME=VALUE.`);
    return [name, equals < 0 ? env[name] : each.slice(equals + 1)];
  });
  return Object.fromEntries(given.filter((each): each is [string, string] => each[1] !== undefined));
}
