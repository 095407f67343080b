/** `[address:][port of the host:]port of the container[/protocol]`, the address in brackets if it is one of IPv6. */
const form =
  /^(?:(?:\[[0-9a-fA-F:.]{2,45}\]|\d{1,3}(?:\.\d{1,3}){3}):)?(?:(\d{1,5}):)?(\d{1,5})(?:\/(?:tcp|udp|sctp))?$/;

/**
 * Reads published ports that a person has typed, separated by commas or spaces.
 *
 * @returns the first text that is none
 */
export function publishedPorts(text: string): readonly string[] | { readonly invalid: string } {
  const ports = text.split(/[\s,]+/).filter((each) => each !== "");
  const invalid = ports.find((port) => !isPort(port));
  return invalid === undefined ? ports : { invalid };
}

function isPort(text: string): boolean {
  const [, host = "0", container = "0"] = form.exec(text) ?? [];
  return Number(container) > 0 && Number(container) <= 65_535 && Number(host) <= 65_535;
}

/**
 * Proposes how to publish the ports of an image, each under its own number.
 *
 * @param exposed ports such as `80/tcp`
 * @param isLocal whether the daemon is on this machine, so that only programs of this machine should reach them
 */
export function proposedPorts(exposed: readonly string[], isLocal: boolean): string {
  return exposed
    .map((port) => port.replace(/\/tcp$/, ""))
    .map((port) => `${isLocal ? "127.0.0.1:" : ""}${port.split("/")[0] ?? port}:${port}`)
    .join(", ");
}
