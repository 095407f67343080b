import assert from "node:assert/strict";
import type { IncomingHttpHeaders } from "node:http";
import { awsRefusal, renewalOf } from "../../../src/core/clouds/amazon/awsRefusal";
import type { AwsSignIn } from "../../../src/core/clouds/awsSignIn";
import type { ErrorCode } from "../../../src/core/base/errors";

const host = "api.ecr.us-east-1.amazonaws.com";
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toUTCString();

/** A refusal as ECR writes it in JSON, STS in XML, and some services in a header. */
const json = (code: string, message = "words") => JSON.stringify({ __type: code, message });
const xml = (code: string, message = "words") =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;

describe("a refusal of AWS's", () => {
  /** With a number of minutes for the time that the service tells, from now on. */
  const cases: readonly (readonly [
    body: string,
    headers: IncomingHttpHeaders | number,
    code: ErrorCode,
    remedy: RegExp,
  ])[] = [
    [json("ExpiredTokenException"), {}, "connectorExpired", /^The AWS credentials have expired: .* Renew them\.$/],
    [json("com.amazon.coral.service#ExpiredTokenException"), {}, "connectorExpired", /have expired/],
    [xml("ExpiredToken"), {}, "connectorExpired", /have expired/],
    ["{}", { "x-amzn-errortype": "ExpiredTokenException:http://internal/" }, "connectorExpired", /have expired/],
    [json("UnrecognizedClientException"), {}, "connectorFailed", / Check that the access key ID is correct/],
    [xml("InvalidClientTokenId"), {}, "connectorFailed", / Check that the access key ID is correct/],
    [json("InvalidSignatureException"), {}, "connectorFailed", / Check the secret access key\.$/],
    [xml("SignatureDoesNotMatch"), 4, "connectorFailed", / Check the secret access key\.$/],
    [xml("SignatureDoesNotMatch"), 61, "connectorFailed", /clock is 61 minutes behind\./],
    [json("InvalidSignatureException"), -7, "connectorFailed", /clock is 7 minutes ahead\./],
    [json("InvalidSignatureException"), { date: "soon" }, "connectorFailed", / Check the secret access key\.$/],
    [json("AccessDeniedException"), {}, "connectorFailed", / Ask an administrator of the AWS account/],
    [xml("AccessDenied"), {}, "connectorFailed", / Ask an administrator of the AWS account/],
    [xml("RegionDisabledException"), {}, "connectorFailed", / Enable the region/],
    [json("ThrottlingException"), {}, "connectorFailed", / Wait a moment/],
    [json("RepositoryAlreadyExistsException"), {}, "connectorFailed", /\(words\)\.$/],
    [json("constructor"), {}, "connectorFailed", /\(words\)\.$/],
    [json("Token has expired, says nobody"), {}, "connectorFailed", /\(words\)\.$/],
    ['{"message":"The security token included in the request is expired"}', {}, "connectorFailed", /is expired\)\.$/],
    ["", {}, "connectorFailed", /\(HTTP 400\)\.$/],
    ["<html>ExpiredToken</html>", {}, "connectorFailed", /\(HTTP 400\)\.$/],
  ];
  for (const [body, headers, code, remedy] of cases) {
    it(`means what its code says: ${JSON.stringify(headers)} ${body.slice(0, 100)}`, () => {
      const told = typeof headers === "number" ? { date: inMinutes(headers) } : headers;
      const response = { status: 400, headers: told, body: Buffer.from(body), url: new URL(`https://${host}/`) };
      const error = awsRefusal(response, { host, purpose: "sign in", renewal: "Renew them." });
      assert.equal(error.code, code);
      assert.match(error.message, remedy);
      assert.match(error.message, /api\.ecr\.us-east-1\.amazonaws\.com refused the request to sign in \(HTTP 400\)/);
    });
  }

  const keys = { accessKeyId: "a", secretAccessKey: "b" };
  const renewals: readonly (readonly [signIn: AwsSignIn, env: NodeJS.ProcessEnv, renewal: RegExp])[] = [
    [{ kind: "keys", keys }, {}, /^Update the connector with new credentials\.$/],
    [{ kind: "session", keys, action: {} }, {}, /^Update the connector/],
    [{ kind: "implicit", profile: "dev" }, { AWS_ACCESS_KEY_ID: "x" }, /"aws sso login --profile dev"/],
    [{ kind: "implicit" }, { AWS_PROFILE: "work" }, /"aws sso login --profile work"/],
    [{ kind: "implicit" }, { AWS_ACCESS_KEY_ID: "x" }, /^Update AWS_ACCESS_KEY_ID, .* and AWS_SESSION_TOKEN\.$/],
    [{ kind: "implicit", profile: "a; rm -rf /" }, {}, /"aws sso login"\.$/],
    [{ kind: "implicit" }, {}, /"aws sso login"\.$/],
  ];
  for (const [signIn, env, renewal] of renewals)
    it(`of credentials that have ended says ${renewal.source} for ${JSON.stringify([signIn, env])}`, () =>
      assert.match(renewalOf(signIn, env), renewal));
});
