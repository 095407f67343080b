import { spawnSync } from "node:child_process";
import { root } from "../setup/paths.mjs";

// Asks the npm registry for known vulnerabilities of the bundled packages. If it doesn't answer, the check passes and
// reports that.

const args = ["audit", "--omit=dev", "--audit-level=high", "--json", "--fetch-retries=0", "--fetch-timeout=15000"];
const { stdout, error } = spawnSync("npm", args, {
  cwd: root,
  encoding: "utf8",
  timeout: 30_000,
  shell: process.platform === "win32",
});
const report = parse(stdout);

if (!report?.vulnerabilities) {
  const why = error?.message ?? report?.message ?? report?.error?.summary ?? "npm gave no report";
  console.log(
    `npm audit: the registry did not answer (${String(why).split("\n", 1)[0]}), so vulnerabilities were not checked`,
  );
} else {
  const severe = Object.values(report.vulnerabilities).filter(
    ({ severity }) => severity === "high" || severity === "critical",
  );
  for (const { name, severity, range } of severe)
    console.error(
      `npm audit: ${name} ${range} has a vulnerability of severity ${severity}. Run "npm audit" for details.`,
    );
  if (severe.length > 0) process.exitCode = 1;
  else console.log("npm audit: no known vulnerability of severity high or critical");
}

/**
 * @param {string} text
 * @returns {{ vulnerabilities?: Record<string, { name: string, severity: string, range: string }>, message?: string,
 * error?: { summary?: string } } | undefined}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
