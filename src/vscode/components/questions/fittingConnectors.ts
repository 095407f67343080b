import type { ConnectorRecord } from "../../../core/clouds/connectorType";
import type { Flavor } from "../../../core/contracts/flavor";
import { connectorSettings } from "../../settings/componentSettings";

/** Returns the connectors in the settings that a flavor supports. All connectors are for registries. */
export function fittingConnectors({
  serviceConnectorRequirements: requirements,
}: Pick<Flavor, "serviceConnectorRequirements">): readonly ConnectorRecord[] {
  if (!requirements) return [];
  return connectorSettings().connectors.filter(
    ({ type }) => requirements.connectorType === undefined || requirements.connectorType === type,
  );
}
