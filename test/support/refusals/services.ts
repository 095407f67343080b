import { page, registryError } from "../refusingRegistry";
import { all, beginsPush, everything, onlyPush, onlyReading, password, repositoryRequests, type Row } from "./row";

/** What named services answer besides: each in its own words. */
export const services: readonly Row[] = [
  {
    what: "has a token without the right to write packages (as GitHub's)",
    auth: "token",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "permission_denied: write_package"),
    told: onlyPush(["registryDenied", /to push to "team\/app" \(DENIED: permission_denied: write_package\)/, password]),
  },
  {
    what: "belongs to an organization that wants single sign-on (as GitHub's)",
    auth: "token",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(
      403,
      "DENIED",
      "permission_denied: Resource protected by organization SAML enforcement. You must grant your Personal Access " +
        "token access to this organization.",
    ),
    told: all(["registryDenied", /doesn't allow the account of the test .*SAML enforcement/, password]),
  },
  {
    what: "has a robot that may only pull, and lists no scope that is missing (as Harbor)",
    auth: "token",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      401,
      "UNAUTHORIZED",
      "unauthorized to access repository: team/app, action: push: unauthorized to access repository: team/app, " +
        "action: push",
    ),
    told: onlyPush(["registryDenied", /doesn't allow the account of the test to push.*action: push/, password]),
  },
  {
    what: "lets a robot begin no upload, and says unauthorized (as Quay)",
    auth: "token",
    login: "right",
    refused: ["upload"],
    answer: ({ address }) => ({
      ...registryError(401, "UNAUTHORIZED", "access to the requested resource is not authorized", { detail: {} }),
      headers: {
        "www-authenticate":
          `Bearer realm="http://${address}/token",service="tests",` + 'scope="repository:team/app:pull,push"',
      },
    }),
    told: onlyPush(["registryDenied", /doesn't allow the account of the test to push.*not authorized/, password]),
  },
  {
    what: "has no such repository, and says so by a page (as Artifactory)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: page(404, "HTTP Status 404 – Not Found"),
    told: all(["registryNotFound", /reported "not found" for the request to .*404.*Check that the name/, "none"]),
  },
  {
    what: "lets the account read and not push (as Artifactory)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "The client does not have permission to push to the repository."),
    told: onlyPush(["registryDenied", /account of the test to push .*does not have permission to push/, password]),
  },
  {
    what: "blocks what its scanner forbids (as Artifactory with Xray)",
    auth: "basic",
    login: "right",
    refused: ["manifest", "head"],
    answer: {
      status: 403,
      body: {
        errors: [
          {
            status: 403,
            message:
              "Artifact download request rejected: team/app/1/manifest.json was not downloaded due to the download " +
              "blocking policy configured in Xray for docker-local.",
          },
        ],
      },
    },
    told: onlyReading(
      ["registryRefused", /A rule of .* to read "team\/app:1" \(.*configured in Xray/, "none"],
      "works",
    ),
  },
  {
    what: "takes no such token any more, whatever the reason (as GitLab)",
    auth: "token",
    login: "right",
    refused: ["token"],
    answer: registryError(
      401,
      "UNAUTHORIZED",
      "HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect or " +
        "you're required to use a token instead of a password. If a token was provided, it was either incorrect, " +
        "expired, or improperly scoped.",
    ),
    told: all([
      "registryUnauthorized",
      /rejected the credentials from the test \(UNAUTHORIZED: HTTP Basic.*correct and still valid/,
      password,
    ]),
  },
  {
    what: "lets nobody in without a login, which its token service says (as ACR)",
    auth: "token",
    login: "none",
    refused: ["token"],
    answer: registryError(
      401,
      "UNAUTHORIZED",
      "authentication required, visit https://aka.ms/acr/authorization for more information.",
    ),
    told: all(["registryUnauthorized", /requires credentials.*but none were found \(UNAUTHORIZED: auth/, password]),
  },
  {
    what: "has its admin user turned off (as ACR)",
    auth: "token",
    login: "right",
    refused: ["token"],
    answer: registryError(
      401,
      "UNAUTHORIZED",
      "Admin user is not enabled for this registry. Please enable the admin user, or use another login.",
    ),
    told: all(["registryUnauthorized", /rejected the credentials from the test \(.*Admin user is not/, password]),
  },
  {
    what: "has reached its size (as ACR)",
    auth: "token",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "Exceeded registry storage limit. Delete content or upgrade the tier."),
    told: onlyPush(["registryRefused", /storage or a quota is used up \(DENIED: Exceeded registry/, "none"]),
  },
  {
    what: "limits the pulls of an account, and names it (as Docker Hub)",
    auth: "token",
    login: "right",
    refused: ["head", "manifest"],
    answer: registryError(
      429,
      "TOOMANYREQUESTS",
      "You have reached your pull rate limit as 'robot': dckr_jti_x. You may increase the limit by upgrading. " +
        "https://www.docker.com/increase-rate-limit",
    ),
    told: onlyReading(
      ["registryRateLimited", /limits the number of requests \(.*pull rate limit.*\)\. Wait and try again/, password],
      "works",
    ),
  },
  {
    what: "takes no pushes to a group of repositories (as Nexus)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      403,
      "DENIED",
      "Deploying to groups is a PRO-licensed feature. See https://links.sonatype.com/product-nexus-repository",
    ),
    told: onlyPush(["registryRefused", /A rule of .* to push to "team\/app" \(DENIED: Deploying to groups/, "none"]),
  },
  {
    what: "is a repository of another format (as Nexus)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: page(400, "400 - Nexus Repository Manager: Not a Docker request"),
    told: all(["registryRefused", /A web page answered the request to .*Not a Docker request/, "none"]),
  },
  {
    what: "lists the scopes of a token that are missing, as text (as Gitea)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: {
      status: 403,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "token does not have at least one of required scope(s): [write:package]\n",
    },
    told: onlyPush(["registryDenied", /account of the test to push .*required scope.*write:package/, password]),
  },
  {
    what: "has a quota that a layer doesn't fit in (as Forgejo)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: { status: 413, headers: { "content-type": "text/plain" }, body: "quota exceeded\n" },
    told: onlyPush(["registryRefused", /storage or a quota is used up \(quota exceeded\)/, "none"]),
  },
  {
    what: "denies by its access control, and describes it (as Zot)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(403, "DENIED", "requested access to the resource is denied", {
      description: "The access controller denied access for the operation on a resource.",
    }),
    told: all(["registryDenied", /doesn't allow the account of the test to .*\(DENIED: requested access/, password]),
  },
  {
    what: "is inside a perimeter (as Google's)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(
      403,
      "DENIED",
      "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x1y2z3",
    ),
    told: all(["registryRefused", /A rule of .*prohibited by organization's policy/, "none"]),
  },
  {
    what: "is reached through an endpoint that doesn't allow it (as ECR)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(
      403,
      "DENIED",
      "User: arn:aws:iam::1:user/me is not authorized to perform: ecr:BatchGetImage on resource: " +
        "arn:aws:ecr:eu-west-1:1:repository/team/app because no VPC endpoint policy allows the " +
        "ecr:BatchGetImage action",
    ),
    told: all(["registryRefused", /A rule of .*VPC endpoint policy/, "none"]),
  },
  {
    what: "collects its garbage, and takes no changes meanwhile (as DigitalOcean's)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "registry is currently in read-only mode: garbage collection is running"),
    told: onlyPush(["registryRefused", /read-only at the moment \(DENIED: registry is currently/, "none"]),
  },
  {
    what: "has no such namespace (as Oracle's)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(404, "NAME_UNKNOWN", "namespace not found"),
    told: all(["registryNotFound", /reported "not found" .*\(NAME_UNKNOWN: namespace not found\)/, "none"]),
  },
  {
    what: "has used up its plan (as IBM's)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(
      403,
      "DENIED",
      "You have exceeded your storage quota. Delete one or more images, or review your storage quota and pricing plan.",
    ),
    told: onlyPush(["registryRefused", /storage or a quota is used up \(DENIED: You have exceeded/, "none"]),
  },
  {
    what: "has several servers, of which one doesn't know what the other has begun",
    auth: "basic",
    login: "right",
    refused: ["putBlob"],
    answer: registryError(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"),
    told: onlyPush(
      ["registryFailed", /refused the request to push to "team\/app" \(blob upload.*\)\. Try again, or check/, "none"],
      "works",
    ),
  },
  {
    what: "doesn't know the tokens of its own token service",
    auth: "token",
    login: "right",
    refused: everything,
    answer: ({ isSignedIn, address }) =>
      isSignedIn
        ? {
            ...registryError(401, "UNAUTHORIZED", "authentication required"),
            headers: {
              "www-authenticate": `Bearer realm="http://${address}/token",service="tests",error="invalid_token"`,
            },
          }
        : undefined,
    told: all([
      "registryFailed",
      /doesn't accept the token that its own token service issued .*Check that the clocks/,
      "none",
    ]),
  },
  {
    what: "is not there, which the router of a cluster says",
    auth: "none",
    login: "none",
    refused: everything,
    answer: { status: 404, headers: { "content-type": "text/plain" }, body: "default backend - 404" },
    told: all(["registryUnsupported", /does not respond as a registry \(HTTP 404: default backend/, "none"]),
  },
  {
    what: "has TLS, and is spoken to without (as Go's servers)",
    auth: "none",
    login: "none",
    refused: everything,
    answer: {
      status: 400,
      headers: { "content-type": "text/plain" },
      body: "Client sent an HTTP request to an HTTPS server.\n",
    },
    told: all(["registryUnsupported", /does not respond as a registry \(HTTP 400: Client sent an HTTP/, "none"]),
  },
  {
    what: "is behind a proxy that wants a login",
    auth: "basic",
    login: "right",
    refused: everything,
    answer: page(407, "Proxy Authentication Required"),
    told: all(["registryUnreachable", /A proxy in front of .* requires a login/, "none"]),
  },
];
