import { spawn } from "node:child_process";
import { bundleCli, cliFile } from "../../scripts/setup/cliBundle.mjs";

let bundled: Promise<void> | undefined;

/** How the program ended. */
export interface CliOutcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Where and how the program is run. */
export interface CliOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called once with the process, to signal it or to close its outputs. */
  readonly onStart?: (child: ReturnType<typeof spawn>) => void;
}

/** Runs the command line in a process of its own, bundled as it is by `npm run cli`. */
export async function runCli(args: readonly string[], { cwd, env, onStart }: CliOptions = {}): Promise<CliOutcome> {
  await (bundled ??= bundleCli());
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliFile, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ stdout, stderr, code }));
    onStart?.(child);
  });
}

/** Runs it and reads its output as JSON. */
export async function runCliJson<Result>(
  args: readonly string[],
  options?: CliOptions,
): Promise<CliOutcome & { readonly result: Result }> {
  const outcome = await runCli([...args, "--json"], options);
  try {
    return { ...outcome, result: JSON.parse(outcome.stdout) as Result };
  } catch (error) {
    throw new Error(`"${args.join(" ")}" printed no JSON: ${outcome.stdout}${outcome.stderr}`, { cause: error });
  }
}
