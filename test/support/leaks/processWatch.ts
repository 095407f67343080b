import { readdirSync, readFileSync } from "node:fs";

const intervalMs = 5;

/** Looks again and again at what a process and all that it starts show to everybody: their arguments, and their environment. */
export class ProcessWatch {
  /** Command lines and environments, each once. */
  readonly seen = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.#timer = setInterval(() => this.#look(), intervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const pid of withDescendants(this.pid)) {
      for (const file of ["cmdline", "environ"]) {
        const text = read(`/proc/${pid}/${file}`);
        if (text) this.seen.add(`${file} ${text.replaceAll("\0", " ")}`);
      }
    }
  }
}

/** Any of its threads may have started others. */
function withDescendants(pid: number): number[] {
  const children = readdirIfThere(`/proc/${pid}/task`).flatMap((thread) => (read(`/proc/${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number));
  return [pid, ...children.flatMap(withDescendants)];
}

function readdirIfThere(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Nothing of a process that has just ended. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return undefined;
  }
}
