import type { ConnectorRecord } from "../../../core/connectors/connectorType";
import type { Flavor } from "../../../core/flavors/flavor";
import { connectorSettings } from "../../components/componentSettings";

/** The connectors of the settings that a flavor takes; all of them are for registries. */
export function fittingConnectors({ serviceConnectorRequirements: requirements }: Pick<Flavor, "serviceConnectorRequirements">): readonly ConnectorRecord[] {
  if (!requirements) return [];
  return connectorSettings().connectors.filter(({ type }) => requirements.connectorType === undefined || requirements.connectorType === type);
}
