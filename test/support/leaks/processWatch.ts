import { readdirSync, readFileSync } from "node:fs";

const intervalMs = 5;
/** All processes of a machine are many more than those of one program. */
const everyoneIntervalMs = 25;

/** Looks again and again at the arguments of all processes, and at the environments of one with all that it starts. */
export class ProcessWatch {
  /** Command lines and environments, each once. */
  readonly seen = new Set<string>();
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(private readonly pid: number) {
    this.#timers = [
      setInterval(() => this.#lookAtOurs(), intervalMs),
      setInterval(() => this.#lookAtAll(), everyoneIntervalMs),
    ];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #lookAtOurs(): void {
    for (const pid of withDescendants(this.pid))
      for (const file of ["cmdline", "environ"] as const) this.#look(pid, file);
  }

  #lookAtAll(): void {
    for (const name of readdirSync("/proc")) if (/^\d+$/.test(name)) this.#look(Number(name), "cmdline");
  }

  #look(pid: number, file: "cmdline" | "environ"): void {
    const text = read(`/proc/${pid}/${file}`);
    if (text) this.seen.add(`${file} ${text.replaceAll("\0", " ")}`);
  }
}

/** Any of its threads may have started others. */
function withDescendants(pid: number): number[] {
  const children = readdirIfThere(`/proc/${pid}/task`).flatMap((thread) =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number),
  );
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
