import * as vscode from "vscode";
import { toolResult } from "../ui/toolResult";
import { buildLogTool } from "./buildLogTool";
import { buildTool } from "./buildTool";
import { explainTool } from "./explainTool";
import { lintTool } from "./lintTool";
import { reviewTool } from "./reviewTool";
import type { Tool, ToolServices } from "./tool";
import { readInput, refuseUntrustedTool } from "./toolInput";

/** Tools by their names in package.json, without the prefix. */
const tools: Readonly<Record<string, Tool>> = {
  buildImage: buildTool,
  buildLog: buildLogTool,
  explainFile: explainTool,
  lintIgnoreFile: lintTool,
  reviewContext: reviewTool,
};

/** Registers the tools for language models. Some products based on VS Code have no such tools. */
export function registerTools(services: ToolServices): vscode.Disposable {
  const api: Partial<Pick<typeof vscode.lm, "registerTool">> | undefined = vscode.lm;
  const { registerTool } = api ?? {};
  if (!registerTool) return vscode.Disposable.from();
  return vscode.Disposable.from(
    ...Object.entries(tools).map(([name, tool]) =>
      registerTool<unknown>(`imageBuilders_${name}`, {
        prepareInvocation: ({ input }) => {
          refuseUntrustedTool();
          return tool.prepare(readInput(input, tool.properties));
        },
        invoke: ({ input }, token) => {
          refuseUntrustedTool();
          const read = readInput(input, tool.properties);
          return answer(token, (signal) => tool.run(services, read, signal));
        },
      }),
    ),
  );
}

/** Runs a tool with a signal instead of a token. @throws vscode.CancellationError if it was canceled */
async function answer(
  token: vscode.CancellationToken,
  run: (signal: AbortSignal) => Promise<string>,
): Promise<vscode.LanguageModelToolResult> {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  const cancelling = token.onCancellationRequested(() => controller.abort());
  try {
    return toolResult(await run(controller.signal));
  } catch (error) {
    throw controller.signal.aborted ? new vscode.CancellationError() : error;
  } finally {
    cancelling.dispose();
  }
}
