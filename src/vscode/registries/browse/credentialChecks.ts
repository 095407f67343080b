import type { Component } from "../../../core/base/component";
import type { CredentialCheck } from "../../../core/distribution/checkCredentials";

/** A check of a registry's credentials, and when it was made. */
export interface MadeCheck {
  readonly check: CredentialCheck;
  readonly at: Date;
}

/** What trying the credentials of each registry came to last, until its settings change. */
export class CredentialChecks {
  readonly #made = new Map<string, MadeCheck & { readonly of: string }>();

  /** Nothing where the component has changed since. */
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
