/** Request for credentials. */
export interface ChainRequest {
  /** Only profile to use; if undefined, the whole chain is tried. */
  readonly profile?: string;
  readonly region: string;
}

/** Data that the thread starts with. */
export interface ChainBeginning extends ChainRequest {
  /** Contents of the configuration files, by path. */
  readonly files: Readonly<Record<string, string>>;
}

/** Request or program that the chain needs; its result has the same `id`. */
export type ChainErrand = { readonly id: number } & (
  | {
      readonly kind: "send";
      readonly url: string;
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: "run"; readonly command: string }
);

/** Result of an errand: a response, a program's output, or the system code of a failure. */
export type ErrandResult = { readonly id: number } & (
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly output: string }
  | { readonly code: string }
);

/** Sign-in method of a profile in the configuration. */
type ProfileKind = "sso" | "login" | "process" | "mfa" | "missing" | "other";

/** Result of the chain. */
export type ChainEnd =
  | { readonly kind: "found"; readonly credentials: unknown }
  | { readonly kind: "failed"; readonly profile: string; readonly of: ProfileKind };
