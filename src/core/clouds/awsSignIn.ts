/** What proves who asks Amazon. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How to sign in: with keys, with a session that is made of them by STS, or as this machine is signed in. */
export type AwsSignIn =
  | { readonly kind: "implicit"; readonly profile?: string }
  | { readonly kind: "keys"; readonly keys: AwsKeys }
  | { readonly kind: "session"; readonly keys: AwsKeys; readonly action: Readonly<Record<string, string>> };
