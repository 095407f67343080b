import assert from "node:assert/strict";
import { storedOptions } from "../../../src/core/history/storedOptions";

describe("the options of a build that are stored", () => {
  it("have no values of arguments that are secret by their name or their form", () => {
    const token = `ghp_${"aB3".repeat(12)}`;
    const buildArgs = {
      VERSION: "1.2",
      NPM_TOKEN: "x",
      DB_PASSWORD: "x",
      api_key: "x",
      AUTH: "x",
      AUTHOR: "me",
      KEYBOARD: "de",
      PASSENGER: "1",
      CONFIG: token,
    };
    const { options, omittedArgs } = storedOptions({ target: "base", buildArgs });
    assert.deepEqual(omittedArgs, ["NPM_TOKEN", "DB_PASSWORD", "api_key", "AUTH", "CONFIG"]);
    assert.deepEqual(options, {
      target: "base",
      buildArgs: { VERSION: "1.2", AUTHOR: "me", KEYBOARD: "de", PASSENGER: "1" },
    });
    assert.ok(!JSON.stringify(options).includes(token));
  });

  it("are otherwise those of the build, with the sources of secrets", () => {
    const given = { secrets: { npm: { env: "NPM_TOKEN" } }, ssh: { default: "agent" }, noCache: true };
    assert.deepEqual(storedOptions(given), { options: given, omittedArgs: [] });
  });
});
