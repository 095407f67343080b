import { withLock } from "../setup/lock.mjs";
import { shortHash } from "../setup/paths.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { run } from "../setup/steps.mjs";

/**
 * Returns the name of the network bridge of a folder's daemon. An interface name has at most 15 bytes.
 *
 * @param {string} folder
 */
export function bridgeName(folder) {
  return `ib-${shortHash(folder)}`;
}

/**
 * Creates a bridge with NAT for one daemon. A daemon without its own bridge would take `docker0` from another daemon,
 * and with `--bridge=none` it would delete it.
 *
 * @param {string} name
 * @throws {SetUpError} if the machine doesn't allow even root to create one
 */
export async function ensureBridge(name) {
  try {
    // Two bridges created at the same time would use the same network.
    const subnet = (await subnetOf(name)) ?? (await withLock("bridges", () => makeBridge(name)));
    for (const { table, chain, rule } of rulesOf(name, subnet)) {
      const isThere = await iptables("-t", table, "-C", chain, ...rule).then(
        () => true,
        () => false,
      );
      if (!isThere) await iptables("-t", table, "-I", chain, ...rule);
    }
  } catch (error) {
    const reason = /** @type {Error} */ (error).message;
    throw new SetUpError(
      `This machine does not let a private container engine have a network: ${reason}\n` +
        "Start Docker yourself and name its socket in DOCKER_HOST.",
    );
  }
}

/**
 * Removes the bridge and its rules, including those of earlier runs.
 *
 * @param {string} name
 */
export async function removeBridge(name) {
  for (const table of ["nat", "filter"]) {
    const rules = (await iptables("-t", table, "-S")).split("\n").filter((rule) => rule.split(" ").includes(name));
    for (const rule of rules) await iptables("-t", table, ...rule.replace(/^-A/, "-D").split(" "));
  }
  if (await subnetOf(name)) await run("ip", ["link", "delete", name]);
}

/**
 * @param {string} name
 * @param {string} subnet
 */
function rulesOf(name, subnet) {
  return [
    { table: "nat", chain: "POSTROUTING", rule: ["-s", subnet, "!", "-o", name, "-j", "MASQUERADE"] },
    { table: "filter", chain: "FORWARD", rule: ["-i", name, "-j", "ACCEPT"] },
    { table: "filter", chain: "FORWARD", rule: ["-o", name, "-j", "ACCEPT"] },
  ];
}

/** @param {string} name */
async function makeBridge(name) {
  const taken = await run("ip", ["-4", "route", "show", "table", "all"]);
  const first = Number.parseInt(name.slice(-4), 16) % 256;
  const numbers = Array.from({ length: 256 }, (_, index) => (first + index) % 256);
  const number = numbers.find((each) => !taken.includes(`10.213.${each}.`));
  if (number === undefined) throw new SetUpError("All of 10.213.0.0/16 is taken.");
  await run("ip", ["link", "add", name, "type", "bridge"]);
  await run("ip", ["address", "add", `10.213.${number}.1/24`, "dev", name]);
  await run("ip", ["link", "set", name, "up"]);
  return `10.213.${number}.0/24`;
}

/** @param {string} name */
async function subnetOf(name) {
  const shown = await run("ip", ["-4", "-o", "address", "show", "dev", name]).catch(() => "");
  return /inet (\d+\.\d+\.\d+)\.1\/24/.exec(shown)?.[1]?.concat(".0/24");
}

/** @param {readonly string[]} args */
function iptables(...args) {
  return run("iptables", ["-w", "10", ...args]);
}
