/** End of the titles of windows that have read the user settings. */
export const settingsTitle = "VS Code";

/** Whether windows have the themes of high contrast, for pictures: `HIGH_CONTRAST=1`. */
export const isHighContrast = process.env["HIGH_CONTRAST"] === "1";

/**
 * User settings that prevent prompts, tours, telemetry, and network requests, so that screenshots and tests show only
 * the extension.
 */
export const quietSettings = {
  // A window shows by its title that it has read these settings.
  "window.title": `\${dirty}\${activeEditorShort}\${separator}\${rootName}\${separator}${settingsTitle}`,
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.reduceMotion": "on",
  "window.autoDetectColorScheme": true,
  "workbench.preferredDarkColorTheme": isHighContrast ? "Default High Contrast" : "Default Dark Modern",
  "workbench.preferredLightColorTheme": isHighContrast ? "Default High Contrast Light" : "Default Light Modern",
  "window.commandCenter": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "npm.fetchOnlinePackageInfo": false,
  "typescript.disableAutomaticTypeAcquisition": true,
  "json.schemaDownload.enable": false,
  "editor.minimap.enabled": false,
  // A browser's VS Code saves a second after the last key, and a desktop's does not.
  "files.autoSave": "off",
};
