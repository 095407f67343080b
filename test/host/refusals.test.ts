import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { BuildOutcome } from "../../src/api/api";
import { uniqueName } from "../support/engine";
import { removeTemporaryFolders, temporaryFolder } from "../support/folder";
import { RefusingRegistry, registryError, type AskedFor, type RegistryAnswer } from "../support/refusingRegistry";
import { until } from "../support/until";
import { call, extension, set } from "./extension";

type Shown = (
  message: string,
  options?: vscode.MessageOptions,
  ...items: (string | vscode.MessageItem)[]
) => Thenable<unknown>;

interface Message {
  readonly text: string;
  readonly buttons: readonly string[];
}

interface Case {
  readonly truth: string;
  readonly auth: RefusingRegistry["auth"];
  readonly refused: readonly AskedFor[];
  readonly answer?: RegistryAnswer;
  readonly words: RegExp;
  readonly buttons: readonly string[];
}

const ofLogin = ["Sign In...", "Check Credentials"];
const pushes: readonly Case[] = [
  {
    truth: "wants a login",
    auth: "basic",
    refused: [],
    words: /requires credentials to push to "team\/app", but none were found/,
    buttons: ofLogin,
  },
  {
    truth: "lets nobody push",
    auth: "none",
    refused: ["upload", "putManifest"],
    // The usual words, "requested access to the resource is denied", are a passing fault to the daemon, which tries
    // again for 50 s.
    answer: registryError(403, "DENIED", "access to the resource is denied"),
    words: /doesn't allow anonymous users to push/,
    buttons: ofLogin,
  },
  {
    truth: "is full",
    auth: "none",
    refused: ["upload", "putManifest"],
    answer: registryError(403, "DENIED", "Quota has been exceeded on namespace"),
    words: /its storage or a quota is used up/,
    buttons: [],
  },
  {
    truth: "is read-only",
    auth: "none",
    refused: ["upload", "putManifest"],
    answer: registryError(405, "DENIED", "System is currently read-only.", { is_readonly: true }),
    words: /is read-only at the moment/,
    buttons: [],
  },
  {
    truth: "keeps its tags as they are",
    auth: "none",
    refused: ["putManifest"],
    answer: registryError(412, "PRECONDITION", "Failed to process request due to 'app:1' configured as immutable."),
    words: /immutable or locked/,
    buttons: [],
  },
];

describe("a refusal is shown to a person with what helps, where a registry", function () {
  this.timeout(120_000);
  const window = vscode.window as { showErrorMessage: Shown };
  const { showErrorMessage } = window;
  const configured = process.env["DOCKER_CONFIG"];
  let registry: RefusingRegistry;
  let messages: Message[];
  /** The title of the button that is pressed. */
  let pressed: string | undefined;

  before(async () => {
    await extension().activate();
    registry = await RefusingRegistry.start();
    process.env["DOCKER_CONFIG"] = temporaryFolder({ "config.json": "{}" });
    // VS Code shows no message to the tests of an extension, and nobody could press a button.
    window.showErrorMessage = async (text, options, ...items) => {
      const all = [...(typeof options === "string" ? [options] : []), ...items];
      const titles = all.map((item) => (typeof item === "string" ? item : item.title));
      messages.push({ text, buttons: titles });
      return all.find((_item, at) => titles[at] === pressed);
    };
  });
  beforeEach(async () => {
    [messages, pressed] = [[], undefined];
    await set("registries", [{ name: "mine", flavor: "default", configuration: { uri: registry.address } }]);
  });
  after(async () => {
    window.showErrorMessage = showErrorMessage;
    if (configured === undefined) delete process.env["DOCKER_CONFIG"];
    else process.env["DOCKER_CONFIG"] = configured;
    await set("registries", undefined);
    await registry.stop();
    removeTemporaryFolders();
  });

  /** Fails once for a program, which gets the failure, and again for a person, who is shown it. */
  async function shown(fail: () => Promise<unknown>): Promise<Message> {
    await assert.rejects(fail());
    assert.deepEqual(messages, []);
    await vscode.commands.executeCommand<BuildOutcome | undefined>("imageBuilders.rebuildImage");
    await until(async () => messages.length > 0, "the failure is shown");
    const [message, ...others] = messages;
    assert.ok(message);
    assert.deepEqual(others, []);
    return message;
  }

  const pushImage = (): Promise<unknown> =>
    call("buildAndPushImage", {
      folder: temporaryFolder({ Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" }),
      imageName: "team/app:1",
      registry: "mine",
    });

  for (const { truth, auth, refused, answer, words, buttons } of pushes) {
    const all = [...buttons, "Push Again", "Show Log"];
    it(`${truth} for a push: ${all.join(", ")}`, async () => {
      registry.auth = auth;
      registry.refuse = ({ kind }) => (refused.includes(kind) ? answer : undefined);
      const message = await shown(pushImage);
      assert.match(message.text, words);
      assert.deepEqual(message.buttons, all);
    });
  }

  const buildOn = (): Promise<unknown> =>
    call("buildImage", {
      folder: temporaryFolder({ Dockerfile: `FROM ${registry.address}/team/base:1\n` }),
      imageName: uniqueName(),
    });

  it("wants a login for a base image, and is in the settings", async () => {
    registry.auth = "basic";
    registry.refuse = () => undefined;
    const message = await shown(buildOn);
    assert.match(message.text, /requires credentials to read "team\/base:1"/);
    assert.deepEqual(message.buttons, ["Open Dockerfile", ...ofLogin, "Show Log"]);
  });

  it("wants a login for a base image, and is nowhere in the settings", async () => {
    await set("registries", undefined);
    registry.auth = "basic";
    registry.refuse = () => undefined;
    const message = await shown(buildOn);
    assert.match(message.text, /requires credentials to read "team\/base:1"/);
    assert.deepEqual(message.buttons, ["Open Dockerfile", "Add Registry...", "Show Log"]);
  });

  it("wants a login, which the button checks at once", async () => {
    registry.auth = "basic";
    registry.refuse = () => undefined;
    pressed = "Check Credentials";
    await shown(pushImage);
    await until(async () => messages.length > 1, "the credentials were checked");
    assert.match(messages[1]?.text ?? "", /^"mine": .* requires credentials to sign in, but none were found/);
    assert.deepEqual(messages[1]?.buttons, ["Sign In...", "Try Again", "Show Log"]);
    pressed = undefined;
  });
});
