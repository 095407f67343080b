import * as z from "zod";
import { ImageBuilderError } from "../../base/errors";
import { foreignWords } from "../../border/foreignWords";
import { isLoopback } from "../../http/proxy";

/** Google services that receive secrets, as named in their hosts. */
type Service = "oauth2" | "sts" | "iamcredentials";

/** The fields of a credential file that name such a service. */
const services: Readonly<Record<string, Service>> = {
  token_uri: "oauth2",
  token_url: "sts",
  service_account_impersonation_url: "iamcredentials",
};

/** Hosts of old files. */
const olderHosts: ReadonlySet<string> = new Set(["accounts.google.com", "www.googleapis.com"]);
const usualDomain = "googleapis.com";
/** Google's sovereign clouds, where a file from elsewhere may lead. */
const sovereignDomain = /^(?:apis-[a-z0-9-]+\.goog|s3nsapis\.fr)$/;
const domainPattern = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

/** Origin of a credential file. */
export interface FilePlace {
  readonly env: NodeJS.ProcessEnv;
  /** Whether it is the machine's own, as Google's tools have written it, and not a text that was stored. */
  readonly isOwn: boolean;
}

/**
 * Has a credential file refused that would send secrets elsewhere than to Google, or ask services that no such file
 * asks. A key of the machine's own, which its user has set up, may name a service of its own.
 *
 * @throws ImageBuilderError `connectorFailed`
 */
export function checkAddresses(fields: ReadonlyMap<string, unknown>, place: FilePlace): void {
  const isExternal = String(fields.get("type")).startsWith("external_account");
  const domains = domainsOf(fields.get("universe_domain"), place);
  for (const [field, service] of Object.entries(services)) {
    const address = fields.get(field);
    if (typeof address !== "string") continue;
    const { hostname } = secureUrl(address);
    const isGoogle =
      domains.some((domain) => isHostOf(hostname, service, domain)) ||
      (service === "oauth2" && (olderHosts.has(hostname) || (place.isOwn && !isExternal)));
    if (!isGoogle) throw refused(address, "which is not an address of Google");
  }
  const source = sourceSchema.safeParse(fields.get("credential_source")).data;
  if (source) checkSource(source);
}

const address = z.string().optional().catch(undefined);
const sourceSchema = z.looseObject({
  environment_id: z.unknown().optional(),
  url: address,
  region_url: address,
  imdsv2_session_token_url: address,
  regional_cred_verification_url: address,
});

/** Checks addresses that receive no secrets: services in the machine's own network must not be requested either. */
function checkSource(source: z.infer<typeof sourceSchema>): void {
  const isAmazon = source.environment_id !== undefined;
  for (const each of [source.url, source.region_url, source.imdsv2_session_token_url]) {
    if (each === undefined || !URL.canParse(each)) continue;
    const url = new URL(each);
    if (isOfThisMachine(url) || (!isAmazon && url.protocol === "https:" && !isNumeric(url))) continue;
    throw refused(each, "which is neither an HTTPS address nor this machine's own");
  }
  const verified = source.regional_cred_verification_url?.replaceAll("{region}", "us-east-1");
  if (verified === undefined || !isAmazon) return;
  if (!/^sts(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/.test(secureUrl(verified).hostname))
    throw refused(verified, "which is not an address of Amazon");
}

/** The addresses at which clouds tell a machine who it is. */
const metadataHosts: ReadonlySet<string> = new Set(["169.254.169.254", "[fd00:ec2::254]"]);

/** Whether an address is of a program of this machine, or of its cloud. */
export function isOfThisMachine({ hostname }: URL): boolean {
  return metadataHosts.has(hostname) || isLoopback(hostname.replace(/^\[|\]$/g, ""));
}

function isNumeric({ hostname }: URL): boolean {
  return hostname.startsWith("[") || /^[\d.]+$/.test(hostname);
}

/**
 * Checks the address of a request that Google's library makes: one that a checked file names, or one of Google.
 *
 * @param files the credentials, and those that they contain
 * @throws ImageBuilderError `connectorFailed`
 */
export function checkRequest({ href, hostname }: URL, files: readonly object[], place: FilePlace): void {
  secureUrl(href);
  const fields = files.map((file) => new Map<string, unknown>(Object.entries(file)));
  const named = fields.flatMap((each) => Object.keys(services).map((field) => each.get(field)));
  if (named.some((each) => typeof each === "string" && URL.canParse(each) && new URL(each).href === href)) return;
  const domains = fields.flatMap((each) => domainsOf(each.get("universe_domain"), place));
  if (domains.some((domain) => Object.values(services).some((service) => isHostOf(hostname, service, domain)))) return;
  throw refused(href, "which is not an address of Google");
}

/**
 * Returns the allowed domains: those of Google's sovereign clouds for a file; the environment and the machine's own
 * file may name any.
 */
function domainsOf(named: unknown, { env, isOwn }: FilePlace): string[] {
  const known = [usualDomain, env["GOOGLE_CLOUD_UNIVERSE_DOMAIN"]].filter((domain) => domain !== undefined);
  if (typeof named !== "string" || !domainPattern.test(named)) return known;
  return isOwn || sovereignDomain.test(named) ? [...known, named] : known;
}

/** As Google's own libraries know the names: with a region, a network or an endpoint of its own. */
function isHostOf(host: string, service: Service, domain: string): boolean {
  if (!host.endsWith(`.${domain}`)) return false;
  const [first = "", second, third, ...more] = host.slice(0, -domain.length - 1).split(".");
  if (more.length > 0) return false;
  if (third !== undefined) return first === service && third === "rep";
  if (second === "p") return first.startsWith(`${service}-`);
  return first === service || second === service || (second === undefined && first.endsWith(`-${service}`));
}

/** @throws ImageBuilderError `connectorFailed` when a secret would be sent without TLS */
function secureUrl(address: string): URL {
  if (URL.canParse(address) && new URL(address).protocol === "https:") return new URL(address);
  throw refused(address, "which is not an HTTPS URL");
}

function refused(address: string, why: string): ImageBuilderError {
  return new ImageBuilderError(
    "connectorFailed",
    `The credentials contain "${foreignWords(address, 200)}", ${why}. Use the unmodified file from Google Cloud.`,
  );
}
