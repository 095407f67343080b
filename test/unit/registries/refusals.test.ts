import assert from "node:assert/strict";
import { LocalImageBuilder } from "../../../src/core/builders/localImageBuilder";
import { ImageBuilderError, type ErrorCode } from "../../../src/core/base/errors";
import { BuildContext } from "../../../src/core/context/files/buildContext";
import { ContainerRegistry } from "../../../src/core/contracts/containerRegistry";
import type { CredentialSource } from "../../../src/core/credentials/credentialSource";
import { checkCredentials } from "../../../src/core/distribution/checkCredentials";
import { mayNeedLogin } from "../../../src/core/distribution/nextStep";
import { RegistryClient } from "../../../src/core/distribution/registryClient";
import { assertPlain } from "../../support/hostileAnswers";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { recordingOperation } from "../../support/operation";
import {
  goodLogin,
  page,
  RefusingRegistry,
  registryError,
  type AskedFor,
  type AskedRegistry,
  type RegistryAnswer,
} from "../../support/refusingRegistry";
import { TransferDaemon } from "../../support/transferDaemon";

/** The ways in which a person meets a registry. */
type Way = "push" | "check" | "browse" | "base image";

/** What a person is told: what kind of failure, in which words, and whether a button offers another login. */
type Told = readonly [code: ErrorCode, message: RegExp, button: "Set Password..." | "none"];

interface Row {
  readonly what: string;
  readonly auth: RefusingRegistry["auth"];
  readonly login: "right" | "wrong" | "none";
  /** What is refused, and how. */
  readonly refused: readonly AskedFor[];
  readonly answer?: RegistryAnswer | ((asked: AskedRegistry) => RegistryAnswer | undefined);
  /** `works` where the refusal does not concern it. */
  readonly told: Readonly<Record<Way, Told | "works">>;
}

const password = "Set Password...";
const all = (told: Told): Row["told"] => ({ push: told, check: told, browse: told, "base image": told });
const onlyPush = (told: Told, check: Told | "works" = told): Row["told"] => ({
  push: told,
  check,
  browse: "works",
  "base image": "works",
});
const repositoryRequests: readonly AskedFor[] = ["tags", "head", "manifest", "upload", "putManifest"];
const everything: readonly AskedFor[] = ["ping", ...repositoryRequests];
const beginsPush: readonly AskedFor[] = ["upload", "putManifest"];

const rows: readonly Row[] = [
  {
    what: "wants a password, and none is known",
    auth: "basic",
    login: "none",
    refused: [],
    told: all(["registryUnauthorized", /requires credentials to .*, but none were found.*Log in, or set/, password]),
  },
  {
    what: "wants a token, and no login is known",
    auth: "token",
    login: "none",
    refused: [],
    told: all(["registryUnauthorized", /requires credentials to .*, but none were found.*Log in, or set/, password]),
  },
  {
    what: "takes passwords, and the one that is known is wrong",
    auth: "basic",
    login: "wrong",
    refused: [],
    told: all([
      "registryUnauthorized",
      /rejected the credentials from the test .*\(UNAUTHORIZED: authentication/,
      password,
    ]),
  },
  {
    what: "has a token service that knows another password",
    auth: "token",
    login: "wrong",
    refused: [],
    told: all([
      "registryUnauthorized",
      /rejected the credentials from the test \(incorrect username or password\)/,
      password,
    ]),
  },
  {
    what: "says that the login has expired, with the code for a missing right (as ECR)",
    auth: "basic",
    login: "right",
    refused: everything,
    answer: registryError(403, "DENIED", "Your authorization token has expired. Reauthenticate and try again."),
    told: all([
      "registryUnauthorized",
      /rejected the credentials .*has expired\. Reauth.*\)\. They have expired\. Log in/,
      password,
    ]),
  },
  {
    what: "says unauthorized where the account lacks the right (as Harbor)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(401, "UNAUTHORIZED", "unauthorized to access repository: team/app, action: push"),
    told: all([
      "registryDenied",
      /doesn't allow the account of the test to .*"team\/app.*unauthorized to access/,
      password,
    ]),
  },
  {
    what: "denies, and lists the missing rights",
    auth: "token",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "requested access to the resource is denied", {
      detail: [{ Type: "repository", Name: "team/app", Action: "push" }],
    }),
    told: onlyPush([
      "registryDenied",
      /to push to "team\/app" \(DENIED: .* is denied, missing: push on team\/app\)/,
      password,
    ]),
  },
  {
    what: "denies what nobody has logged in for",
    auth: "none",
    login: "none",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "requested access to the resource is denied"),
    told: onlyPush([
      "registryDenied",
      /doesn't allow anonymous users to push.*no credentials were found\. Log in/,
      password,
    ]),
  },
  {
    what: "has a token service that denies the login itself (as GitHub's)",
    auth: "token",
    login: "right",
    refused: ["token"],
    answer: registryError(403, "DENIED", "access forbidden"),
    told: all([
      "registryUnauthorized",
      /rejected the credentials from the test \(DENIED: access forbidden\)/,
      password,
    ]),
  },
  {
    what: "has a token service that denies the right to push and takes the login",
    auth: "token",
    login: "right",
    refused: ["token"],
    answer: ({ url }) => (url.includes("push") ? registryError(403, "DENIED", "access forbidden") : undefined),
    told: {
      push: ["registryDenied", /account of the test to push to "team\/app" \(DENIED: access forbidden\)/, password],
      check: ["registryDenied", /account of the test to push to "team\/app" \(DENIED: access forbidden\)/, password],
      browse: "works",
      "base image": "works",
    },
  },
  {
    what: "has no such repository, which must be created first (as ECR)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(404, "NAME_UNKNOWN", "The repository with name 'team/app' does not exist in the registry"),
    told: onlyPush([
      "registryNotFound",
      /"not found" for the request to push to "team\/app".*Create the repository first/,
      "none",
    ]),
  },
  {
    what: "is asked too often",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: {
      ...registryError(429, "TOOMANYREQUESTS", "You have reached your rate limit"),
      headers: { "retry-after": "90" },
    },
    told: all([
      "registryRateLimited",
      /limits the number of requests \(TOOMANYREQUESTS: You .*\)\. Wait 90 s/,
      password,
    ]),
  },
  {
    what: "has a project that is full, with the code for a missing right (as Harbor)",
    auth: "basic",
    login: "right",
    refused: ["putManifest"],
    answer: registryError(
      403,
      "DENIED",
      "adding 4.5 MiB of storage resource, which when updated to current usage of 9 MiB will exceed the " +
        "configured upper limit of 10 MiB.",
    ),
    told: onlyPush(["registryRefused", /storage or a quota is used up \(.*upper limit of 10 MiB/, "none"], "works"),
  },
  {
    what: "has a namespace whose quota is exceeded (as Quay)",
    auth: "token",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "Quota has been exceed on namespace"),
    told: onlyPush(["registryRefused", /quota is used up \(DENIED: Quota has been exceed on namespace\)/, "none"]),
  },
  {
    what: "has an immutable tag (as ECR)",
    auth: "basic",
    login: "right",
    refused: ["putManifest"],
    answer: registryError(
      400,
      "TAG_INVALID",
      "The image tag '1' already exists in the 'team/app' repository and cannot be overwritten because the " +
        "repository is immutable.",
    ),
    told: onlyPush(
      ["registryRefused", /immutable or locked \(.*cannot be overwritten.*Use a new tag/, "none"],
      "works",
    ),
  },
  {
    what: "has an immutable tag, with a code that the daemon doesn't know (as Harbor)",
    auth: "basic",
    login: "right",
    refused: ["putManifest"],
    answer: registryError(
      412,
      "PRECONDITION",
      "Failed to process request due to 'team/app:1' configured as immutable.",
    ),
    told: onlyPush(
      ["registryRefused", /immutable or locked \(.*configured as immutable.*Use a new tag/, "none"],
      "works",
    ),
  },
  {
    what: "refuses a tag that was pushed already (as Quay)",
    auth: "basic",
    login: "right",
    refused: ["putManifest"],
    answer: registryError(409, "TAG_ALREADY_EXISTS", "tag was already pushed"),
    told: onlyPush(["registryRefused", /immutable or locked \(.*tag was already pushed/, "none"], "works"),
  },
  {
    what: "has a locked repository (as ACR)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      405,
      "UNSUPPORTED",
      "The operation is disallowed on this registry, repository or image. View troubleshooting steps at " +
        "https://aka.ms/acr/faq",
    ),
    told: onlyPush(["registryRefused", /immutable or locked \(UNSUPPORTED: The operation is disallowed/, "none"]),
  },
  {
    what: "is read-only, with the code for a missing right (as Quay)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      405,
      "DENIED",
      "System is currently read-only. Pulls will succeed but all write operations are currently suspended.",
      { is_readonly: true },
    ),
    told: onlyPush(["registryRefused", /read-only at the moment \(DENIED: System is currently read-only/, "none"]),
  },
  {
    what: "is read-only (as Harbor)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "The system is in read only mode. Any modification is prohibited."),
    told: onlyPush(["registryRefused", /read-only at the moment \(DENIED: The system is in read only mode/, "none"]),
  },
  {
    what: "is under maintenance",
    auth: "basic",
    login: "right",
    refused: everything,
    answer: { ...registryError(503, "UNAVAILABLE", "down for an upgrade"), headers: { "retry-after": "30" } },
    told: all([
      "registryFailed",
      /is unavailable for the request to .* \(HTTP 503: UNAVAILABLE: down for an upgrade\)\. Wait 30 s/,
      "none",
    ]),
  },
  {
    what: "is under maintenance, which a proxy tells by a page",
    auth: "none",
    login: "none",
    refused: repositoryRequests,
    answer: page(503, "503 Service Temporarily Unavailable"),
    told: all([
      "registryFailed",
      /is unavailable for the request to .* \(HTTP 503: 503 Service Temporarily Unavailable\)/,
      "none",
    ]),
  },
  {
    what: "has a firewall (as ACR)",
    auth: "basic",
    login: "right",
    refused: everything,
    answer: registryError(
      403,
      "DENIED",
      "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
    ),
    told: all([
      "registryRefused",
      /doesn't accept the request to .* from this network \(DENIED: client with IP.*firewall/,
      "none",
    ]),
  },
  {
    what: "is hidden behind a firewall's page",
    auth: "none",
    login: "right",
    refused: repositoryRequests,
    answer: page(403, "Access Denied by Example Firewall"),
    told: all([
      "registryRefused",
      /A web page answered the request to .* \(HTTP 403: Access Denied by Example Firewall\)/,
      "none",
    ]),
  },
  {
    what: "refuses everybody before it asks for a login",
    auth: "none",
    login: "right",
    refused: everything,
    answer: registryError(403, "DENIED", "not from here"),
    told: all([
      "registryRefused",
      /doesn't accept the request to connect from this network \(DENIED: not from here\)/,
      "none",
    ]),
  },
  {
    what: "has its API turned off (as Google)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(
      403,
      "DENIED",
      "Artifact Registry API has not been used in project 42 before or it is disabled. Enable it by visiting " +
        "the console.",
    ),
    told: all([
      "registryRefused",
      /because its API is turned off \(DENIED: Artifact Registry API has not.*Enable the API/,
      "none",
    ]),
  },
  {
    what: "forbids images with vulnerabilities (as Harbor)",
    auth: "basic",
    login: "right",
    refused: ["manifest", "head"],
    answer: registryError(
      412,
      "PROJECTPOLICYVIOLATION",
      "current image with 3 vulnerabilities cannot be pulled due to configured policy in 'Prevent images'",
    ),
    told: {
      push: "works",
      check: "works",
      browse: "works",
      "base image": [
        "registryRefused",
        /A rule of .* doesn't allow the request to read "team\/app:1" \(PROJECTPOLICYVIOLATION/,
        "none",
      ],
    },
  },
  {
    what: "is hidden behind a proxy that takes only small layers",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: page(413, "413 Request Entity Too Large"),
    told: onlyPush([
      "registryRefused",
      /doesn't accept data of this size.*413 Request Entity Too Large.*Make the layers smaller/,
      "none",
    ]),
  },
  {
    what: "is not well",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(500, "UNKNOWN", "unknown error"),
    told: all([
      "registryFailed",
      /reported an internal error for the request to .* \(HTTP 500: UNKNOWN: unknown error\)/,
      "none",
    ]),
  },
  {
    what: "names the account in a policy that lacks a right (as ECR)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      403,
      "DENIED",
      "User: arn:aws:iam::1:user/me is not authorized to perform: ecr:InitiateLayerUpload because no " +
        "identity-based policy allows the action",
    ),
    told: onlyPush(["registryDenied", /doesn't allow the account .*ecr:InitiateLayerUpload/, password]),
  },
];

const logins = { right: goodLogin, wrong: { username: "robot", password: "wr0ng-s3cr3t" }, none: undefined } as const;

describe("a registry that refuses, because it", function () {
  this.timeout(60_000);
  let registry: RefusingRegistry;
  let daemon: TransferDaemon;
  before(async () => {
    registry = await RefusingRegistry.start();
    daemon = await TransferDaemon.start();
  });
  after(async () => {
    await Promise.all([registry.stop(), daemon.stop()]);
    removeTemporaryFolders();
  });

  /** Does it as the product does; returns the failure, or nothing. */
  async function failureOf(way: Way, login: Row["login"]): Promise<unknown> {
    const credentials: CredentialSource = {
      async find() {
        const found = logins[login];
        return found && { credentials: found, source: "the test" };
      },
    };
    const services = { engine: daemon.engine, credentials };
    const made = new ContainerRegistry("mine", { uri: registry.address }, services);
    const image = `${registry.address}/team/app:1`;
    const operation = recordingOperation();
    try {
      if (way === "push") await made.pushImage(image, operation);
      if (way === "browse") for await (const page of new RegistryClient(made.place()).tags("team/app")) assert.ok(page);
      if (way === "base image") {
        const context = new BuildContext({
          root: temporaryFolder({ Dockerfile: `FROM ${image}\n` }),
          log: operation.log,
        });
        await new LocalImageBuilder(services).build("built:1", context, { builder: "classic" }, operation);
      }
      if (way === "check") {
        const check = await checkCredentials(made.place(), { repository: "team/app" });
        return check.outcome === "failed" ? new ImageBuilderError(check.code, check.message) : undefined;
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** The registry's failure itself. */
  function causeOf(failure: ImageBuilderError): ImageBuilderError {
    return ImageBuilderError.is(failure.cause) ? failure.cause : failure;
  }

  for (const { what, auth, login, refused, answer, told } of rows) {
    for (const [way, expected] of Object.entries(told) as [Way, Told | "works"][]) {
      it(`${what}: ${way}`, async () => {
        registry.auth = auth;
        registry.refuse = (asked) => {
          if (!refused.includes(asked.kind)) return undefined;
          return typeof answer === "function" ? answer(asked) : answer;
        };
        const failure = await failureOf(way, login);
        if (expected === "works") {
          // A build that gets its base image ends without a result, since nothing is built.
          if (way === "base image") assert.ok(!ImageBuilderError.is(failure, "buildFailed"), String(failure));
          else assert.equal(failure, undefined);
          return;
        }
        const [code, message, button] = expected;
        assertPlain(failure, what);
        assert.match(failure.message, message);
        const cause = causeOf(failure);
        assert.equal(cause.code, code, failure.message);
        assert.equal(mayNeedLogin(failure) ? password : "none", button);
        assert.ok(!/s3cr3t/.test(failure.message));
        if (code === "registryRefused")
          assert.ok(!/\b(?:account|credentials|password|log in)\b/i.test(cause.message), cause.message);
      });
    }
  }
});
