/** Group of settings in package.json, as `contributes.configuration` lists it. */
export interface SettingsGroup<Setting> {
  readonly title: string;
  readonly order: number;
  readonly properties: Readonly<Record<string, Setting>>;
}

/** Returns the settings of all groups by their id. */
export function allSettings<Setting>(groups: readonly SettingsGroup<Setting>[]): Readonly<Record<string, Setting>> {
  return Object.assign({}, ...groups.map(({ properties }) => properties)) as Readonly<Record<string, Setting>>;
}
