/** Keys that sign requests to Amazon. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Sign-in to Amazon: with keys, with a session that STS creates from keys, or with this machine's default credentials.
 */
export type AwsSignIn =
  | { readonly kind: "implicit"; readonly profile?: string }
  | { readonly kind: "keys"; readonly keys: AwsKeys }
  | { readonly kind: "session"; readonly keys: AwsKeys; readonly action: Readonly<Record<string, string>> };
