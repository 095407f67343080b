import { basename } from "node:path";
import { ImageBuilderError } from "../base/errors";
import { gitHead } from "../process/git";
import { sanitizeImageName } from "../base/sanitizeName";
import { withoutEdges } from "../base/trimText";

/** Variables of an image name's template; a variable without a value can't be used. */
export interface TagVariables {
  /** Name of the folder, as a valid repository name. */
  readonly folder: string;
  readonly gitShortSha?: string;
  /** Name of the branch, with `-` for characters that a tag can't contain. */
  readonly gitBranch?: string;
  /** Date as `YYYY-MM-DD` in UTC. */
  readonly date: string;
}

const whyMissing: Partial<Record<keyof TagVariables, string>> = {
  gitShortSha: "the folder has no Git commit",
  gitBranch: "the folder is not on a Git branch",
};

/** Returns the values of the variables for a folder. @param folder absolute path */
export async function tagVariables(folder: string, now = new Date()): Promise<TagVariables> {
  const { shortSha, branch } = await gitHead(folder);
  return {
    folder: sanitizeImageName(basename(folder)),
    gitShortSha: shortSha,
    gitBranch: withoutEdges((branch ?? "").replace(/[^A-Za-z0-9_.-]+/g, "-"), "-.") || undefined,
    date: now.toISOString().slice(0, 10),
  };
}

/**
 * Replaces `${folder}`, `${gitShortSha}`, `${gitBranch}` and `${date}` with their values.
 *
 * @throws ImageBuilderError `imageNameInvalid` for an unknown variable, or one without a value
 */
export function expandTagTemplate(template: string, variables: TagVariables): string {
  const parts: string[] = [];
  let done = 0;
  for (let begin = template.indexOf("${"); begin >= 0; begin = template.indexOf("${", done)) {
    const end = template.indexOf("}", begin);
    if (end < 0) break;
    parts.push(template.slice(done, begin), valueOf(template.slice(begin + "${".length, end), variables));
    done = end + 1;
  }
  return parts.join("") + template.slice(done);
}

function valueOf(name: string, variables: TagVariables): string {
  if (!isVariable(name)) {
    throw new ImageBuilderError(
      "imageNameInvalid",
      `There is no variable \${${name}}. Use ${variableNames.map((each) => `\${${each}}`).join(", ")}.`,
    );
  }
  const value = variables[name];
  if (value === undefined)
    throw new ImageBuilderError(
      "imageNameInvalid",
      `\${${name}} has no value, because ${whyMissing[name]}. Remove the variable.`,
    );
  return value;
}

const variableNames = ["folder", "gitShortSha", "gitBranch", "date"] as const satisfies readonly (keyof TagVariables)[];

function isVariable(name: string): name is keyof TagVariables {
  return (variableNames as readonly string[]).includes(name);
}
