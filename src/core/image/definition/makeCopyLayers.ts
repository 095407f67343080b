import { posix } from "node:path";
import { checkChoice, checkLine, checkList, checkOptions, definitionInvalid, describe } from "./check";
import type { CopyStyle, Layer, LayerOf } from "./layers";

/** Destination of a copy. */
export interface CopyArguments {
  /** Folder in the image, absolute or relative to the working directory. Default is ".". */
  readonly dst?: string;
}

/** Options for copying a folder. */
export interface SourceFolderArguments extends CopyArguments {
  /** Whether to copy the folder's contents directly into `dst`, even if `dst` is "."; default is false. */
  readonly copyContentsOnly?: boolean;
}

/** Options for copying a code bundle. */
export interface CodeBundleArguments extends CopyArguments {
  /** Default is `loaded_modules`. */
  readonly copyStyle?: CopyStyle;
}

/** Creates the layer of `withSourceFolder`. */
export function sourceFolderLayer(src: string, options: SourceFolderArguments): Layer {
  const where = "withSourceFolder";
  const { dst, copyContentsOnly = false } = checkOptions(where, options, ["dst", "copyContentsOnly"]);
  if (typeof copyContentsOnly !== "boolean")
    throw definitionInvalid(where, `copyContentsOnly is ${describe(copyContentsOnly)}. Use true or false.`);
  return {
    kind: "sourceFolder",
    src: checkLine(where, "the folder", src),
    dst: destination(where, dst),
    copyContentsOnly,
  };
}

/** Creates the layer of `withSourceFile`. */
export function sourceFileLayer(src: string | readonly string[], options: CopyArguments): LayerOf<"sourceFile"> {
  const where = "withSourceFile";
  const { dst } = checkOptions(where, options, ["dst"]);
  const files = checkList(where, "the files", src).map((file) => checkLine(where, "a file", file));
  const names = files.map((file) => posix.basename(file.replaceAll("\\", "/")));
  const duplicates = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (duplicates.length > 0) {
    const listed = duplicates.map((name) => `"${name}"`).join(", ");
    throw definitionInvalid(
      where,
      `several files are named ${listed} and would overwrite each other in "${dst ?? "."}". ` +
        "Copy each file with its own withSourceFile, to separate folders.",
    );
  }
  return { kind: "sourceFile", src: files, dst: destination(where, dst) };
}

/** Creates the layer of `withCodeBundle`. */
export function codeBundleLayer(options: CodeBundleArguments): Layer {
  const where = "withCodeBundle";
  const { copyStyle, dst } = checkOptions(where, options, ["copyStyle", "dst"]);
  const style = checkChoice(where, "copyStyle", copyStyle ?? "loaded_modules", ["loaded_modules", "all"]);
  return { kind: "codeBundle", copyStyle: style, dst: destination(where, dst) };
}

/** Creates the layer of `withDockerignore`. */
export function dockerignoreLayer(path: string): Layer {
  return { kind: "dockerignore", path: checkLine("withDockerignore", "the path", path) };
}

function destination(where: string, dst = "."): string {
  return checkLine(where, "dst", dst);
}
