/** Kind of project that a Dockerfile is proposed for. */
type DockerfileKind =
  "uv" | "poetry" | "pip" | "pyproject" | "node" | "go" | "rust" | "maven" | "gradle" | "dotnet" | "staticSite" | "any";

/** Dockerfile that fits a folder. */
export interface DockerfileDraft {
  readonly kind: DockerfileKind;
  /** File in the folder that the proposal is based on; undefined for one that fits any folder. */
  readonly source?: string;
  /** Text of the Dockerfile. */
  readonly text: string;
  /** Patterns of the ignore file, in addition to those for every project. */
  readonly ignored: readonly string[];
}

/** Numeric user and group of the created user: Kubernetes can check only numbers for `runAsNonRoot`. */
const userId = 10001;

/** Instruction that creates the user `app`, in images based on Debian. */
export const createUser = `RUN useradd --uid ${userId} --create-home app`;

/** Instruction that switches to the created user. */
export const switchUser = `USER ${userId}:${userId}`;

/** Renders instructions, and an empty line for each empty text. */
export function dockerfileOf(lines: readonly (string | false | undefined)[]): string {
  return `${lines.filter((line) => typeof line === "string").join("\n")}\n`;
}

/** Renders a command in exec form, in which no shell and no variable changes a word. */
export function execForm(...words: readonly string[]): string {
  return JSON.stringify(words).replaceAll('","', '", "');
}

/** Whether a name means itself in every instruction: no space, variable, wildcard, or flag. */
export function isPlainName(name: string): boolean {
  return /^\w[\w.+-]{0,100}$/.test(name);
}
