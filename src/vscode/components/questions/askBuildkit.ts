import * as vscode from "vscode";
import { back } from "../../ui/back";
import type { Step } from "../../ui/flow";
import { pick, type, type Choice } from "../../ui/quickInput";
import type { ConfigurationDraft } from "./askConfiguration";

/** Daemons of a new builder: a builder of buildx, one address, or what its form asks for. */
type Daemons = { readonly instance: string } | "address" | "form";

export interface BuildkitDraft extends ConfigurationDraft {
  /** Whether the daemons are chosen, so that the form of the flavor isn't needed. */
  readonly hasDaemons?: boolean;
}

/** Asks which BuildKit daemons a new builder uses. Certificates and several addresses are left to the form. */
export const askBuildkit =
  <Draft extends BuildkitDraft>(title: string): Step<Draft> =>
  async (draft, place) => {
    const { listBuildxInstances } = await import("../../../core/builders/buildxInstance");
    const choices = [
      ...(await listBuildxInstances()).map(({ name, addresses }): Choice<Daemons> => ({
        label: name,
        description: addresses.join(", "),
        detail: vscode.l10n.t("Builder that docker buildx create has set up"),
        iconPath: new vscode.ThemeIcon("server"),
        value: { instance: name },
      })),
      {
        label: vscode.l10n.t("Enter Address..."),
        detail: vscode.l10n.t("BuildKit daemon on this machine or elsewhere, also over SSH"),
        iconPath: new vscode.ThemeIcon("edit"),
        value: "address",
      } satisfies Choice<Daemons>,
      {
        label: vscode.l10n.t("Enter Several Daemons or Certificates..."),
        detail: vscode.l10n.t("As JSON, with the platforms of each"),
        iconPath: new vscode.ThemeIcon("json"),
        value: "form",
      } satisfies Choice<Daemons>,
    ];
    for (;;) {
      const daemons = await pick<Daemons>({
        ...place,
        title,
        placeholder: vscode.l10n.t("Select where the builder builds"),
        choices,
      });
      if (daemons === undefined || daemons === back) return daemons;
      if (daemons === "form") return { draft: { ...draft, configuration: {}, hasDaemons: false }, asked: true };
      if (daemons !== "address") return { draft: { ...draft, configuration: daemons, hasDaemons: true }, asked: true };
      const endpoint = await askAddress(title, place.last);
      if (endpoint === undefined) return undefined;
      if (endpoint !== back)
        return { draft: { ...draft, configuration: { nodes: [{ endpoint }] }, hasDaemons: true }, asked: true };
    }
  };

async function askAddress(title: string, last: ConfigurationDraft | undefined) {
  const { buildkitConfigSchema } = await import("../../../core/builders/buildkitConfig");
  const before = buildkitConfigSchema.safeParse(last?.configuration).data?.nodes?.[0]?.endpoint;
  const answer = await type({
    title,
    canGoBack: true,
    prompt: vscode.l10n.t("Address of the BuildKit daemon"),
    value: before,
    placeholder: "tcp://builder.example.com:1234, ssh://builder.example.com",
    check: (text) => {
      const endpoint = text.trim();
      const issue = buildkitConfigSchema.safeParse({ nodes: [{ endpoint }] }).error?.issues[0];
      return issue && { error: `${issue.message.charAt(0).toUpperCase()}${issue.message.slice(1)}.` };
    },
  });
  return answer === undefined || answer === back ? answer : answer.text.trim();
}
