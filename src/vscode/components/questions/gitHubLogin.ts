import * as vscode from "vscode";
import type { Login } from "./askLogin";

/** VS Code's sign-in for the registry of a GitHub server. */
export interface GitHubProvider {
  readonly id: "github" | "github-enterprise";
  readonly displayName: string;
}

/** Permissions to pull and push images, and no others. */
const scopes = ["read:packages", "write:packages"];

/**
 * Returns VS Code's sign-in for a registry; undefined if the registry isn't GitHub's. The token must not reach another
 * host, so only the user settings tell the address of a GitHub Enterprise server.
 *
 * @param host host and port of the registry
 */
export function gitHubProviderOf(host: string): GitHubProvider | undefined {
  if (host === "ghcr.io") return { id: "github", displayName: "GitHub" };
  const address = vscode.workspace.getConfiguration("github-enterprise").inspect("uri")?.globalValue;
  if (typeof address !== "string" || !URL.canParse(address)) return undefined;
  const server = new URL(address);
  return server.protocol === "https:" && host === `containers.${server.host}`
    ? { id: "github-enterprise", displayName: "GitHub Enterprise" }
    : undefined;
}

/**
 * Signs in with VS Code's session, which may ask the person.
 *
 * @throws Error if the person doesn't agree, or the sign-in fails
 */
export async function signInWithGitHub({ id }: GitHubProvider): Promise<Login> {
  const { account, accessToken } = await vscode.authentication.getSession(id, scopes, { createIfNone: true });
  return { username: account.label, password: accessToken };
}
