import { buildLogTool } from "./buildLogTool";
import { buildTool } from "./buildTool";
import { explainTool } from "./explainTool";
import { lintTool } from "./lintTool";
import { reviewTool } from "./reviewTool";
import type { Tool } from "./tool";
import { readInput, refuseUntrustedTool, type ToolInput } from "./toolInput";

export { toolResult } from "../ui/toolResult";

/** Name of a tool. */
type ToolName = "buildImage" | "buildLog" | "explainFile" | "lintIgnoreFile" | "reviewContext";

/** Tools by their names in package.json, without the prefix. */
const tools: Readonly<Record<ToolName, Tool>> = {
  buildImage: buildTool,
  buildLog: buildLogTool,
  explainFile: explainTool,
  lintIgnoreFile: lintTool,
  reviewContext: reviewTool,
};

/**
 * Returns a tool and its checked input.
 *
 * @throws ImageBuilderError `workspaceUntrusted`, `optionInvalid`
 */
export function toolFor(name: ToolName, input: unknown): { readonly tool: Tool; readonly read: ToolInput } {
  refuseUntrustedTool();
  const tool = tools[name];
  return { tool, read: readInput(input, tool.properties) };
}
