import assert from "node:assert/strict";
import {
  componentEntryProblems,
  connectorEntryProblems,
  type EntryProblem,
} from "../../../src/core/components/entryProblems";
import { listAt, parseSettings, placeEntryProblems } from "../../../src/core/components/settingsText";
import { checkConfiguration } from "../../../src/core/config/checkConfiguration";
import { FlavorRegistry } from "../../../src/core/flavors/flavorRegistry";
import { overBudget } from "../../support/workTime";

const flavors = new FlavorRegistry();
const registries = (entries: readonly unknown[]): EntryProblem[] =>
  componentEntryProblems("container_registry", entries, flavors, ["hub"]);

/** Each problem as the text that is marked and what is said. */
function marked(settings: string, problemsOf = registries, path = ["list"]): string[] {
  const list = listAt(parseSettings(settings), path);
  assert.ok(list, "the list is found");
  return placeEntryProblems(list.node, problemsOf(list.entries)).map(
    ({ offset, length, message, severity }) =>
      `${severity === "error" ? "" : `${severity}: `}${settings.slice(offset, offset + length)} | ${message}`,
  );
}

describe("components in a settings file", () => {
  const cases: readonly (readonly [
    truth: string,
    list: string,
    expected: readonly (readonly [text: string, message: RegExp])[],
  ])[] = [
    [
      "that are right have no problem",
      '[{ "name": "a", "flavor": "github", "configuration": { "uri": "ghcr.io/team", }, ' +
        '"labels": { "x": "y" }, "connector": "hub" }, // note\n]',
      [],
    ],
    [
      "of an unknown flavor are marked at it",
      `[{ "name": "a", "flavor": "gitlab" }]`,
      [[`"gitlab"`, /no container registry flavor named "gitlab" \(available: default, /]],
    ],
    [
      "with an unknown field are marked at its key",
      `[{ "name": "a", "flavor": "default", "configuration": { "uri": "ghcr.io", "urj": 1 } }]`,
      [[`"urj"`, /^Unknown field "urj" \(valid fields: uri, /]],
    ],
    [
      "with an unknown key are marked at it",
      `[{ "name": "a", "flavor": "default", "lables": {}, "configuration": { "uri": "ghcr.io" } }]`,
      [[`"lables"`, /^Unknown key "lables"\. Valid keys: name, /]],
    ],
    [
      "with a value of the wrong type are marked at it",
      `[{ "name": "a", "flavor": "default", "configuration": { "uri": 5 } }]`,
      [["5", /^The registry address must be a string/]],
    ],
    [
      "with keys of the wrong type are marked at each",
      `[{ "name": 1, "flavor": "default", "labels": { "a": 1 }, "configuration": [] }]`,
      [
        ["1", /"name" has a value of the wrong type/],
        [`{ "a": 1 }`, /"labels" has/],
        ["[]", /"configuration" has/],
      ],
    ],
    [
      "with a value that the flavor refuses are marked at it",
      `[{ "name": "a", "flavor": "github", "configuration": { "uri": "docker.io" } }]`,
      [[`"docker.io"`, /ghcr\.io/]],
    ],
    [
      "without a field that is needed are marked where it should be",
      `[{ "name": "a", "flavor": "default", "configuration": {} }]`,
      [[`"configuration"`, /registry address is missing/]],
    ],
    [
      "without a configuration are marked at their name",
      `[{ "name": "a", "flavor": "default" }]`,
      [[`"a"`, /registry address is missing/]],
    ],
    [
      "without a name are marked whole",
      `[{ "flavor": "default" }]`,
      [[`{ "flavor": "default" }`, /"name" is missing/]],
    ],
    [
      "that are none are marked",
      `["a", null]`,
      [
        [`"a"`, /must be an object with name and flavor/],
        ["null", /must be an object/],
      ],
    ],
    [
      "of one name are marked from the second on",
      '[{ "name": "a", "flavor": "default", "configuration": { "uri": "x.io" } }, ' +
        '{ "name": "a", "flavor": "default", "configuration": { "uri": "y.io" } }]',
      [[`warning: "a"`, /The name "a" is already used above/]],
    ],
    [
      "with a connector that is not there are marked at it",
      `[{ "name": "a", "flavor": "default", "configuration": { "uri": "ghcr.io" }, "connector": "hup" }]`,
      [[`"hup"`, /no connector named "hup" \(available: "hub"\)/]],
    ],
    [
      "with a reference for a name are marked at it",
      `[{ "name": "{{a.b}}", "flavor": "default", "configuration": { "uri": "ghcr.io" } }]`,
      [[`"{{a.b}}"`, /can't be used as a name/]],
    ],
    [
      "in a text that is not finished are marked as far as it goes",
      `[{ "name": "a", "flavor": "nope"`,
      [[`"nope"`, /no container registry flavor/]],
    ],
  ];
  for (const [truth, list, expected] of cases) {
    it(truth, () => {
      const found = marked(`{ "list": ${list} }`);
      assert.equal(found.length, expected.length, found.join("\n"));
      for (const [i, [text, message]] of expected.entries()) {
        const [at = "", said = ""] = found[i]?.split(" | ") ?? [];
        assert.equal(at, text);
        assert.match(said, message);
      }
    });
  }

  it("are found in a workspace file, too", () => {
    const text = `{ "folders": [], "settings": { "list": [{ "name": "a", "flavor": "nope" }] } }`;
    assert.match(marked(text, registries, ["settings", "list"])[0] ?? "", /^"nope" \|/);
  });

  it("whose list is none are left to the settings' own schema", () => {
    for (const text of ["", "{", `{ "list": 5 }`, `{ "list": {} }`, "[]", "5"])
      assert.equal(listAt(parseSettings(text), ["list"]), undefined);
  });
});

describe("connectors in a settings file", () => {
  const connector = (more: string): string =>
    `{ "list": [{ "name": "c", "type": "docker", "authMethod": "password", ${more} }] }`;
  it("that are right have no problem", () =>
    assert.deepEqual(
      marked(connector(`"configuration": { "username": "me", "password": "{{c.password}}" }`), connectorEntryProblems),
      [],
    ));

  it("with a reference where it would be told as an address are marked", () => {
    const found = marked(
      connector(`"configuration": { "username": "me", "password": "{{c.password}}", "registry": "{{c.password}}" }`),
      connectorEntryProblems,
    );
    assert.match(found.join("\n"), /registry: a secret reference can't be used here/);
  });

  it("with a password in plain text are marked without telling it", () => {
    const [problem = ""] = marked(
      connector(`"configuration": { "username": "me", "password": "s3cr3t" }`),
      connectorEntryProblems,
    );
    assert.match(problem.split(" | ")[1] ?? "", /password: a plain-text secret is not allowed in settings/);
    assert.doesNotMatch(problem.split(" | ")[1] ?? "", /s3cr3t/);
  });

  for (const [what, text, message] of [
    [
      "type",
      `{ "list": [{ "name": "c", "type": "oracle", "authMethod": "password" }] }`,
      /the unknown type "oracle"\. Use one of: docker/,
    ],
    [
      "method",
      `{ "list": [{ "name": "c", "type": "docker", "authMethod": "token" }] }`,
      /unknown authentication method "token"\. The type docker supports: password/,
    ],
    [
      "method that every object has",
      `{ "list": [{ "name": "c", "type": "docker", "authMethod": "constructor" }] }`,
      /unknown authentication method "constructor"\. The type docker supports: password/,
    ],
    [
      "end",
      connector(`"configuration": { "username": "me", "password": "{{c.password}}" }, "expiresAt": "tomorrow"`),
      /invalid expiration time "tomorrow"/,
    ],
  ] as const) {
    it(`of a ${what} that there is not are marked`, () =>
      assert.match(marked(text, connectorEntryProblems)[0] ?? "", message));
  }
});

describe("hostile settings", () => {
  const each = (say: (i: number) => string): string => Array.from({ length: 3000 }, (_, i) => say(i)).join(",");
  const names = Array.from({ length: 3000 }, (_, i) => `connector${i}`);

  for (const [what, list] of [
    ["entries that are nothing", "[" + "{},".repeat(30_000) + "]"],
    ["numbers for entries", "[" + "1,".repeat(50_000) + "]"],
    ["thousands of unknown keys", `[{${each((i) => `"key number ${i} of them": 1`)}}]`],
    [
      "thousands of unknown fields",
      `[{"name": "a", "flavor": "default", "configuration": {${each((i) => `"key number ${i}": 1`)}}}]`,
    ],
    [
      "thousands of unknown connectors",
      `[${each(
        (i) => `{"name": "a${i}", "flavor": "default", "configuration": {"uri": "a.io"}, "connector": "c${i}"}`,
      )}]`,
    ],
  ] as const) {
    it(`with ${what} are marked at some of them, in no time`, () => {
      const check = (): EntryProblem[] => {
        const found = listAt(parseSettings(`{ "list": ${list} }`), ["list"]);
        assert.ok(found);
        return placeEntryProblems(
          found.node,
          componentEntryProblems("container_registry", found.entries, flavors, names),
        );
      };
      const problems = check();
      assert.ok(problems.length > 0 && problems.length <= 100);
      assert.ok(problems.reduce((sum, { message }) => sum + message.length, 0) < 200_000);
      assert.equal(overBudget(check, 50), undefined);
    });
  }

  for (const deep of ["[".repeat(100_000), '{"a":'.repeat(20_000), `{"list": ${"[".repeat(200)}${"]".repeat(200)}}`])
    it(`as deep as ${deep.slice(0, 12)}… are not read`, () => assert.equal(parseSettings(deep), undefined));

  it("as brackets in texts and comments are read", () => {
    assert.ok(listAt(parseSettings(`{ // ${"[".repeat(500)}\n "a": "${"{".repeat(500)}", "list": [] }`), ["list"]));
  });

  it("with thousands of unknown fields are refused in a sentence that can be read", () => {
    const flavor = flavors.list("container_registry").find(({ name }) => name === "default");
    assert.ok(flavor);
    const configuration = Object.fromEntries(names.map((name) => [name, 1]));
    assert.throws(
      () => checkConfiguration(flavor, { name: "a", configuration }),
      (error) => error instanceof Error && error.message.length < 20_000,
    );
  });
});
