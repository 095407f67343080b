import type { ComponentType } from "../base/component";
import { ImageBuilderError } from "../base/errors";
import { isRecord } from "../base/isRecord";
import { configJsonSchema } from "../config/configJsonSchema";
import type { Flavor } from "./flavor";

/** Names of the component types in messages. */
export const typeWords: Readonly<Record<ComponentType, string>> = {
  image_builder: "image builder",
  container_registry: "container registry",
};

/** Method by which an implementation of each type is recognized. */
export const contractMethods: Readonly<Record<ComponentType, string>> = {
  image_builder: "build",
  container_registry: "pushImage",
};

/**
 * Checks that an object of another extension or a file is a flavor.
 *
 * @param type expected type; any if undefined
 * @param origin source of the object, for messages: `"./flavors/mine.mjs"`
 * @throws ImageBuilderError `flavorInvalid`, with the reason
 */
export function checkFlavor(candidate: unknown, origin: string, type?: ComponentType): asserts candidate is Flavor {
  if (!isRecord(candidate))
    throw invalid(`${origin} is not a flavor: it must be an object with name, type, configSchema and load.`);
  const { name, type: itsType, configSchema, load } = candidate;
  if (typeof name !== "string" || name === "") throw invalid(`The flavor of ${origin} has no name. Add one.`);
  const flavor = `The flavor "${name}" of ${origin}`;
  if (typeof itsType !== "string" || !Object.hasOwn(typeWords, itsType))
    throw invalid(
      `${flavor} has the unknown type ${JSON.stringify(itsType)}. It must be "image_builder" or "container_registry".`,
    );
  if (type !== undefined && itsType !== type)
    throw invalid(`${flavor} has the type "${itsType}", but "${type}" is expected. Register it with its own type.`);
  if (typeof load !== "function")
    throw invalid(`${flavor} has no implementation. Add "load", a function that creates one.`);
  if (!isZodSchema(configSchema))
    throw invalid(
      `The configuration of the flavor "${name}" of ${origin} is not a schema. ` +
        'Create "configSchema" with zod, such as z.strictObject({}).',
    );
  configJsonSchema({ name, configSchema });
}

function isZodSchema(value: unknown): value is Flavor["configSchema"] {
  return isRecord(value) && "_zod" in value && typeof value["safeParse"] === "function";
}

function invalid(message: string): ImageBuilderError {
  return new ImageBuilderError("flavorInvalid", message);
}
