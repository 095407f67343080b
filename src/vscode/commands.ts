import * as vscode from "vscode";
import { showFailure } from "./builds/showFailure";
import type { Command } from "./commandTable";
import type { Services } from "./services";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/**
 * Registers all commands that package.json lists. What they do loads with the first call. Disposing the result
 * unregisters them.
 */
export function registerCommands(services: Services, { packageJSON }: vscode.Extension<unknown>): vscode.Disposable {
  const { contributes } = packageJSON as Manifest;
  const registrations = contributes.commands.map(({ command: id }) =>
    vscode.commands.registerCommand(id, (target?: unknown, selection?: unknown) => {
      const name = id.slice(id.indexOf(".") + 1);
      return services.trail.follow(name, () => call(services, name, target, selection));
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/**
 * Runs a command. Errors are shown to a person, but thrown to a program that passed all arguments. A canceled command
 * returns undefined.
 */
async function call(services: Services, name: string, target: unknown, selection: unknown): Promise<unknown> {
  const { commands } = await import("./commandTable");
  // A test compares the table with package.json.
  const { run, parseArguments } = commands[name] as Command;
  try {
    return await run(services, target, selection);
  } catch (error) {
    if (error instanceof vscode.CancellationError) return undefined;
    if (parseArguments(target)) throw error;
    services.log.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    void showFailure(services, error);
    return undefined;
  }
}
