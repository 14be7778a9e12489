/** The plugin's version, as it stands in package.json (test/repo/version.test.ts). */
export const VERSION = "0.1.0";
