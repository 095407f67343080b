/** What is asked of the chain. */
export interface ChainQuestion {
  /** The only profile that counts; without it the whole chain is asked. */
  readonly profile?: string;
  readonly region: string;
}

/** What the thread is started with. */
export interface ChainBeginning extends ChainQuestion {
  /** The configuration's files by their paths, with what is in them. */
  readonly files: Readonly<Record<string, string>>;
}

/** Something that the chain wants done; an answer has the same `id`. */
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

/** What an errand has brought: an answer, a program's output, or nothing but the system code of a failure. */
export type ErrandResult = { readonly id: number } & (
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  | { readonly output: string }
  | { readonly code: string }
);

/** How a profile of the configuration signs in. */
type ProfileKind = "sso" | "login" | "process" | "mfa" | "missing" | "other";

/** How the question ends. */
export type ChainEnd =
  | { readonly kind: "found"; readonly credentials: unknown }
  | { readonly kind: "failed"; readonly profile: string; readonly of: ProfileKind };
