import { registryError } from "../refusingRegistry";
import { all, onlyPush, onlyReading, password, repositoryRequests, type Row } from "./row";

/** Registries that lack what is asked for, or answer oddly. */
export const oddities: readonly Row[] = [
  {
    what: "has no such tag",
    auth: "basic",
    login: "right",
    refused: ["manifest", "head"],
    answer: registryError(404, "MANIFEST_UNKNOWN", "manifest unknown"),
    told: onlyReading(
      ["buildFailed", /(?:manifest unknown|not found).*Check that the base image has that tag/, "none"],
      "works",
    ),
  },
  {
    what: "has no such repository to read",
    auth: "basic",
    login: "right",
    refused: ["tags", "manifest", "head"],
    answer: registryError(404, "NAME_UNKNOWN", "repository name not known to registry"),
    told: onlyReading(["registryNotFound", /"not found" for the request to .*not known to registry/, "none"]),
  },
  {
    what: "has no such project (as Harbor)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(404, "NOT_FOUND", "project team not found"),
    told: all(["registryNotFound", /"not found" for the request to .*project team not found/, "none"]),
  },
  {
    what: "has no such repository at all (as Google's)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(404, "NAME_UNKNOWN", 'Repository "team" not found'),
    told: all(["registryNotFound", /"not found" for the request to .*Repository "team" not found/, "none"]),
  },
  {
    what: "takes the name for an invalid one",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(400, "NAME_INVALID", "invalid repository name"),
    told: all([
      "registryFailed",
      /rejected the request to .* as invalid \(NAME_INVALID: invalid repository name\)/,
      "none",
    ]),
  },
  {
    what: "takes the manifest for an invalid one",
    auth: "basic",
    login: "right",
    refused: ["putManifest"],
    answer: registryError(400, "MANIFEST_INVALID", "manifest invalid"),
    told: onlyPush(
      ["registryFailed", /rejected the request to push .* as invalid \(manifest invalid\)/, "none"],
      "works",
    ),
  },
  {
    what: "finds another digest",
    auth: "basic",
    login: "right",
    refused: ["putManifest"],
    answer: registryError(400, "DIGEST_INVALID", "provided digest did not match uploaded content"),
    told: onlyPush(
      ["registryFailed", /rejected the request to push .* as invalid \(digest invalid\)/, "none"],
      "works",
    ),
  },
  {
    what: "denies with a list of errors that is none",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: { status: 403, body: { errors: null } },
    told: all(["registryDenied", /doesn't allow the account of the test to .* \(HTTP 403\)/, password]),
  },
  {
    what: "denies with a code in lower case",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(403, "denied", "not for you"),
    told: all(["registryDenied", /doesn't allow the account of the test to .*not for you/, password]),
  },
  {
    what: "denies with a number as its code",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: { status: 403, body: { errors: [{ code: 403, message: "not for you" }] } },
    told: all(["registryDenied", /doesn't allow the account of the test to .*not for you/, password]),
  },
  {
    what: "denies for two reasons",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: {
      status: 403,
      body: {
        errors: [
          { code: "DENIED", message: "first" },
          { code: "UNAUTHORIZED", message: "second" },
        ],
      },
    },
    told: all(["registryDenied", /doesn't allow the account of the test to .*first.*second/, password]),
  },
  {
    what: "denies as a storage service does (as MinIO)",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: {
      status: 403,
      headers: { "content-type": "application/xml" },
      body: "<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>",
    },
    told: all([
      "registryDenied",
      /doesn't allow the account of the test to .* \(AccessDenied: Access Denied\.\)/,
      password,
    ]),
  },
  {
    what: "denies in what is no JSON",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: { status: 403, headers: { "content-type": "application/json" }, body: "{oops" },
    told: all(["registryDenied", /doesn't allow the account of the test to .* \(HTTP 403\)/, password]),
  },
  {
    what: "denies in a megabyte of words",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(403, "DENIED", "word ".repeat(200_000)),
    told: all(["registryDenied", /doesn't allow the account of the test to .* \(HTTP 403\)/, password]),
  },
  {
    what: "denies in words that would be a link",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: registryError(403, "DENIED", "[here](command:evil) $(alert) \u202e\u0007 <b>now</b>"),
    told: all(["registryDenied", /doesn't allow the account of the test to .*DENIED: /, password]),
  },
  {
    what: "quotes the login that it was shown",
    auth: "basic",
    login: "right",
    refused: repositoryRequests,
    answer: ({ authorization = "" }) =>
      registryError(
        403,
        "DENIED",
        `no access with ${authorization}, ${Buffer.from(authorization.slice(6), "base64").toString()}`,
      ),
    told: all([
      "registryDenied",
      /doesn't allow the account of the test to .*DENIED: no access with Basic cm9ib3Q6\*\*\*, robot:\*\*\*/,
      password,
    ]),
  },
];
