import type { ComponentType, Component } from "../components/component";
import { ImageBuilderError } from "../errors";
import type { Flavor, ImplementationByType, ImplementationServices } from "./flavor";
import type { FlavorRegistry } from "./flavorRegistry";

/**
 * The component's configuration, checked by its flavor's schema and frozen.
 *
 * @throws ImageBuilderError `configurationInvalid`, naming the component and every wrong field
 */
export function checkConfiguration<Config extends object>(flavor: Flavor<ComponentType, Config>, component: Component): Readonly<Config> {
  const checked = flavor.configSchema.safeParse(component.configuration);
  if (checked.success) return Object.freeze(checked.data);
  const problems = checked.error.issues.map((issue) => (issue.path.length > 0 ? `${issue.path.join(".")}: ${issue.message}` : issue.message));
  throw new ImageBuilderError(
    "configurationInvalid",
    `The configuration of "${component.name}" (flavor ${flavor.name}) is not valid: ${problems.join("; ")}. Mend it in the settings.`,
    { cause: checked.error },
  );
}

/**
 * Makes the thing that does a component's work.
 *
 * @throws ImageBuilderError `flavorUnknown` or `configurationInvalid`
 */
export async function createComponent<Type extends ComponentType>(
  type: Type,
  component: Component,
  flavors: FlavorRegistry,
  services: ImplementationServices,
): Promise<ImplementationByType[Type]> {
  const flavor = flavors.get(type, component.flavor);
  return flavor.load(component, checkConfiguration(flavor, component), services);
}
