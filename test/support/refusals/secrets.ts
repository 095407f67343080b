import { inspect } from "node:util";
import { goodLogin } from "../refusingRegistry";

/** The logins of the rows. */
export const logins = {
  right: goodLogin,
  wrong: { username: "robot", password: "wr0ng-s3cr3t" },
  none: undefined,
} as const;

const searched = [logins.right, logins.wrong].flatMap(({ username, password }) => [
  password,
  Buffer.from(`${username}:${password}`).toString("base64"),
  Buffer.from(JSON.stringify({ username, password })).toString("base64url"),
]);

/** The secrets that are anywhere in what was told: errors with their causes and fields, logs, and progress. */
export function secretsIn(...told: readonly unknown[]): string[] {
  const text = told.map((each) => inspect(each, { depth: Infinity, showHidden: true, maxStringLength: Infinity }));
  return [...searched, "token-for-somebody"].filter((secret) => text.some((each) => each.includes(secret)));
}
