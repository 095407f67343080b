import { inspect } from "node:util";
import { Canaries } from "../leaks/canaries";
import { goodLogin } from "../refusingRegistry";

/** The logins of the rows. */
export const logins = {
  right: goodLogin,
  wrong: { username: "robot", password: "wr0ng-s3cr3t+/&%=?" },
  none: undefined,
} as const;

const canaries = new Canaries();
for (const name of ["right", "wrong"] as const) {
  canaries.add(`the ${name} password`, logins[name].password);
  canaries.add(`the ${name} login as the daemon is given it`, JSON.stringify(logins[name]));
}
canaries.add("a token", "token-for-somebody");

/** The secrets that are anywhere in what was told, in any form: errors with their causes and fields, logs, progress. */
export function secretsIn(...told: readonly unknown[]): string[] {
  const text = told.map((each) => inspect(each, { depth: Infinity, showHidden: true, maxStringLength: Infinity }));
  return canaries.in(text.join("\n"));
}
