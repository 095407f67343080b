import type { ComponentType } from "../base/component";
import { ImageBuilderError, messageOf } from "../base/errors";
import { checkFlavor } from "../contracts/checkFlavor";
import type { Flavor } from "../contracts/flavor";
import { flavorToolkit, type FlavorToolkit } from "./flavorToolkit";

/**
 * A flavor as somebody else gives it: what it is called may be left to its name, and its type to how it is registered.
 */
export type GivenFlavor<Type extends ComponentType = ComponentType, Config extends object = object> = Omit<
  Flavor<Type, Config>,
  "type" | "displayName" | "description"
> &
  Partial<Pick<Flavor<Type, Config>, "type" | "displayName" | "description">>;

/** Makes a flavor of our toolkit, so that nothing of ours need be imported at run time. */
export type FlavorMaker<Type extends ComponentType = ComponentType, Config extends object = object> = (
  toolkit: FlavorToolkit,
) => GivenFlavor<Type, Config> | Promise<GivenFlavor<Type, Config>>;

/**
 * The flavor that is given, by itself or by a function that makes it.
 *
 * @param origin what it comes from, for messages: `an extension`
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

/** What a function makes of our toolkit; anything else as it is. */
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

/** Reads and calls the flavor itself, since it may be an instance of a class. */
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
