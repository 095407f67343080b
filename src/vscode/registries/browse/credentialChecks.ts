import type { Component } from "../../../core/base/component";
import type { CredentialCheck } from "../../../core/distribution/checkCredentials";

/** Check of a registry's credentials, with its time. */
export interface MadeCheck {
  readonly check: CredentialCheck;
  readonly at: Date;
}

/** Results of the last credential checks, by registry, until its settings change. */
export class CredentialChecks {
  readonly #made = new Map<string, MadeCheck & { readonly of: string }>();

  /** Returns the last check; undefined if the component has changed since. */
  last(component: Component): MadeCheck | undefined {
    const made = this.#made.get(component.name);
    return made?.of === JSON.stringify(component) ? made : undefined;
  }

  keep(component: Component, check: CredentialCheck): void {
    this.#made.set(component.name, { check, at: new Date(), of: JSON.stringify(component) });
  }

  clear(): void {
    this.#made.clear();
  }
}
