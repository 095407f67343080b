/**
 * Names the computer that Windows contacts, and signs in to with the user's password hash, as soon as a path is looked
 * at: `host` of `\\host\share`. Undefined for a path of this machine, and on other systems.
 */
export function networkHost(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform !== "win32") return undefined;
  const text = path.replaceAll("/", "\\");
  const [, device] = /^\\(?:\\[?.]|\?\?)\\(.*)$/s.exec(text) ?? [];
  if (device !== undefined) return hostOfDevice(device.split("\\"));
  return text.startsWith("\\\\") ? hostIn(text.split("\\")) : undefined;
}

/** Drives, volumes and pipes are of this machine; any other name of the system's own may lead anywhere. */
function hostOfDevice(parts: readonly string[]): string | undefined {
  const [first = "", second] = parts;
  const isHere = /^(?:[A-Za-z]:|Volume\{[0-9a-f-]+\})$/i.test(first) || (/^pipe$/i.test(first) && second !== undefined);
  if (isHere && !parts.includes("..")) return undefined;
  return hostIn(/^UNC$/i.test(first) ? parts.slice(1) : parts);
}

function hostIn(parts: readonly string[]): string {
  return parts.find((part) => part !== "") ?? "";
}

/**
 * Names the computer that looking at a path would contact, unless it is the one that `near` is on already.
 *
 * @param near an absolute path that a person has opened
 */
export function foreignHost(path: string, near?: string, platform?: NodeJS.Platform): string | undefined {
  const host = networkHost(path, platform);
  const known = near === undefined ? undefined : networkHost(near, platform);
  return host?.toLowerCase() === known?.toLowerCase() ? undefined : host;
}
