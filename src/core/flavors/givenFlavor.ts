import type { ComponentType } from "../base/component";
import { ImageBuilderError, messageOf } from "../base/errors";
import { checkFlavor } from "../contracts/checkFlavor";
import type { Flavor } from "../contracts/flavor";
import { flavorToolkit, type FlavorToolkit } from "./flavorToolkit";

/**
 * Flavor of another extension or a file: the display name defaults to its name, and the type to the type that it is
 * registered with.
 */
export type GivenFlavor<Type extends ComponentType = ComponentType, Config extends object = object> = Omit<
  Flavor<Type, Config>,
  "type" | "displayName" | "description"
> &
  Partial<Pick<Flavor<Type, Config>, "type" | "displayName" | "description">>;

/** Creates a flavor with our toolkit, so that no module of ours has to be imported at run time. */
export type FlavorMaker<Type extends ComponentType = ComponentType, Config extends object = object> = (
  toolkit: FlavorToolkit,
) => GivenFlavor<Type, Config> | Promise<GivenFlavor<Type, Config>>;

/**
 * Returns a given flavor, or the result of a given function, with defaults for missing fields.
 *
 * @param origin source of the flavor, for messages: `an extension`
 * @throws ImageBuilderError `flavorInvalid`
 */
export async function flavorOf<Type extends ComponentType>(
  given: unknown,
  origin: string,
  type: Type,
): Promise<Flavor<Type>> {
  const made = await madeFlavor(given, origin);
  const flavor = typeof made === "object" && made !== null ? withNames(made as Partial<Flavor>, origin, type) : made;
  checkFlavor(flavor, origin, type);
  return flavor as Flavor<Type>;
}

/**
 * Calls a given function with our toolkit; returns any other value unchanged. @throws ImageBuilderError `flavorInvalid`
 * if the function fails
 */
export async function madeFlavor(given: unknown, origin: string): Promise<unknown> {
  if (typeof given !== "function") return given;
  try {
    return await (given as (toolkit: FlavorToolkit) => unknown)(await flavorToolkit());
  } catch (error) {
    const remedy = "provide a flavor, or a function that takes { z, BuildContext, … } and returns one";
    throw new ImageBuilderError(
      "flavorInvalid",
      `${origin.charAt(0).toUpperCase()}${origin.slice(1)} doesn't create a flavor (${messageOf(error)}): ${remedy}.`,
      { cause: error },
    );
  }
}

/** Reads the fields one by one and binds `load`, since the flavor may be an instance of a class. */
function withNames(made: Partial<Flavor>, origin: string, type: ComponentType): Partial<Flavor> {
  const {
    name,
    displayName = name,
    description = `From ${origin}`,
    docsUrl,
    sdkDocsUrl,
    logoUrl,
    serviceConnectorRequirements,
    installHint,
    configSchema,
  } = made;
  const load = typeof made.load === "function" ? made.load.bind(made) : undefined;
  return {
    name,
    type: made.type ?? type,
    displayName,
    description,
    docsUrl,
    sdkDocsUrl,
    logoUrl,
    serviceConnectorRequirements,
    installHint,
    configSchema,
    load,
  };
}
