import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { ImageBuilderError } from "../../../src/core/base/errors";
import { checkRequest } from "../../../src/core/clouds/google/googleAddresses";
import { parseGoogleCredentials } from "../../../src/core/clouds/google/googleCredentials";

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const key = { type: "service_account", client_email: "me@p.iam.gserviceaccount.com", private_key: privateKey };
const user = { type: "authorized_user", client_id: "c", client_secret: "s", refresh_token: "r" };
const external = {
  type: "external_account",
  audience: "//iam/pool",
  subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
  token_url: "https://sts.googleapis.com/v1/token",
  credential_source: { file: "/token" },
};
const workforce = { ...user, type: "external_account_authorized_user", token_url: "https://sts.googleapis.com/v1/o" };
const amazon = {
  environment_id: "aws1",
  url: "http://169.254.169.254/latest/meta-data/iam/security-credentials",
  region_url: "http://[fd00:ec2::254]/latest/meta-data/placement/availability-zone",
  imdsv2_session_token_url: "http://169.254.169.254/latest/api/token",
  regional_cred_verification_url: "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
};
const impersonation = (host: string) => `https://${host}/v1/projects/-/serviceAccounts/x:generateAccessToken`;
const source = (more: object) => ({ ...external, credential_source: more });

const stored = { env: {}, isOwn: false };
const parse = (file: object, place: Parameters<typeof parseGoogleCredentials>[2] = stored) =>
  parseGoogleCredentials(JSON.stringify(file), "The credentials", place);
const isRefused = (error: unknown) =>
  ImageBuilderError.is(error, "connectorFailed") && /^The credentials contain "/.test(error.message);

describe("A stored credential file of Google's", () => {
  const sound: Readonly<Record<string, object>> = {
    "a key": { ...key, token_uri: "https://oauth2.googleapis.com/token" },
    "an old key": { ...key, token_uri: "https://accounts.google.com/o/oauth2/token" },
    "a user": user,
    "a workforce user": workforce,
    "an account of another provider": external,
    "one by a region": { ...external, token_url: "https://sts.us-east1.rep.googleapis.com/v1/token" },
    "one by a private endpoint": { ...external, token_url: "https://sts-mine.p.googleapis.com/v1/token" },
    "one with mutual TLS": { ...external, token_url: "https://sts.mtls.googleapis.com/v1/token" },
    "one of a sovereign cloud": {
      ...external,
      universe_domain: "apis-berlin-build0.goog",
      token_url: "https://sts.apis-berlin-build0.goog/v1/token",
      service_account_impersonation_url: impersonation("iamcredentials.apis-berlin-build0.goog"),
    },
    "an impersonating one": {
      ...external,
      service_account_impersonation_url: impersonation("iamcredentials.googleapis.com"),
    },
    "one by an address of this machine": source({ url: "http://localhost:5000/token" }),
    "one by Azure's own address": source({ url: "http://169.254.169.254/metadata/identity/oauth2/token" }),
    "one by GitHub": source({ url: "https://pipelines.actions.githubusercontent.com/x?audience=y" }),
    "one by Amazon": source(amazon),
  };
  for (const [what, file] of Object.entries(sound)) it(`is taken: ${what}`, () => void parse(file));

  const wrong: Readonly<Record<string, object>> = {
    "a key's token service": { ...key, token_uri: "https://evil.example/token" },
    "a user's token service": { ...user, token_uri: "https://oauth2.googleapis.com.evil.example/token" },
    "a workforce user's token service": { ...workforce, token_url: "https://evil.example/token" },
    "the token service": { ...external, token_url: "https://evil.example/v1/token" },
    "the token service, as a bucket": { ...external, token_url: "https://storage.googleapis.com/evil/token" },
    "the token service, as a name before": { ...external, token_url: "https://evilsts.googleapis.com/token" },
    "the token service, as a user": { ...external, token_url: "https://sts.googleapis.com@evil.example/token" },
    "the token service, far below": { ...external, token_url: "https://sts.a.b.googleapis.com/token" },
    "the token service of a domain that is not Google's": {
      ...external,
      universe_domain: "evil.example",
      token_url: "https://sts.evil.example/v1/token",
    },
    "the token service of an endpoint that anybody may have": {
      ...external,
      universe_domain: "endpoints.evil.cloud.goog",
      token_url: "https://sts.endpoints.evil.cloud.goog/v1/token",
    },
    "the token service of a sovereign cloud that is not named": {
      ...external,
      token_url: "https://sts.apis-berlin-build0.goog/v1/token",
    },
    "who impersonates": { ...external, service_account_impersonation_url: impersonation("evil.example") },
    "who impersonates, as a token service": {
      ...external,
      service_account_impersonation_url: impersonation("sts.googleapis.com"),
    },
    "an inner file's token service": {
      type: "impersonated_service_account",
      service_account_impersonation_url: impersonation("iamcredentials.googleapis.com"),
      source_credentials: { ...key, token_uri: "https://evil.example/token" },
    },
    "a source without TLS": source({ url: "http://intranet.example/token" }),
    "a source of the network by its number": source({ url: "https://10.0.0.1/token" }),
    "Amazon's keys": source({ ...amazon, url: "https://evil.example/keys" }),
    "Amazon's keys of the network": source({ ...amazon, url: "http://192.168.0.1/keys" }),
    "Amazon's region": source({ ...amazon, region_url: "http://evil.example/region" }),
    "Amazon's session": source({ ...amazon, imdsv2_session_token_url: "http://evil.example/token" }),
    "Amazon's proof": source({ ...amazon, regional_cred_verification_url: "https://evil.example?Action=X" }),
    "Amazon's proof by a region": source({
      ...amazon,
      regional_cred_verification_url: "https://sts.{region}.evil.example?Action=X",
    }),
  };
  for (const [what, file] of Object.entries(wrong))
    it(`is refused where it leads elsewhere: ${what}`, () => assert.throws(() => parse(file), isRefused));

  it("may lead to the cloud that the environment names", () => {
    const file = { ...external, token_url: "https://sts.mine.example/v1/token" };
    assert.throws(() => parse(file), isRefused);
    parse(file, { env: { GOOGLE_CLOUD_UNIVERSE_DOMAIN: "mine.example" }, isOwn: false });
  });
});

describe("The machine's own credential file of Google's", () => {
  const own = { env: {}, isOwn: true };

  it("may name its own cloud, and the token service of its key", () => {
    parse({ ...external, universe_domain: "mine.example", token_url: "https://sts.mine.example/v1/token" }, own);
    parse({ ...user, token_uri: "https://tokens.example/token" }, own);
  });

  it("leads another identity nowhere else", () => {
    assert.throws(() => parse({ ...external, token_url: "https://evil.example/token" }, own), isRefused);
    assert.throws(() => parse({ ...workforce, token_url: "https://evil.example/token" }, own), isRefused);
  });
});

describe("A request of Google's library", () => {
  it("goes to what the file names, and to Google", () => {
    const named = { ...user, token_uri: "https://tokens.example/token" };
    checkRequest(new URL("https://tokens.example/token"), [named], stored);
    checkRequest(new URL(impersonation("iamcredentials.googleapis.com")), [user], stored);
    for (const address of ["https://tokens.example/other", "https://evil.example/", "http://sts.googleapis.com/v1"])
      assert.throws(() => checkRequest(new URL(address), [named], stored), isRefused);
  });
});
