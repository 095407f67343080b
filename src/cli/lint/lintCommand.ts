import { resolve } from "node:path";
import { checkFolder } from "../buildInput";
import type { Run } from "../command";
import { lintOptions } from "../commandOptions";
import { printResult } from "../console";
import { usageError, type ParsedArguments } from "../parsedArguments";
import { lintFiles, type FileFinding } from "./lintFiles";

type Format = (findings: readonly FileFinding[]) => Promise<string>;

/** Output formats by option; each is loaded when it is used. */
const formats: readonly (readonly [option: keyof typeof lintOptions, format: Format])[] = [
  ["json", async (findings) => (await import("./jsonFindings")).jsonFindings(findings)],
  ["sarif", async (findings) => (await import("./sarif")).sarifLog(findings)],
  ["github", async (findings) => (await import("./githubCommands")).githubCommands(findings)],
];

/** Prepares the command `lint`. @throws ImageBuilderError `optionInvalid` */
export async function prepareLint(args: ParsedArguments): Promise<Run> {
  const files = args.positionals;
  if (files.length === 0 || files.includes("")) throw usageError("Specify the ignore files and Dockerfiles to check.");
  const wanted = formats.filter(([option]) => args.has(lintOptions[option]));
  if (wanted.length > 1)
    throw usageError(`Use only one of ${wanted.map(([option]) => `"--${option}"`).join(" and ")}.`);
  const format = wanted[0]?.[1] ?? (async (findings) => (await import("./findingLines")).findingLines(findings));
  const folder = args.value(lintOptions.context);
  const context = folder === undefined ? undefined : resolve(folder);
  return async (signal) => {
    if (context !== undefined) checkFolder(context);
    const findings = await lintFiles(files, context, signal);
    await printResult(await format(findings));
    return findings.some(({ severity }) => severity === "error") ? 1 : 0;
  };
}
