import { parse, TomlError } from "smol-toml";
import { definitionInvalid } from "../definition/check";
import type { Confinement } from "./confinement";
import { once } from "./readOnce";
import { readNamed } from "./requirePath";

/**
 * Reads a TOML file that a layer needs.
 *
 * @throws ImageBuilderError like `readNamed`; `imageInvalid` if it is not TOML
 */
export function readToml(where: string, file: string, within: Confinement): Readonly<Record<string, unknown>> {
  return once("readToml", [where, file, within], () => parsed(where, file, within));
}

function parsed(where: string, file: string, within: Confinement): Readonly<Record<string, unknown>> {
  const text = readNamed(where, file, within);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw definitionInvalid(where, `"${file}" is not valid TOML (line ${error.line}). Correct it.`, error);
  }
}

/** Whether a TOML value is a table. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Returns a nested table; empty if there is none. */
export function tableIn(table: unknown, ...keys: readonly string[]): Readonly<Record<string, unknown>> {
  const found = keys.reduce((inner: unknown, key) => (isTable(inner) ? inner[key] : undefined), table);
  return isTable(found) ? found : {};
}

/** Returns the strings of an array, without its other values. */
export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
