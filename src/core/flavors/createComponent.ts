import type { ComponentType, Component } from "../components/component";
import { resolveSecretReferences, secretReferencesIn } from "../credentials/secretReference";
import { ImageBuilderError, messageOf } from "../errors";
import { checkConfiguration } from "./checkConfiguration";
import { contractMethods } from "./checkFlavor";
import type { Flavor, ImplementationByType, ImplementationServices } from "./flavor";
import type { FlavorRegistry } from "./flavorRegistry";

/**
 * Makes the thing that does a component's work; references to secrets are resolved now.
 *
 * @throws ImageBuilderError `flavorUnknown`, `configurationInvalid`, `secretUnavailable` or `implementationUnavailable`
 */
export async function createComponent<Type extends ComponentType>(
  type: Type,
  component: Component,
  flavors: FlavorRegistry,
  services: ImplementationServices,
): Promise<ImplementationByType[Type]> {
  const flavor = flavors.get(type, component.flavor);
  const config = await usableConfiguration(flavor, component, services);
  try {
    const made = await flavor.load(component, config, await withConnector(component, flavor, services));
    if (keepsContract(made, type)) return made;
    const remedy = `its "load" must make ${type === "image_builder" ? "an image builder" : "a container registry"}`;
    throw new ImageBuilderError("implementationUnavailable", `The implementation of the flavor "${flavor.name}", which "${component.name}" needs, has no method "${contractMethods[type]}": ${remedy}.`);
  } catch (error) {
    if (ImageBuilderError.is(error)) throw error;
    const hint = flavor.installHint ?? "Install what it needs, or see whether the extension that brings it is enabled.";
    throw new ImageBuilderError(
      "implementationUnavailable",
      `The implementation of the flavor "${flavor.name}", which "${component.name}" needs, cannot be loaded (${messageOf(error)}). ${hint}`,
      { cause: error },
    );
  }
}

/** Only a component with a connector loads what knows of connectors. */
async function withConnector(component: Component, flavor: Flavor, services: ImplementationServices): Promise<ImplementationServices> {
  if (component.connector === undefined) return services;
  const { ConnectorLink } = await import("../connectors/connectorLink");
  return { ...services, connector: new ConnectorLink(component, flavor, services.connectors) };
}

async function usableConfiguration<Config extends object>(flavor: Flavor<ComponentType, Config>, component: Component, { secrets }: ImplementationServices): Promise<Readonly<Config>> {
  const config = checkConfiguration(flavor, component);
  if (secretReferencesIn(component.configuration).length === 0) return config;
  const configuration = await resolveSecretReferences(component.configuration, secrets, `"${component.name}"`);
  return checkConfiguration(flavor, { name: component.name, configuration, resolved: true });
}

/** Somebody else's flavor may have made anything. */
function keepsContract(made: unknown, type: ComponentType): boolean {
  return typeof made === "object" && made !== null && typeof (made as Readonly<Record<string, unknown>>)[contractMethods[type]] === "function";
}
