/** Characters that look random and are the same in each run. */
export function noise(
  length: number,
  alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
): string {
  let state = 1;
  return Array.from({ length }, () => alphabet[(state = (state * 48271) % 0x7fffffff) % alphabet.length]).join("");
}

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const dashes = "-".repeat(5);

/** A PEM block; it is put together here so that nothing in the repository looks like a key. */
export function pem(label: string, body = `${noise(64)}\n${noise(64)}\n${noise(20)}==`): string {
  return `${dashes}BEGIN ${label}${dashes}\n${body}\n${dashes}END ${label}${dashes}\n`;
}

/** One text of each form that is told, by what is told of it. */
export const secretTexts: readonly { readonly what: string; readonly text: string }[] = [
  { what: "a private key", text: pem("PRIVATE KEY") },
  { what: "a private key", text: pem("RSA PRIVATE KEY").replaceAll("\n", "\r\n") },
  {
    what: "a private key",
    text: pem("RSA PRIVATE KEY", `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${noise(32)}\n\n${noise(64)}`),
  },
  { what: "a private key", text: pem("EC PRIVATE KEY") },
  { what: "a private key", text: pem("ENCRYPTED PRIVATE KEY") },
  { what: "a private key", text: pem("OPENSSH PRIVATE KEY") },
  {
    what: "a private key",
    text: pem("PGP PRIVATE KEY BLOCK", `Version: GnuPG v2\nComment: mine\n\n${noise(64)}\n=${noise(4)}`),
  },
  { what: "a private key", text: `key = ${JSON.stringify(pem("PRIVATE KEY"))}` },
  { what: "a private key", text: `key = "${pem("PRIVATE KEY").split("\n").join('\\n" +\n  "')}"` },
  { what: "a private key", text: `${pem("CERTIFICATE")}${pem("PRIVATE KEY")}` },
  { what: "a private key", text: `PuTTY-User-Key-File-${3}: ssh-ed25519\nEncryption: none\n` },
  {
    what: "an age key",
    text: `# public key: age1\nAGE-SECRET-${"KEY"}-1${noise(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}\n`,
  },
  {
    what: "AWS access keys",
    text: `[default]\naws_access_key_id = AKIA${noise(16, upper)}\naws_secret_access_key = ${noise(40)}\n`,
  },
  { what: "AWS access keys", text: `export KEY=ASIA${noise(16, upper)}\nexport OTHER="${noise(39)}/"\n` },
  { what: "AWS access keys", text: `Access key ID,Secret access key\nAKIA${noise(16, upper)},${noise(38)}+/\n` },
  { what: "AWS access keys", text: `{"accessKeyId": "x", "secretAccessKey": "${noise(40)}"}` },
  { what: "AWS access keys", text: `ENV AWS_SECRET_ACCESS_KEY=${noise(40)}\n` },
  {
    what: "a Google Cloud service account key",
    text: JSON.stringify(
      { type: "service_account", private_key_id: noise(40), private_key: pem("PRIVATE KEY") },
      undefined,
      2,
    ),
  },
  { what: "a Google OAuth client secret", text: `"client_secret": "GOCSPX-${noise(28)}"` },
  {
    what: "an Azure storage key",
    text: `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${noise(86)}==;EndpointSuffix=core.windows.net`,
  },
  {
    what: "an Azure access key",
    text: `Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=${noise(43)}=`,
  },
  ...["p", "o", "u", "s", "r"].map((kind) => ({ what: "a GitHub token", text: `token: gh${kind}_${noise(36)}\n` })),
  { what: "a GitHub token", text: `git clone https://me:ghp_${noise(36)}@github.com/me/it` },
  { what: "a GitHub token", text: `github_pat_${noise(22)}_${noise(59)}` },
  { what: "a GitLab token", text: `GITLAB_TOKEN=glpat-${noise(20)}` },
  { what: "a Slack token", text: `xoxb-${noise(12, "0123456789")}-${noise(12, "0123456789")}-${noise(24)}` },
  {
    what: "a Slack webhook",
    text: `https://hooks.slack.com/services/T${noise(8, upper)}/B${noise(8, upper)}/${noise(24)}`,
  },
  { what: "a Hugging Face token", text: `HF_TOKEN=hf_${noise(34)}` },
  { what: "an OpenAI API key", text: `OPENAI_API_KEY="sk-${noise(48)}"` },
  { what: "an OpenAI API key", text: `OPENAI_API_KEY=sk-proj-${noise(120)}` },
  { what: "an Anthropic API key", text: `ANTHROPIC_API_KEY=sk-ant-api03-${noise(93)}AA` },
  { what: "a Stripe live key", text: `STRIPE=sk_live_${noise(24)}` },
  { what: "a SendGrid key", text: `SG.${noise(22)}.${noise(43)}` },
  { what: "an npm token", text: `//registry.example/:_authToken=npm_${noise(36)}\n` },
  { what: "an npm token", text: `//npm.example.com/:_authToken=${noise(36)}\n` },
  { what: "an npm token", text: `_auth = ${noise(24)}\n` },
  { what: "a PyPI token", text: `password = pypi-AgEIcHlwaS5vcmc${noise(120)}` },
  {
    what: "a registry login",
    text: `{ "auths": { "ghcr.io": { "auth": "${Buffer.from("me:s3cr3t").toString("base64")}" } } }`,
  },
  { what: "a registry login", text: `{ "auths": { "a.azurecr.io": { "identitytoken": "${noise(60)}" } } }` },
  { what: "a registry login", text: `docker login -p dckr_pat_${noise(27)}` },
  { what: "a HashiCorp Vault token", text: `VAULT_TOKEN=hvs.${noise(90)}` },
  { what: "a DigitalOcean token", text: `dop_v1_${noise(64, "0123456789abcdef")}` },
];

/** What resembles a secret and is none, by why it is none. */
export const harmlessTexts: Readonly<Record<string, string>> = {
  "a certificate": pem("CERTIFICATE"),
  "a public key": pem("PUBLIC KEY") + pem("RSA PUBLIC KEY") + pem("PGP PUBLIC KEY BLOCK"),
  "an OpenSSH public key": `ssh-ed25519 ${noise(68)} me@here`,
  "parameters and requests": pem("EC PARAMETERS") + pem("DH PARAMETERS") + pem("CERTIFICATE REQUEST"),
  "code that looks for keys":
    `if (text.includes("${dashes}BEGIN RSA PRIVATE KEY${dashes}")) ` + 'throw new Error("a private key was given");',
  "a key that is cut short": pem("PRIVATE KEY", "MIIE..."),
  "a key to be filled in": pem("PRIVATE KEY", "<your key here>"),
  "AWS's own example":
    `aws_access_key_id = AKIAIOSFODNN7${"EXAMPLE"}\n` +
    `aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY${"EXAMPLE"}KEY\n`,
  "an AWS key's id alone": `arn for AKIA${noise(16, upper)} in 5f3c1d2e9b8a7f6e5d4c3b2a1f0e9d8c7b6a5f4e`,
  "an AWS secret from a variable": "aws_secret_access_key = ${AWS_SECRET_ACCESS_KEY}",
  "an AWS secret in a template": "AWS_SECRET_ACCESS_KEY={{ .Values.aws.secretAccessKey }}",
  "the name of a service account": '{ "type": "service_account", "client_email": "a@b.iam.gserviceaccount.com" }',
  "the storage emulator's key":
    "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u" + "SRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
  "a masked token": "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ghp_************************************",
  "a token that is too short": "ghp_abc glpat-short hf_model_name sk-learn xoxb-token npm_config_cache pypi-AgE",
  "names that begin alike":
    "hf_hub_download_from_the_model_repository task-management-and-other-hyphenated-words-in-a-long-line risk-" +
    noise(48),
  "an npm token from a variable": "//registry.example/:_authToken=${NPM_TOKEN}\n//r/:_authToken=$NPM_TOKEN\n",
  "a Stripe test key": `sk_test_${noise(24)}`,
  "a login without a password": `{ "auth": "${Buffer.from("nothing in here").toString("base64")}" }`,
  "a Docker config with a helper": '{ "auths": { "ghcr.io": {} }, "credsStore": "desktop" }',
  checksums: `sha512-${noise(86)}== sha256:${noise(64, "0123456789abcdef")} ${noise(40, "0123456789abcdef")}`,
};
