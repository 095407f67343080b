import { buildInputOf, checkFolder } from "../buildInput";
import type { Run } from "../command";
import { sharedOptions } from "../optionSpec";
import { printLabeled, printResult } from "../console";
import type { ParsedArguments } from "../parsedArguments";
import { contextTable } from "./contextTable";
import { listContext } from "./listContext";

/** Prepares the command `context`. @throws ImageBuilderError `optionInvalid` */
export async function prepareContext(args: ParsedArguments): Promise<Run> {
  const question = buildInputOf(args);
  const asJson = args.has(sharedOptions.json);
  return async (signal) => {
    checkFolder(question.root);
    const listing = await listContext(question, (message) => printLabeled("warning", message), signal);
    await printResult(asJson ? `${JSON.stringify(listing, undefined, 2)}\n` : contextTable(listing));
    return 0;
  };
}
