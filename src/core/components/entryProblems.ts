import { checkConnector } from "../connectors/connectorSource";
import type { ConnectorRecord } from "../clouds/connectorType";
import { parseSecretReference } from "../credentials/secretReference";
import { ImageBuilderError, messageOf } from "../base/errors";
import { isRecord } from "../base/isRecord";
import { configurationProblems } from "../config/checkConfiguration";
import { typeWords } from "../contracts/checkFlavor";
import type { FlavorRegistry } from "../flavors/flavorRegistry";
import type { ComponentType } from "../base/component";

/** Problem with an entry of a list in the settings. */
export interface EntryProblem {
  /** Path from the list on: the entry's index, then keys. */
  readonly path: readonly (string | number)[];
  /** A sentence, which never contains a secret's value. */
  readonly message: string;
  readonly severity: "error" | "warning";
  /** Whether the key itself is wrong, not its value. */
  readonly isKey?: boolean;
}

/** Maximum number of problems in one list, and of names in a message. */
const mostProblems = 100;
const mostNames = 50;

/** Checks of the values in an entry. */
const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";
const isTextMap = (value: unknown): boolean =>
  isRecord(value) && Object.values(value).every((each) => typeof each === "string");
const common = { name: isText, id: isText, labels: isTextMap, configuration: isRecord };
const componentKeys: Keys = {
  ...common,
  flavor: isText,
  created: isText,
  updated: isText,
  connector: isText,
  connectorResourceId: isText,
};
const connectorKeys: Keys = {
  ...common,
  type: isText,
  authMethod: isText,
  resourceId: isText,
  expiresAt: isText,
  expirySkewSeconds: (value) => typeof value === "number" && value >= 0,
};

type Keys = Readonly<Record<string, (value: unknown) => boolean>>;
type Entry = Readonly<Record<string, unknown>>;

/** Returns the problems in a list of components, which the user may have edited by hand. */
export function componentEntryProblems(
  type: ComponentType,
  entries: readonly unknown[],
  flavors: FlavorRegistry,
  connectors: readonly string[],
): EntryProblem[] {
  return listProblems(entries, componentKeys, ["name", "flavor"], (entry) => [
    ...flavorProblems(type, entry, flavors),
    ...connectorProblems(entry, connectors),
  ]);
}

/** Returns the problems in a list of connectors, which the user may have edited by hand. */
export function connectorEntryProblems(entries: readonly unknown[]): EntryProblem[] {
  return listProblems(entries, connectorKeys, ["name", "type", "authMethod"], (entry) => {
    try {
      checkConnector({ configuration: {}, ...entry } as unknown as ConnectorRecord);
      return [];
    } catch (error) {
      if (!ImageBuilderError.is(error)) throw error;
      return [{ path: ["configuration"], message: error.message, severity: "error" }];
    }
  });
}

function listProblems(
  entries: readonly unknown[],
  keys: Keys,
  needed: readonly string[],
  ownProblems: (entry: Entry) => EntryProblem[],
): EntryProblem[] {
  const names = new Set<unknown>();
  const found: EntryProblem[] = [];
  for (const [i, entry] of entries.entries()) {
    if (found.length >= mostProblems) break;
    const problems = isRecord(entry)
      ? shapeProblems(entry, keys, needed)
      : [wrong([], `An entry must be an object with ${needed.join(" and ")}.`)];
    if (isRecord(entry) && problems.every(({ isKey }) => isKey)) problems.push(...ownProblems(entry));
    if (isRecord(entry) && isText(entry["name"])) {
      if (names.has(entry["name"]))
        problems.push({
          path: ["name"],
          message:
            `The name "${String(entry["name"])}" is already used above, so this entry is ignored. ` +
            "Choose another name.",
          severity: "warning",
        });
      names.add(entry["name"]);
    }
    found.push(...problems.map((problem) => ({ ...problem, path: [i, ...problem.path] })));
  }
  return found.slice(0, mostProblems);
}

function shapeProblems(entry: Entry, keys: Keys, needed: readonly string[]): EntryProblem[] {
  const missing = needed.filter((key) => !(key in entry)).map((key) => wrong([], `"${key}" is missing.`));
  const unknown = Object.keys(entry)
    .filter((key) => !Object.hasOwn(keys, key))
    .slice(0, mostProblems)
    .map((key) => ({
      ...wrong([key], `Unknown key "${key}". Valid keys: ${Object.keys(keys).join(", ")}.`),
      isKey: true,
    }));
  const mistyped = Object.entries(keys)
    .filter(([key, fits]) => key in entry && !fits(entry[key]))
    .map(([key]) => wrong([key], `"${key}" has a value of the wrong type.`));
  return [...missing, ...unknown, ...mistyped];
}

function flavorProblems(type: ComponentType, entry: Entry, flavors: FlavorRegistry): EntryProblem[] {
  const name = String(entry["flavor"]);
  const flavor = flavors.list(type).find((each) => each.name === name);
  if (!flavor) {
    const known = flavors
      .list(type)
      .map((each) => each.name)
      .join(", ");
    return [
      {
        path: ["flavor"],
        message:
          `There is no ${typeWords[type]} flavor named "${name}" (available: ${known}). ` +
          "Correct the name, or install or enable the extension that provides it.",
        severity: "error",
      },
    ];
  }
  const reference: EntryProblem[] = parseSecretReference(entry["name"])
    ? [{ path: ["name"], message: "A secret reference can't be used as a name.", severity: "error" }]
    : [];
  const configuration = isRecord(entry["configuration"]) ? entry["configuration"] : {};
  try {
    const { problems, plainSecrets } = configurationProblems(flavor, { configuration });
    return [
      ...reference,
      ...problems.map(({ path, message, isUnknownField = false }): EntryProblem => ({
        path: ["configuration", ...path.map((part) => (typeof part === "number" ? part : String(part)))],
        message: sentence(message),
        severity: "error",
        isKey: isUnknownField,
      })),
      ...plainSecrets.map((field): EntryProblem => ({
        path: ["configuration", field],
        message: "This secret is in plain text. Store it as a secret and use {{name.key}}.",
        severity: "warning",
      })),
    ];
  } catch (error) {
    // The schema of a contributed flavor runs here.
    return [
      {
        path: ["configuration"],
        message: `The flavor "${name}" can't check this configuration: ${messageOf(error)}`,
        severity: "error",
      },
    ];
  }
}

function connectorProblems(entry: Entry, connectors: readonly string[]): EntryProblem[] {
  const name = entry["connector"];
  if (typeof name !== "string" || connectors.includes(name)) return [];
  const known =
    connectors
      .slice(0, mostNames)
      .map((each) => `"${each}"`)
      .join(", ") || "none";
  return [
    { path: ["connector"], message: `There is no connector named "${name}" (available: ${known}).`, severity: "error" },
  ];
}

function wrong(path: readonly string[], message: string): EntryProblem {
  return { path, message, severity: "error" };
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
