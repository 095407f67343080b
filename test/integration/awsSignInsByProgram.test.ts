import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { writeProgram } from "../support/program";
import { until } from "../support/until";
import { fails, home, inHours, signIn } from "./awsSignInsSupport";

describe("AWS's provider chain of a program (credential_process)", function () {
  this.timeout(120_000);
  after(removeTemporaryFolders);

  const answer = (more: object = {}) => {
    const keys = { Version: 1, AccessKeyId: "ASIAPROGRAM", SecretAccessKey: "program-s3cr3t", ...more };
    return `process.stdout.write(${JSON.stringify(JSON.stringify(keys))});`;
  };

  function profile(code: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const folder = temporaryFolder();
    writeProgram(folder, "sign in", code);
    const command = `"${process.execPath}" "${join(folder, "sign in.js")}" --for "a b"`;
    return { ...home(`[profile robot]\ncredential_process = ${command}\n`), ...more };
  }

  it("takes what it writes, with the command line and the environment as they are", async () => {
    const Expiration = inHours(2);
    const given = `if (process.argv[3] !== "a b" || process.env.WHO !== "me") process.exit(4);`;
    const env = profile(given + answer({ SessionToken: "program-token", Expiration }), { WHO: "me" });
    assert.deepEqual(await signIn(env, "robot"), {
      accessKeyId: "ASIAPROGRAM",
      secretAccessKey: "program-s3cr3t",
      sessionToken: "program-token",
      expiresAtMs: Date.parse(Expiration),
    });
    assert.equal((await signIn({ ...env, AWS_PROFILE: "robot" })).accessKeyId, "ASIAPROGRAM");
  });

  const broken: readonly (readonly [what: string, code: string, message: RegExp])[] = [
    ["fails", `console.error("s3cr3t"); process.exit(3);`, /credential_process.* failed \(exit code 3\)\. Run it/],
    ["writes no JSON", `console.log("s3cr3t");`, /"robot" did not return valid credentials/],
    ["writes another version", answer({ Version: 7 }), /"robot" did not return valid credentials/],
    ["writes keys that have ended", answer({ Expiration: inHours(-1) }), /did not return valid credentials/],
    [
      "returned too much output",
      `(function more() { process.stdout.write("s3cr3t".repeat(10_000), more); })();`,
      /returned too much output/,
    ],
  ];
  for (const [what, code, message] of broken) {
    it(`says so when it ${what}`, async () => {
      await assert.rejects(signIn(profile(code), "robot"), fails(message));
    });
  }

  it("ends the program when nobody waits any more", async () => {
    const file = join(temporaryFolder(), "pid");
    const env = profile(
      `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000);`,
    );
    const stop = new AbortController();
    const asked = signIn(env, "robot", stop.signal);
    asked.catch(() => undefined);
    await until(() => existsSync(file) && readFileSync(file, "utf8") !== "", "the program has started");
    stop.abort(new Error("enough"));
    await assert.rejects(asked, /enough/);
    const pid = Number(readFileSync(file, "utf8"));
    await until(() => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    }, "the program has ended");
  });
});
