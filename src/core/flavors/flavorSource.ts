import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Component, ComponentType } from "../base/component";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { Log } from "../base/log";
import { foreignHost } from "../base/networkPath";
import { contractMethods } from "../contracts/checkFlavor";
import type { Flavor } from "../contracts/flavor";
import type { ImplementationServices } from "../contracts/services";
import { flavorOf, madeFlavor, type GivenFlavor } from "./givenFlavor";

/** Flavor that a file exports, directly or as a function of our toolkit; heavy parts can be separate sources. */
type SourceFlavor = Omit<GivenFlavor, "load" | "configSchema"> & {
  /** Schema, or its source relative to the flavor's file: `./config.mjs#schema`. */
  readonly configSchema: Flavor["configSchema"] | string;
  readonly load?: Flavor["load"];
  /**
   * Source of a class relative to the flavor's file, instead of `load`; its constructor gets the component, the
   * configuration, and the services.
   */
  readonly implementation?: string;
};

/** Source of a flavor. */
export interface FlavorSource {
  /**
   * Path of a JavaScript module, followed by `#name` if the flavor is not the default export:
   * `./flavors/mine.mjs#mine`.
   */
  readonly source: string;
  readonly type: ComponentType;
  /** Folder of relative paths; default is the process's folder, with a warning. */
  readonly root?: string;
  readonly log: Log;
  /** Time limit for the module and its function in milliseconds; default is 10 s. */
  readonly patienceMs?: number;
}

type Implementation = new (
  component: Component,
  config: object,
  services: ImplementationServices,
) => Awaited<ReturnType<Flavor["load"]>>;

/**
 * Loads a flavor from a module, and checks that all its parts are usable: its schema, its implementation, its type.
 *
 * @throws ImageBuilderError `flavorInvalid`, with the source and the reason
 */
export async function loadFlavorSource(place: FlavorSource): Promise<Flavor> {
  const { source, patienceMs = 10_000 } = place;
  const late = new AbortController();
  const giveUp = sleep(patienceMs, undefined, { signal: late.signal }).then(() => {
    throw new ImageBuilderError(
      "flavorInvalid",
      `The flavor of "${source}" was not ready within ${patienceMs / 1000} s. ` +
        "Check what its module or function waits for.",
    );
  });
  return Promise.race([load(place), giveUp]).finally(() => late.abort());
}

async function load({ source, type, root, log }: FlavorSource): Promise<Flavor> {
  if (root === undefined && !isAbsolute(pathOf(source)))
    log.warn(`No folder is open, so "${source}" is resolved relative to ${process.cwd()}.`);
  const file = resolve(root ?? process.cwd(), pathOf(source));
  const exported = await importSource(source, root ?? process.cwd(), "The flavor");
  const made = await madeFlavor(exported, `"${source}"`);
  return flavorOf(await resolveParts(made, type, resolve(file, "..")), `"${source}"`, type);
}

/** Loads the parts that are sources immediately, so that a flavor with missing parts is not registered. */
async function resolveParts(made: unknown, type: ComponentType, folder: string): Promise<unknown> {
  if (typeof made !== "object" || made === null) return made;
  const { configSchema, implementation, ...flavor } = made as SourceFlavor;
  if (typeof configSchema !== "string" && implementation === undefined) return made;
  const schema =
    typeof configSchema === "string"
      ? await importSource(configSchema, folder, `The configuration schema of the flavor "${flavor.name}"`)
      : configSchema;
  if (implementation === undefined) return { ...flavor, configSchema: schema };
  const what = `The implementation of the flavor "${flavor.name}"`;
  const Class = await importSource(implementation, folder, what);
  if (!isImplementation(Class, type)) {
    throw new ImageBuilderError(
      "flavorInvalid",
      `${what}, "${implementation}", is not a class with the method "${contractMethods[type]}". ` +
        "Export a class that has it.",
    );
  }
  return {
    ...flavor,
    configSchema: schema,
    load: async (...given: ConstructorParameters<Implementation>) => new Class(...given),
  };
}

function isImplementation(value: unknown, type: ComponentType): value is Implementation {
  return (
    typeof value === "function" &&
    typeof (value.prototype as Record<string, unknown> | undefined)?.[contractMethods[type]] === "function"
  );
}

async function importSource(source: string, folder: string, what: string): Promise<unknown> {
  const file = resolve(folder, pathOf(source));
  if (foreignHost(pathOf(source), folder) !== undefined)
    throw new ImageBuilderError(
      "flavorInvalid",
      `${what} can't be loaded from "${source}", which is on another computer. Copy the module to this computer.`,
    );
  const name = source.split("#")[1] ?? "default";
  let module: Readonly<Record<string, unknown>>;
  try {
    // With the modification time in the URL, Node loads a changed file again.
    module = (await import(`${pathToFileURL(file).href}?changed=${(await stat(file)).mtimeMs}`)) as Readonly<
      Record<string, unknown>
    >;
  } catch (error) {
    throw new ImageBuilderError(
      "flavorInvalid",
      `${what} can't be loaded from "${source}" in ${folder} (${messageOf(error)}). ` +
        "Specify a JavaScript module that loads without errors.",
      { cause: error },
    );
  }
  if (name in module) return module[name];
  const known = Object.keys(module).join(", ") || "nothing";
  throw new ImageBuilderError(
    "flavorInvalid",
    `${what} is not in "${source}". The module exports ${known}; name one of them after "#".`,
  );
}

function pathOf(source: string): string {
  return source.split("#")[0] ?? "";
}
