import * as z from "zod";
import { foreignWords } from "../border/foreignWords";
import { parseJson } from "../border/parseJson";
import type { HttpResponse } from "../http/httpClient";

const maxWords = 300;
const maxErrors = 10;
/** A page's title and a storage service's reason are in the beginning. */
const maxElementSearch = 4_000;

/** Refusal of a request by a registry, or by a proxy in its place. */
export interface Refusal {
  /** HTTP status; 0 where a daemon passes on the code alone. */
  readonly status: number;
  /** Error codes such as `DENIED`, in upper case and in the order of the response. */
  readonly codes: readonly string[];
  /** In one line; empty where it gives no reason. */
  readonly words: string;
  /** Whether the body is a web page, which registries don't send. */
  readonly isPage: boolean;
  /** Whether the answer says that only changes are refused, as Quay's do. */
  readonly isReadOnly: boolean;
}

const text = z.string().optional().catch(undefined);
/** The error of the registry's own disk, by its number in Linux. */
const enclosedSchema = z
  .looseObject({ Err: z.number().optional().catch(undefined) })
  .optional()
  .catch(undefined);
/** Some services number their errors; a number is a status, not a code. */
const detailSchema = z.looseObject({ Name: text, Action: text, description: text, Enclosed: enclosedSchema });
const errorSchema = z.looseObject({
  code: text,
  message: text,
  detail: z
    .union([
      z.array(detailSchema),
      detailSchema.transform((one) => [one]),
      z.string().transform((description) => [{ description, Name: undefined, Action: undefined, Enclosed: undefined }]),
    ])
    .optional()
    .catch(undefined),
  is_readonly: z.boolean().optional().catch(undefined),
});
const wordsSchema = z.looseObject({
  errors: z.array(errorSchema.catch({})).catch([]),
  error_description: text,
  message: text,
  details: text,
  code: text,
  /** A text by OAuth; an object of Azure's and Google's APIs. */
  error: z
    .union([z.string(), z.looseObject({ code: text, status: text, message: text })])
    .optional()
    .catch(undefined),
});

/** Reads a refusal. Of an error each field that cannot be read is left out: there is no other to tell it. */
export function readRefusal({ status, body, headers }: Omit<HttpResponse, "url">): Refusal {
  const type = String(headers["content-type"] ?? "");
  const content = body.toString("utf8");
  if (isJson(type, body)) return { status, isPage: false, ...jsonRefusal(content, allowsReading(status, headers)) };
  const isPage = isHtml(type, content);
  const isXml = !isPage && /xml/i.test(type);
  const code = isXml ? elementIn(content, "Code") : "";
  const words = isPage ? elementIn(content, "title") : isXml ? xmlWords(content) : plainWords(type, content);
  const codes = code === "" ? [] : [code.toUpperCase()];
  return { status, codes, words: foreignWords(words, maxWords), isPage, isReadOnly: allowsReading(status, headers) };
}

/** Whether a body is a web page; cheap, for answers of any length. */
export function isWebPage({ body, headers }: Pick<HttpResponse, "body" | "headers">): boolean {
  const type = String(headers["content-type"] ?? "");
  return !isJson(type, body) && isHtml(type, body.subarray(0, 200).toString("utf8"));
}

function isJson(type: string, body: Buffer): boolean {
  return /json/.test(type) || body[0] === 0x7b;
}

function isHtml(type: string, content: string): boolean {
  return /html/i.test(type) || /^\s*<(?:!doctype|html|!--)/i.test(content.slice(0, 200));
}

/** Of one that is read-only, Docker's own registry knows no other methods. */
function allowsReading(status: number, { allow = "" }: HttpResponse["headers"]): boolean {
  return status === 405 && /^GET, *HEAD$/i.test(allow);
}

function jsonRefusal(body: string, isReadOnly: boolean): Pick<Refusal, "codes" | "words" | "isReadOnly"> {
  const told = wordsSchema.safeParse(parseJson(body)).data ?? { errors: [] };
  const { error_description, message, details, code, error } = told;
  const errors = told.errors.slice(0, maxErrors);
  const nested = typeof error === "object" ? error : undefined;
  // By OAuth, the error is a code; other services put words there.
  const byOAuth = typeof error === "string" && /^[a-z_]{1,60}$/.test(error) ? error : undefined;
  const codes = [...errors.map((each) => each.code), code, nested?.status, nested?.code, byOAuth].flatMap(
    (each) => each ?? [],
  );
  const words =
    errors
      .map((each) =>
        [each.code, [each.message, rightIn(each), causeIn(each)].filter(Boolean).join(", ")].filter(Boolean).join(": "),
      )
      .filter(Boolean)
      .join("; ") ||
    (error_description ?? message ?? details ?? (typeof error === "string" ? error : nested?.message) ?? "");
  return {
    codes: codes.map((each) => each.toUpperCase()),
    words: foreignWords(words, maxWords),
    isReadOnly: isReadOnly || errors.some((each) => each.is_readonly === true),
  };
}

/** Returns the rights that are missing, where the registry lists them, such as `push on team/app`. */
function rightIn({ code, detail, message = "" }: z.infer<typeof errorSchema>): string {
  // A request without a login lacks all permissions.
  if (code?.toUpperCase() !== "DENIED") return "";
  const rights = (detail ?? []).flatMap(({ Name, Action }) => (Name && Action ? [`${Action} on ${Name}`] : []));
  return rights.length === 0 || rights.every((right) => message.includes(right)) ? "" : `missing: ${rights.join(", ")}`;
}

/** Errors of a registry's disk that it does not tell in words. */
const diskErrors = new Map([
  [13, "permission denied on the registry's disk"],
  [28, "no space left on device"],
  [30, "read-only file system"],
  [122, "disk quota exceeded"],
]);

/** What stands in the details alone: the error of the registry's disk, and what Artifactory refuses. */
function causeIn({ detail = [] }: z.infer<typeof errorSchema>): string {
  const [{ description = "", Enclosed } = {}] = detail;
  return diskErrors.get(Enclosed?.Err ?? 0) ?? description;
}

/** Storage services answer in XML. */
function xmlWords(body: string): string {
  return [elementIn(body, "Code"), elementIn(body, "Message")].filter(Boolean).join(": ");
}

function plainWords(type: string, body: string): string {
  return /^text\/plain/i.test(type) && !/^\s*[<[]/.test(body) ? body : "";
}

function elementIn(page: string, name: "title" | "Code" | "Message"): string {
  const beginning = page.slice(0, maxElementSearch);
  const start = beginning.toLowerCase().indexOf(`<${name.toLowerCase()}`);
  if (start < 0) return "";
  const from = beginning.indexOf(">", start) + 1;
  const end = beginning.indexOf("<", from);
  return from === 0 || end < 0 ? "" : beginning.slice(from, end);
}
