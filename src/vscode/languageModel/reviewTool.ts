import { resolve } from "node:path";
import * as vscode from "vscode";
import { nameOf, placeOf, reasonOf } from "../context/guard/uploadTexts";
import { formatBytes } from "../../core/text/format";
import { buildSettings } from "../platform/settings";
import { formatFiles } from "../ui/amounts";
import { toolProgress } from "../ui/toolResult";
import type { Tool } from "./tool";
import { textOf, workspacePath } from "./toolInput";

/** Limit on the listed secrets; the count covers all. */
const mostSecrets = 50;

/** Reviews what a build would send: how much, the largest parts, and possible secrets, without their text. */
export const reviewTool: Tool = {
  properties: ["folder", "dockerfile"],

  prepare: () => toolProgress(vscode.l10n.t("Reviewing the build context")),

  async run(_services, input, signal) {
    const root = workspacePath(textOf(input, "folder"));
    const given = textOf(input, "dockerfile");
    const dockerfile = given === undefined ? undefined : workspacePath(resolve(root, given));
    const { reviewContext } = await import("../../core/jobs/reviewContext");
    const { alwaysInclude, builder: engine } = buildSettings(root);
    const builder = engine === "classic" ? "classic" : "buildkit";
    const report = await reviewContext({ root, dockerfile, alwaysInclude, builder }, signal);
    const { files, bytes, largest, secrets, unread } = report;
    return [
      vscode.l10n.t("A build sends {0} in {1}.", formatBytes(bytes), formatFiles(files)),
      ...(largest.length > 0 ? ["", vscode.l10n.t("Largest parts:")] : []),
      ...largest.map((part) => `- ${nameOf(part)}: ${formatBytes(part.bytes)}, ${formatFiles(part.files)}`),
      "",
      secrets.length === 0
        ? vscode.l10n.t("No possible secrets were found.")
        : vscode.l10n.t("Possible secrets ({0}); anyone with the image can read them:", secrets.length),
      ...secrets.slice(0, mostSecrets).map((secret) => `- ${placeOf(secret)} (${reasonOf(secret)})`),
      ...(secrets.length > mostSecrets ? [vscode.l10n.t("And {0} more.", secrets.length - mostSecrets)] : []),
      ...(unread > 0 ? [vscode.l10n.t("{0} were not searched for secrets.", formatFiles(unread))] : []),
    ].join("\n");
  },
};
