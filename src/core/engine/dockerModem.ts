import Modem from "docker-modem";
import { agentSocket, type EngineAgent } from "./transport";

/**
 * What dockerode sends its requests with, made to use the agent and nothing else: `new Docker({ modem })`.
 *
 * Modem's own constructor reads `DOCKER_HOST` and its companions, and throws when `DOCKER_CERT_PATH` lacks a file,
 * whatever options it is given; so its fields are set without it.
 */
export function dockerModem(agent: EngineAgent): Modem {
  const fields = { socketPath: agentSocket, protocol: "http", headers: {}, sshOptions: {}, agent };
  return Object.assign(Object.create(Modem.prototype) as Modem, fields);
}
