/** The plugin's version, equal to package.json's (test/repo/version.test.ts). */
export const VERSION = "0.1.0";
