import { askEngine } from "../engines/engineApi.mjs";
import { waitFor } from "../setup/steps.mjs";

const image = "registry:2";
const json = { "Content-Type": "application/json" };

/**
 * Runs a registry in a container of the user's own daemon, on a loopback port of the daemon's machine.
 *
 * @param {string} socket
 * @returns {Promise<{ address: string, end: () => Promise<void> }>}
 */
export async function startRegistryContainer(socket) {
  await askEngine(socket, "GET", `/images/${image}/json`).catch(() =>
    askEngine(socket, "POST", "/images/create?fromImage=registry&tag=2"),
  );
  const container = {
    Image: image,
    ExposedPorts: { "5000/tcp": {} },
    HostConfig: { PortBindings: { "5000/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] } },
  };
  const { Id: id } = JSON.parse(
    await askEngine(socket, "POST", "/containers/create", {
      headers: json,
      body: Buffer.from(JSON.stringify(container)),
    }),
  );
  const end = async () => void (await askEngine(socket, "DELETE", `/containers/${id}?force=true&v=true`));
  try {
    await askEngine(socket, "POST", `/containers/${id}/start`);
    const { NetworkSettings } = JSON.parse(await askEngine(socket, "GET", `/containers/${id}/json`));
    const address = `127.0.0.1:${NetworkSettings.Ports["5000/tcp"][0].HostPort}`;
    const answers = () =>
      fetch(`http://${address}/v2/`).then(
        (answer) => answer.ok,
        () => false,
      );
    await waitFor(answers, {
      timeoutMs: 90_000,
      describe: () => `The registry's container does not answer on ${address}.`,
    });
    return { address, end };
  } catch (error) {
    await end();
    throw error;
  }
}
