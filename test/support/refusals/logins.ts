import { registryError } from "../refusingRegistry";
import { all, beginsPush, everything, onlyPush, password, repositoryRequests, type Row } from "./row";

/** Registries that want another login, or more rights. */
export const logins: readonly Row[] = [
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
  {
    what: "has a token service that says the token has expired (as Docker Hub)",
    auth: "token",
    login: "right",
    refused: ["token"],
    answer: { status: 401, body: { details: "personal access token is expired" } },
    told: all([
      "registryUnauthorized",
      /from the test \(personal access token is expired\)\. They have expired\. Log in/,
      password,
    ]),
  },
  {
    what: "has a token service that wants a token in place of the password (as Docker Hub)",
    auth: "token",
    login: "right",
    refused: ["token"],
    answer: { status: 401, body: { details: "please use a personal access token" } },
    told: all(["registryUnauthorized", /from the test \(please use a personal access token\)\. Check that/, password]),
  },
  {
    what: "has a token service that tells the code (as ACR)",
    auth: "token",
    login: "right",
    refused: ["token"],
    answer: registryError(401, "UNAUTHORIZED", "authentication required, visit https://aka.ms/acr/authorization"),
    told: all([
      "registryUnauthorized",
      /rejected the credentials from the test \(UNAUTHORIZED: .*acr\/authorization/,
      password,
    ]),
  },
  {
    what: "says that the robot is disabled",
    auth: "basic",
    login: "right",
    refused: everything,
    answer: registryError(401, "UNAUTHORIZED", "robot account is disabled"),
    told: all(["registryUnauthorized", /rejected the credentials from the test .*robot account is disabled/, password]),
  },
  {
    what: "wants more scopes of the token (as Docker Hub)",
    auth: "token",
    login: "right",
    refused: repositoryRequests,
    answer: ({ address }) => ({
      ...registryError(401, "UNAUTHORIZED", "authentication required"),
      headers: {
        "www-authenticate": `Bearer realm="http://${address}/token",service="tests",error="insufficient_scope"`,
      },
    }),
    told: all(["registryDenied", /doesn't allow the account of the test to .*authentication required/, password]),
  },
  {
    what: "gives the token too few scopes (as GitHub's)",
    auth: "token",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "permission_denied: The token provided does not match expected scopes."),
    told: onlyPush(["registryDenied", /account of the test to push .*does not match expected scopes/, password]),
  },
  {
    what: "doesn't let the account create packages (as GitHub's)",
    auth: "token",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "installation not allowed to Create organization package"),
    told: onlyPush([
      "registryDenied",
      /account of the test to push .*not allowed to Create organization package/,
      password,
    ]),
  },
  {
    what: "names the permission that is missing (as Google's)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      403,
      "DENIED",
      'Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "projects/p/r" ' +
        "(or it may not exist)",
    ),
    told: onlyPush([
      "registryDenied",
      /account of the test to push .*artifactregistry\.repositories\.uploadArtifacts/,
      password,
    ]),
  },
  {
    what: "lets the account create and not replace (as Artifactory)",
    auth: "basic",
    login: "right",
    refused: ["putManifest"],
    answer: {
      status: 403,
      body: { errors: [{ status: 403, message: "Not enough permissions to delete/overwrite artifact 'team/app/1'." }] },
    },
    told: onlyPush(["registryDenied", /account of the test to push .*Not enough permissions/, password], "works"),
  },
  {
    what: "forbids without a code (as a gateway)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: { status: 403, body: { message: "Forbidden" } },
    told: all(["registryDenied", /doesn't allow the account of the test to .* \(Forbidden\)/, password]),
  },
  {
    what: "forbids without a word",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: { status: 403 },
    told: all(["registryDenied", /doesn't allow the account of the test to .* \(HTTP 403\)/, password]),
  },
  {
    what: "denies the account by a policy of the repository (as ECR)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      403,
      "DENIED",
      "User: arn:aws:iam::1:user/me is not authorized to perform: ecr:PutImage with an explicit deny in a " +
        "resource-based policy",
    ),
    told: onlyPush(["registryDenied", /doesn't allow the account .*ecr:PutImage with an explicit deny/, password]),
  },
  {
    what: "denies an account whose name sounds like a rule (as ECR)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      403,
      "DENIED",
      "User: arn:aws:sts::1:assumed-role/read-only/quota is not authorized to perform: ecr:InitiateLayerUpload on " +
        "resource: arn:aws:ecr:eu-west-1:1:repository/team/app because no identity-based policy allows the action",
    ),
    told: onlyPush(["registryDenied", /doesn't allow the account .*assumed-role\/read-only/, password]),
  },
  {
    what: "denies a session whose policy lacks the right (as ECR)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      403,
      "DENIED",
      "User: arn:aws:sts::1:federated-user/me is not authorized to perform: ecr:InitiateLayerUpload because no " +
        "session policy allows the action",
    ),
    told: onlyPush(["registryDenied", /doesn't allow the account .*no session policy/, password]),
  },
  {
    what: "names a project that sounds like a rule (as Google's)",
    auth: "token",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      403,
      "DENIED",
      "Permission artifactregistry.repositories.uploadArtifacts denied on resource projects/quota-policy/locations/eu",
    ),
    told: onlyPush(["registryDenied", /doesn't allow the account .*uploadArtifacts denied/, password]),
  },
  {
    what: "quotes a user whose name sounds like a rule (as Artifactory)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: {
      status: 403,
      body: {
        errors: [{ status: 403, message: "User robot is not permitted to deploy 'quota/1' into 'read-only:1'." }],
      },
    },
    told: onlyPush(["registryDenied", /doesn't allow the account .*not permitted to deploy/, password]),
  },
  {
    what: "says that the login has expired where changes are asked for, and takes it otherwise",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "Your authorization token has expired. Reauthenticate and try again."),
    told: onlyPush(["registryUnauthorized", /rejected the credentials .*\)\. They have expired\. Log in/, password]),
  },
  {
    what: "has a token service that takes every token, and then doesn't know it (as GitHub's)",
    auth: "token",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      401,
      "UNAUTHORIZED",
      "unauthenticated: User cannot be authenticated with the token provided.",
    ),
    told: onlyPush(["registryUnauthorized", /rejected the credentials .*cannot be authenticated/, password]),
  },
  {
    what: "has a token service that refuses only what is asked for, by OAuth",
    auth: "token",
    login: "right",
    refused: ["token"],
    answer: ({ url }) =>
      url.includes("push")
        ? { status: 400, body: { error: "invalid_scope", error_description: "the scope is not granted" } }
        : undefined,
    told: {
      push: ["registryDenied", /account of the test to push to "team\/app" \(the scope is not granted\)/, password],
      check: ["registryDenied", /account of the test to push to "team\/app" \(the scope is not granted\)/, password],
      browse: "works",
      "base image": "works",
    },
  },
  {
    what: "has a token service that lists several faults, expiry among them (as GitLab's)",
    auth: "token",
    login: "right",
    refused: ["token"],
    answer: registryError(
      403,
      "DENIED",
      "HTTP Basic: Access denied. If a token was provided, it was either incorrect, expired, or improperly scoped.",
    ),
    told: all([
      "registryUnauthorized",
      /rejected the credentials .*improperly scoped\.\)\. Check that the user name and the password or token/,
      password,
    ]),
  },
];
