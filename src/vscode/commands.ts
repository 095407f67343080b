import * as vscode from "vscode";
import type { Command } from "./commandTable";
import type { Services } from "./services";
import { showInformationMessage } from "./ui/messages";

interface Listed {
  readonly command: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly Listed[];
    readonly menus: { readonly "view/title": readonly Listed[] };
  };
}

/**
 * Registers all commands that package.json lists. What they do loads with the first call. Disposing the result
 * unregisters them.
 */
export function registerCommands(services: Services, { packageJSON }: vscode.Extension<unknown>): vscode.Disposable {
  const { contributes } = packageJSON as Manifest;
  const inTitles = new Set(contributes.menus["view/title"].map(({ command }) => command));
  const registrations = contributes.commands.map(({ command: id }) =>
    vscode.commands.registerCommand(id, (...given: readonly unknown[]) => {
      const [target, selection] = given;
      // VS Code passes two arguments for a row. The first is undefined if the row was replaced while its menu was open,
      // and in titles if no row has the focus.
      if (given.length > 1 && target === undefined && !inTitles.has(id)) return tellRowChanged();
      const name = id.slice(id.indexOf(".") + 1);
      return services.trail.follow(name, () => call(services, name, target, selection));
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/** Without its row, a command would take another one, such as the last build. */
function tellRowChanged(): void {
  void showInformationMessage(vscode.l10n.t("This row has just changed. Run the command again."));
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
    const { showFailure } = await import("./builds/showFailure");
    // The command has ended, and must not wait for a person who reads why.
    void showFailure(services, error);
    return undefined;
  }
}
