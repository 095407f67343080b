import * as vscode from "vscode";
import type { ToolServices } from "./tool";

/** Names of the tools in package.json, without the prefix. */
const names = ["buildImage", "buildLog", "explainFile", "lintIgnoreFile", "reviewContext"] as const;

/** Registers the tools for language models. Some products based on VS Code have no such API. */
export function registerTools(services: ToolServices): vscode.Disposable {
  const api: Partial<Pick<typeof vscode.lm, "registerTool">> | undefined = vscode.lm;
  const { registerTool } = api ?? {};
  if (!registerTool) return vscode.Disposable.from();
  return vscode.Disposable.from(
    ...names.map((name) =>
      registerTool<unknown>(`imageBuilders_${name}`, {
        async prepareInvocation({ input }) {
          const { toolFor } = await import("./tools");
          const { tool, read } = toolFor(name, input);
          return tool.prepare(read);
        },
        async invoke({ input }, token) {
          const { toolFor, toolResult } = await import("./tools");
          const { tool, read } = toolFor(name, input);
          return answer(token, async (signal) => toolResult(await tool.run(services, read, signal)));
        },
      }),
    ),
  );
}

/** Runs a tool with a signal instead of a token. @throws vscode.CancellationError if it was canceled */
async function answer(
  token: vscode.CancellationToken,
  run: (signal: AbortSignal) => Promise<vscode.LanguageModelToolResult>,
): Promise<vscode.LanguageModelToolResult> {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const cancelling = token.onCancellationRequested(() => controller.abort());
  try {
    return await run(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? new vscode.CancellationError() : error;
  } finally {
    cancelling.dispose();
  }
}
