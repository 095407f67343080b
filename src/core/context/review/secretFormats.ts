/** Format of secrets of one kind, as their providers document it. */
export interface SecretFormat {
  /** Description with an article. */
  readonly what: string;
  /** Texts with which the format can begin. */
  readonly starts: readonly string[];
  /** Sticky expression; its first group, if any, is the secret itself. */
  readonly form: RegExp;
  /** Additional condition on the surrounding text. */
  readonly isReal?: (text: string, at: number, secret: string) => boolean;
}

const awsKeys = "AWS access keys";
const privateKey = "a private key";
const registryLogin = "a registry login";
const npmToken = "an npm token";

/** Line of a PEM text before its headers; see RFC 7468 and RFC 4880 (PGP). */
const pemBegin = /-----BEGIN (?:[A-Z0-9]{2,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
/** In JSON and code, line ends are escaped, and lines are concatenated. */
const pemGap = /(?:\s|\\[rn]|["'+,\\]){0,200}/y;
const pemHeader = /[A-Z][A-Za-z-]+: [^\r\n\\]{0,200}(?:[\r\n]|\\[rn])(?:\s|\\[rn]){0,20}/y;

/**
 * All formats have specific starts, so a text is scanned once for all of them. None matches a mere mention of a format,
 * and each is bounded, so no text takes long.
 */
export const secretFormats: readonly SecretFormat[] = [
  {
    what: privateKey,
    starts: ["-----BEGIN "],
    form: new RegExp(`${pemBegin.source}${pemGap.source}(?:${pemHeader.source}){0,5}([A-Za-z0-9+/]{16})`, "y"),
    isReal: (text, at) => !serviceAccountKey.test(text.slice(Math.max(at - 40, 0), at)),
  },
  { what: privateKey, starts: ["PuTTY-User-Key-File-"], form: /PuTTY-User-Key-File-[23]: /y },
  { what: "an age key", starts: ["AGE-SECRET-KEY-1"], form: /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}/y },
  {
    what: awsKeys,
    starts: ["AKIA", "ASIA"],
    form: /(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])/y,
    isReal: hasSecretKeyNear,
  },
  {
    what: awsKeys,
    starts: ["ecret_access_key", "ECRET_ACCESS_KEY", "ecretAccessKey"],
    form: /ecret_?access_?key["']?\s*[:=]\s*["']?([A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])/iy,
    isReal: (_, __, secret) => isMixed(secret),
  },
  {
    what: "a Google Cloud service account key",
    starts: ['"service_account"'],
    form: /"service_account"/y,
    isReal: (text, at) => /"private_key"\s*:\s*"[^"]{20}/.test(around(text, at, 4000)),
  },
  { what: "a Google OAuth client secret", starts: ["GOCSPX-"], form: /GOCSPX-[\w-]{28}(?![\w-])/y },
  {
    what: "an Azure storage key",
    starts: ["AccountKey="],
    form: /AccountKey=([A-Za-z0-9+/]{86}==)/y,
    // Excludes the key of the storage emulator, which is the same everywhere.
    isReal: (_, __, secret) => !secret.startsWith("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u"),
  },
  { what: "an Azure access key", starts: ["SharedAccessKey="], form: /SharedAccessKey=([A-Za-z0-9+/]{43}=)/y },
  {
    what: "a GitHub token",
    starts: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
    form: /(?<!\w)gh[pousr]_([A-Za-z0-9]{36,300})/y,
  },
  { what: "a GitHub token", starts: ["github_pat_"], form: /github_pat_([A-Za-z0-9]{22}_[A-Za-z0-9]{59})/y },
  {
    what: "a GitLab token",
    starts: ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glagent-"],
    form: /(?<![\w-])gl(?:pat|dt|rt|ptt|cbt|soat|agent)-([\w.-]{20,300})/y,
  },
  {
    what: "a Slack token",
    starts: ["xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"],
    form: /(?<!\w)xox[abeoprs]-(\d[\w-]{20,300})/y,
  },
  {
    what: "a Slack webhook",
    starts: ["hooks.slack.com/services/"],
    form: /hooks\.slack\.com\/services\/(T\w{6,20}\/B\w{6,20}\/\w{20,300})/y,
  },
  { what: "a Hugging Face token", starts: ["hf_"], form: /(?<!\w)hf_([A-Za-z0-9]{30,50})(?!\w)/y },
  { what: "an Anthropic API key", starts: ["sk-ant-"], form: /(?<![\w-])sk-ant-[a-z]+\d\d-([\w-]{40,300})/y },
  {
    what: "an OpenAI API key",
    starts: ["sk-proj-", "sk-svcacct-", "sk-admin-"],
    form: /(?<![\w-])sk-[a-z]+-([\w-]{40,300})/y,
  },
  { what: "an OpenAI API key", starts: ["sk-"], form: /(?<![\w-])sk-([A-Za-z0-9]{48})(?![\w-])/y },
  { what: "a Stripe live key", starts: ["sk_live_", "rk_live_"], form: /(?<!\w)[sr]k_live_([A-Za-z0-9]{16,300})/y },
  { what: "a SendGrid key", starts: ["SG."], form: /(?<!\w)SG\.([\w-]{22}\.[\w-]{43})(?![\w-])/y },
  {
    what: npmToken,
    starts: ["_authToken", "_auth", ":_password"],
    form: /:?_(?:authToken|auth|password)\s*=\s*["']?([^\s"'$<{]{10,300})/y,
  },
  { what: npmToken, starts: ["npm_"], form: /(?<!\w)npm_([A-Za-z0-9]{36})(?!\w)/y },
  { what: "a PyPI token", starts: ["pypi-AgE"], form: /pypi-AgE([\w-]{40,300})/y },
  {
    what: registryLogin,
    starts: ['"auth"'],
    form: /"auth"\s*:\s*"([A-Za-z0-9+/]{6,8000}={0,2})"/y,
    isReal: (_, __, secret) => isLogin(secret),
  },
  { what: registryLogin, starts: ['"identitytoken"'], form: /"identitytoken"\s*:\s*"([^"$<{]{20,300})"/y },
  { what: registryLogin, starts: ["dckr_pat_", "dckr_oat_"], form: /(?<!\w)dckr_[po]at_([\w-]{20,300})/y },
  { what: "a HashiCorp Vault token", starts: ["hvs.", "hvb."], form: /(?<![\w.])hv[sb]\.([\w-]{60,300})/y },
  { what: "a DigitalOcean token", starts: ["dop_v1_"], form: /dop_v1_([0-9a-f]{64})/y },
];

/** Precedes the key in a service account's file, which is reported separately. */
const serviceAccountKey = /"private_key"\s*:\s*"$/;

/** Words and characters that mark placeholders. */
const placeholder = /example|placeholder|your|dummy|fake|sample|redacted|changeme|x{5}|0{12}|\*{3}|\.{3}/i;

/** Whether a text is only a placeholder for a secret. */
export function isPlaceholder(secret: string): boolean {
  return placeholder.test(secret);
}

/** Whether a secret key, 40 base64 characters, is near an access key id, which is harmless by itself. */
function hasSecretKeyNear(text: string, at: number): boolean {
  return [...around(text, at, 500).matchAll(/(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g)].some(
    ([key]) => isMixed(key) && !isPlaceholder(key),
  );
}

function around(text: string, at: number, distance: number): string {
  return text.slice(Math.max(at - distance, 0), at + distance);
}

/** Whether a text has uppercase and lowercase letters, which hexadecimal checksums don't. */
function isMixed(text: string): boolean {
  return /[A-Z]/.test(text) && /[a-z]/.test(text);
}

/** Whether a text is a login as Docker stores it: `user:password` in base64. */
function isLogin(base64: string): boolean {
  const text = Buffer.from(base64, "base64").toString("latin1");
  const colon = text.indexOf(":", 1);
  return colon > 0 && colon < text.length - 1 && /^[\x21-\x7e]+$/.test(text);
}
