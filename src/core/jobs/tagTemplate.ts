import { basename } from "node:path";
import { ImageBuilderError } from "../base/errors";
import { gitHead } from "../process/git";
import { sanitizeImageName } from "../base/imageReference";
import { withoutEdges } from "../base/trimText";

/** The variables of an image name's template; one without a value cannot be used. */
export interface TagVariables {
  /** The folder's name as a repository name. */
  readonly folder: string;
  readonly gitShortSha?: string;
  /** The branch with what a tag cannot hold replaced by `-`. */
  readonly gitBranch?: string;
  /** `YYYY-MM-DD` in UTC. */
  readonly date: string;
}

const whyMissing: Partial<Record<keyof TagVariables, string>> = {
  gitShortSha: "the folder has no Git commit",
  gitBranch: "the folder is not on a Git branch",
};

/** The values of the variables for a folder, an absolute path. */
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
 * Puts values in the place of `${folder}`, `${gitShortSha}`, `${gitBranch}` and `${date}`.
 *
 * @throws ImageBuilderError `imageNameInvalid` for a variable that is unknown or has no value here
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
