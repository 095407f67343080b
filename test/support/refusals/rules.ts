import { registryError } from "../refusingRegistry";
import { all, beginsPush, onlyPush, onlyReading, password, repositoryRequests, type Row } from "./row";

/** Registries whose rules or limits refuse. */
export const rules: readonly Row[] = [
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
    what: "is read-only (as Harbor)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(403, "DENIED", "The system is in read only mode. Any modification is prohibited."),
    told: onlyPush(["registryRefused", /read-only at the moment \(DENIED: The system is in read only mode/, "none"]),
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
    what: "forbids images that are not signed (as Harbor)",
    auth: "basic",
    login: "right",
    refused: ["manifest", "head"],
    answer: registryError(412, "PROJECTPOLICYVIOLATION", "The image is not signed by cosign."),
    told: onlyReading(
      ["registryRefused", /A rule of .* to read "team\/app:1" \(PROJECTPOLICYVIOLATION: The image is not/, "none"],
      "works",
    ),
  },
  {
    what: "has disabled the namespace (as Quay)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(405, "DENIED", "Namespace 'team' has been disabled. Please contact a system administrator."),
    told: all(["registryRefused", /A rule of .* doesn't allow the request to .*has been disabled/, "none"]),
  },
  {
    what: "has an immutable tag (as Google's)",
    auth: "basic",
    login: "right",
    refused: ["putManifest"],
    answer: registryError(400, "MANIFEST_INVALID", "cannot update tag 1. The repository has enabled tag immutability"),
    told: onlyPush(["registryRefused", /immutable or locked \(.*enabled tag immutability/, "none"], "works"),
  },
  {
    what: "doesn't let tags be replaced (as Nexus)",
    auth: "basic",
    login: "right",
    refused: ["putManifest"],
    answer: registryError(400, "UNKNOWN", "repository does not allow updating assets: docker-hosted"),
    told: onlyPush(["registryRefused", /immutable or locked \(.*does not allow updating assets/, "none"], "works"),
  },
  {
    what: "has a full disk (as Artifactory)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: {
      status: 413,
      body: { errors: [{ status: 413, message: "Datastore disk usage is too high. Contact your administrator." }] },
    },
    told: onlyPush(["registryRefused", /storage or a quota is used up \(Datastore disk usage is too high/, "none"]),
  },
  {
    what: "has no space left on its disk",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(500, "UNKNOWN", "write /var/lib/registry/uploads/1: no space left on device"),
    told: onlyPush(["registryRefused", /storage or a quota is used up \(.*no space left on device/, "none"]),
  },
  {
    what: "has a quota of requests (as Google's)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(429, "TOOMANYREQUESTS", "Quota exceeded for quota metric 'Requests per project per region'"),
    told: all([
      "registryRateLimited",
      /limits the number of requests \(TOOMANYREQUESTS: Quota exceeded for quota metric/,
      password,
    ]),
  },
  {
    what: "is asked too fast (as ECR)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(429, "TOOMANYREQUESTS", "Rate exceeded"),
    told: all([
      "registryRateLimited",
      /limits the number of requests \(TOOMANYREQUESTS: Rate exceeded\)\. Wait and try/,
      password,
    ]),
  },
  {
    what: "mirrors another registry and takes no pushes (as Harbor)",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(405, "METHOD_NOT_ALLOWED", "can not push artifact to a proxy project"),
    told: onlyPush(["registryUnsupported", /doesn't support the request to push .*to a proxy project/, "none"]),
  },
  {
    what: "takes no changes, and says only that",
    auth: "basic",
    login: "right",
    refused: beginsPush,
    answer: registryError(405, "UNSUPPORTED", "The operation is unsupported."),
    told: onlyPush([
      "registryUnsupported",
      /doesn't support the request to push .*UNSUPPORTED: The operation is unsupported/,
      "none",
    ]),
  },
];
