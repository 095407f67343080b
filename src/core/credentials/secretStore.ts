/** Secrets that are stored on this machine, by name; VS Code's secret storage fits. */
export interface SecretStore {
  /** @returns nothing when no secret has that name */
  readSecret(name: string): Promise<string | undefined>;
}
