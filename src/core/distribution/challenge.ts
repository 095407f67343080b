/** Registry's request for credentials. */
export type Challenge =
  | { readonly scheme: "basic" }
  | {
      readonly scheme: "bearer";
      readonly realm: string;
      readonly service?: string;
      readonly scope?: string;
      readonly error?: string;
    };

/**
 * Parses `WWW-Authenticate`; as in Docker, a bearer challenge takes precedence over a basic one. Returns undefined if
 * there is neither.
 */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const bearer = /(?:^|,)\s*Bearer\s+(.*)/is.exec(header ?? "")?.[1];
  if (bearer !== undefined) {
    const parameters = new Map(
      [...bearer.matchAll(/(?<![a-z_])([a-z_]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi)].map(
        ([, name = "", quoted, bare]) => [name.toLowerCase(), (quoted ?? bare ?? "").replace(/\\(.)/g, "$1")],
      ),
    );
    const [realm, service, scope, error] = ["realm", "service", "scope", "error"].map((name) => parameters.get(name));
    if (realm !== undefined && URL.canParse(realm)) return { scheme: "bearer", realm, service, scope, error };
  }
  return /(?:^|,)\s*Basic\b/i.test(header ?? "") ? { scheme: "basic" } : undefined;
}
