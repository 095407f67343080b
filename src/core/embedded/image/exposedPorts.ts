/** All that there are, for each protocol. */
const mostPorts = 3 * 65_536;

/**
 * Reads the ports of an EXPOSE, such as `80`, `53/udp` and `8000-8003`, as the engine keeps them.
 *
 * @returns undefined for what is none, and for ports with an address or a port of the host, whose rules are BuildKit's
 */
export function exposedPorts(words: readonly string[]): string[] | undefined {
  const ports: string[] = [];
  for (const word of words) {
    const found = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp)?)?$/i.exec(word);
    if (!found) return undefined;
    const first = Number(found[1]);
    const last = Number(found[2] ?? found[1]);
    if (last > 65_535 || first > last || ports.length > mostPorts) return undefined;
    const protocol = (found[3] ?? "tcp").toLowerCase();
    for (let port = first; port <= last; port++) ports.push(`${port}/${protocol}`);
  }
  return ports;
}
