import type { ComponentType, Component } from "../base/component";
import { configurationRequests } from "./configurationRequests";
import { loginRequest, requesterOf } from "../consent/requests";
import type { CredentialSource } from "../credentials/credentialSource";
import { resolveSecretReferences, secretReferencesIn } from "../credentials/secretReference";
import { ImageBuilderError, messageOf } from "../base/errors";
import { checkConfiguration } from "../config/checkConfiguration";
import { contractMethods } from "../contracts/checkFlavor";
import type { Flavor, ImplementationByType } from "../contracts/flavor";
import type { ImplementationServices } from "../contracts/services";
import type { FlavorRegistry } from "./flavorRegistry";

/**
 * Instantiates a component; references to secrets are resolved now.
 *
 * @throws ImageBuilderError `flavorUnknown`, `configurationInvalid`, `secretUnavailable`, `sourceNotConfirmed` or
 * `implementationUnavailable`
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
    const made = await flavor.load(component, config, await servicesOf(component, flavor, services));
    if (keepsContract(made, type)) return made;
    const remedy = `its "load" must return ${type === "image_builder" ? "an image builder" : "a container registry"}`;
    throw new ImageBuilderError(
      "implementationUnavailable",
      `The implementation of the flavor "${flavor.name}", which "${component.name}" uses, has no method ` +
        `"${contractMethods[type]}": ${remedy}.`,
    );
  } catch (error) {
    if (ImageBuilderError.is(error)) throw error;
    const hint =
      flavor.installHint ?? "Install what it requires, or check that the extension that provides it is enabled.";
    throw new ImageBuilderError(
      "implementationUnavailable",
      `Can't load the implementation of the flavor "${flavor.name}", which "${component.name}" uses ` +
        `(${messageOf(error)}). ${hint}`,
      { cause: error },
    );
  }
}

/** Connector code is loaded only for a component with a connector. */
async function servicesOf(
  component: Component,
  flavor: Flavor,
  services: ImplementationServices,
): Promise<ImplementationServices> {
  const own = {
    ...services,
    requester: requesterOf(component),
    credentials: confirmedCredentials(component, services),
  };
  if (component.connector === undefined) return own;
  const { ConnectorLink } = await import("../contracts/connectorLink");
  return { ...own, connector: new ConnectorLink(component, flavor, services.connectors) };
}

/** Asks for consent to use a component's stored secret before it is looked up. */
function confirmedCredentials(
  component: Component,
  { credentials, consent }: ImplementationServices,
): CredentialSource {
  return {
    async find(host, question = {}) {
      const { secretName, signal } = question;
      if (secretName !== undefined) await consent?.confirm(loginRequest(component, secretName, host), signal);
      return credentials.find(host, question);
    },
  };
}

async function usableConfiguration<Config extends object>(
  flavor: Flavor<ComponentType, Config>,
  component: Component,
  { secrets, consent }: ImplementationServices,
): Promise<Readonly<Config>> {
  const config = checkConfiguration(flavor, component);
  for (const request of configurationRequests(component, flavor)) await consent?.confirm(request);
  if (secretReferencesIn(component.configuration).length === 0) return config;
  const configuration = await resolveSecretReferences(component.configuration, secrets, `"${component.name}"`);
  return checkConfiguration(flavor, { name: component.name, configuration, resolved: true });
}

/** A contributed flavor may return any value. */
function keepsContract(made: unknown, type: ComponentType): boolean {
  return (
    typeof made === "object" &&
    made !== null &&
    typeof (made as Readonly<Record<string, unknown>>)[contractMethods[type]] === "function"
  );
}
