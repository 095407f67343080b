import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { contextKeys } from "../../../src/vscode/platform/contextKeyNames";
import { allSettings, type SettingsGroup } from "../../support/settingsGroups";

interface Step {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

interface Manifest {
  readonly publisher: string;
  readonly name: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly configuration: readonly SettingsGroup<unknown>[];
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly title: string;
      readonly description: string;
      readonly featuredFor: readonly string[];
      readonly steps: readonly Step[];
    }[];
  };
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const { contributes } = manifest;
const nls = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
const commands = contributes.commands.map(({ command }) => command);
const views = Object.values(contributes.views)
  .flat()
  .map(({ id }) => id);
const ofVsCode = ["workbench.action.files.openFolder", "workbench.action.openWalkthrough"];

const textOf = (key: string): string => nls[key.slice(1, -1)] ?? "";
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\(command:([^?)]+)/g)].map(([, command = ""]) => command);

describe("the walkthrough", () => {
  const [walkthrough, ...others] = contributes.walkthroughs;
  const { id = "", steps = [], featuredFor = [], title = "", description = "" } = walkthrough ?? {};

  it("has five steps, and VS Code proposes it in folders with Dockerfiles", () => {
    assert.equal(others.length, 0);
    assert.equal(steps.length, 5);
    assert.equal(new Set(steps.map((step) => step.id)).size, 5);
    assert.ok(featuredFor.includes("**/Dockerfile"));
    for (const text of [title, description]) assert.notEqual(textOf(text), "");
  });

  it("shows shipped pictures in the colors of the theme, with a text for each", () => {
    const shipped = readFileSync(".vscodeignore", "utf8").split("\n");
    for (const { id: step, media } of steps) {
      assert.ok(shipped.includes(`!${dirname(media.svg)}/*.svg`), media.svg);
      assert.ok(textOf(media.altText).length > 30, step);
      const colors = [...readFileSync(media.svg, "utf8").matchAll(/ (?:fill|stroke)="([^"]+)"/g)];
      assert.ok(colors.length > 5, step);
      for (const [, color = ""] of colors) assert.match(color, /^(?:none|var\(--vscode-[a-zA-Z-]+, .+\))$/, step);
    }
  });

  it("has one button in each step, and links only to commands that exist", () => {
    for (const step of steps) {
      const text = textOf(step.description);
      const buttons = text.split("\n").filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line));
      assert.equal(buttons.length, 1, text);
      const known = [...commands, ...views.map((view) => `${view}.focus`), ...ofVsCode];
      for (const command of linksOf(text)) assert.ok(known.includes(command), command);
    }
  });

  it("checks off its steps by events that exist", () => {
    const settings = Object.keys(allSettings(contributes.configuration));
    const known: Readonly<Record<string, readonly string[]>> = {
      onCommand: commands,
      onContext: contextKeys.map((key) => `imageBuilders:${key}`),
      onSettingChanged: settings,
      onView: views,
    };
    for (const { id: step, completionEvents } of steps) {
      assert.ok(completionEvents.length > 0, step);
      for (const event of completionEvents) {
        const [, kind = "", name = ""] = /^(\w+):(.+)$/.exec(event) ?? [];
        assert.ok(known[kind]?.includes(name), event);
      }
    }
  });

  it("is opened by the links in empty views by its id", () => {
    const full = `${manifest.publisher}.${manifest.name}#${id}`;
    const opened = contributes.viewsWelcome.flatMap(({ contents }) => [
      ...textOf(contents).matchAll(/openWalkthrough\?([^)]+)\)/g),
    ]);
    assert.ok(opened.length > 0);
    for (const [, argument = ""] of opened) assert.equal(JSON.parse(decodeURIComponent(argument)), full);
  });
});

describe("keys of conditions in package.json", () => {
  it("are ones that the extension sets", () => {
    const named = new Set(
      [...readFileSync("package.json", "utf8").matchAll(/imageBuilders:(\w+)/g)].map(([, key = ""]) => key),
    );
    assert.deepEqual([...named].sort(), [...contextKeys].sort());
  });
});
