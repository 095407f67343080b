import { requesterOf } from "../consent/requests";
import type { ConnectorSource } from "../connectors/connectorSource";
import type { ServiceConnector } from "../connectors/serviceConnector";
import { ImageBuilderError, messageOf } from "../base/errors";
import type { Flavor } from "../contracts/flavor";
import type { ServiceConnectorRequirements } from "../contracts/connectorRequirements";
import { resourceIdOf } from "../contracts/resourceId";
import type { Component } from "../base/component";

/** Connector to link to a component. */
export interface ConnectRequest {
  readonly connector: string;
  /** Registry of the connector; the component's own configuration takes precedence. */
  readonly resourceId?: string;
  /** Whether to try to sign in first; default is true. */
  readonly verify?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Returns the component with a link to a connector, after verifying access unless `verify` is false.
 *
 * @throws ImageBuilderError `connectorInvalid` if the connector doesn't fit, and errors of signing in
 */
export async function connectedComponent(
  component: Component,
  flavor: Flavor,
  connectors: ConnectorSource,
  question: ConnectRequest,
): Promise<Component> {
  const requirements = requirementsOf(flavor, component);
  const connector = await connectors.get(question.connector);
  const problem = misfit(requirements, connector);
  if (problem)
    throw new ImageBuilderError(
      "connectorInvalid",
      `The connector "${connector.name}" is not compatible with "${component.name}": ${problem}.`,
    );

  const wanted = resourceIdOf(component, flavor) ?? question.resourceId;
  const resourceId = connector.resourceId(wanted);
  if (question.verify ?? true) await verify(component, connector, resourceId, question.signal);
  return { ...component, connector: connector.name, connectorResourceId: resourceId };
}

function requirementsOf(flavor: Flavor, { name }: Component): ServiceConnectorRequirements {
  if (flavor.serviceConnectorRequirements) return flavor.serviceConnectorRequirements;
  throw new ImageBuilderError(
    "connectorInvalid",
    `"${name}" has the flavor "${flavor.name}", which does not support connectors.`,
  );
}

function misfit(
  { connectorType, resourceType }: ServiceConnectorRequirements,
  { type }: ServiceConnector,
): string | undefined {
  if (connectorType !== undefined && type.name !== connectorType)
    return `its type is "${type.name}", but "${connectorType}" is required`;
  return type.resourceType === resourceType
    ? undefined
    : `it gives access to "${type.resourceType}", but "${resourceType}" is required`;
}

async function verify(
  component: Component,
  connector: ServiceConnector,
  resourceId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await connector.verify(resourceId, signal, requesterOf(component));
  } catch (error) {
    signal?.throwIfAborted();
    const code = ImageBuilderError.is(error) ? error.code : "connectorFailed";
    throw new ImageBuilderError(code, `Can't verify access to ${resourceId}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
