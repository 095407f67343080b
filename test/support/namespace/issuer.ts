import { randomBytes } from "node:crypto";
import type { Issued } from "../clouds";
import type { Accounts } from "../tokenServer";

/** Who may do all, by name and password. */
export const logins = {
  hub: { username: "team", password: "dckr_pat_hub-s3cr3t" },
  github: { username: "octo", password: "ghp_github-s3cr3t" },
  azure: { username: "client", password: "az-s3cr3t" },
} as const;

const everything = ["pull", "push", "delete", "*"];

/** What the clouds' stand-ins hand out, of which the registries' token services take what still lives. */
export class Issuer {
  /** How long what is handed out from now on lives, instead of the clouds' usual hours. */
  lifetimeSeconds: number | undefined;
  /** Google's tokens, and until when they serve, in milliseconds since 1970. */
  readonly google = new Map<string, number>();

  /** Each token of Google's is another, so that an old one can be told from a new one. */
  issue(name: string, usualSeconds: number): Issued {
    const seconds = this.lifetimeSeconds ?? usualSeconds;
    const token = `${name}-${randomBytes(8).toString("hex")}`;
    if (name.startsWith("ya29.")) this.google.set(token, Date.now() + seconds * 1000);
    return { token, seconds };
  }

  readonly accounts: Accounts = (username, password, service) => {
    const isKnown = Object.values(logins).some((login) => login.username === username && login.password === password);
    const isGoogles =
      /(?:pkg\.dev|gcr\.io)$/.test(service) &&
      username === "oauth2accesstoken" &&
      (this.google.get(password) ?? 0) > Date.now();
    const isAzures =
      /\.azurecr\.(?:io|us)$/.test(service) &&
      username === "00000000-0000-0000-0000-000000000000" &&
      isLiving(password, "acr-refresh");
    return isKnown || isGoogles || isAzures ? everything : undefined;
  };
}

/** Whether a token of Azure's form has that name and has not ended. */
function isLiving(token: string, name: string): boolean {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
      readonly name?: string;
      readonly exp?: number;
    };
    return claims.name === name && (claims.exp ?? 0) * 1000 > Date.now();
  } catch {
    return false;
  }
}
