/** Every page of docs/, in the order in which people need them: [address, title]. A test holds that none is missing. */
export const SECTIONS = [
  {
    text: "Start",
    pages: [
      ["", "What Rolegate is"],
      ["five-minutes", "Five minutes"],
      ["your-service", "Your own service"],
      ["install", "Install"],
      ["comparison", "Comparison"],
      ["faq", "Questions"],
    ],
  },
  {
    text: "Sign-in",
    pages: [
      ["login", "Sign-in"],
      ["providers/", "Providers"],
      ...[
        ["auth0", "Auth0"],
        ["authelia", "Authelia"],
        ["authentik", "authentik"],
        ["cognito", "Amazon Cognito"],
        ["dex", "Dex"],
        ["entra", "Microsoft Entra ID"],
        ["entra-v1", "Entra ID, version 1.0"],
        ["firebase", "Firebase"],
        ["github-actions", "GitHub Actions"],
        ["gitlab", "GitLab"],
        ["google", "Google"],
        ["hydra", "Ory Hydra"],
        ["kanidm", "Kanidm"],
        ["keycloak", "Keycloak"],
        ["kubernetes", "Kubernetes"],
        ["okta", "Okta"],
        ["ping", "PingOne"],
        ["zitadel", "ZITADEL"],
      ].map(([page, title]) => [`providers/${page}`, title]),
    ],
  },
  {
    text: "Roles and applications",
    pages: [
      ["policy", "Roles and rules"],
      ["prefect", "Prefect"],
      ["proxies", "Behind other proxies"],
    ],
  },
  {
    text: "Operations",
    pages: [
      ["operations", "Operations"],
      ["troubleshooting", "Troubleshooting"],
      ["faults", "Common faults"],
      ["log", "Log"],
      ["audit", "Audit"],
      ["doctor", "Doctor"],
    ],
  },
  {
    text: "Reference",
    pages: [
      ["configuration", "Configuration"],
      ["pages", "Pages"],
      ["cli", "Command"],
      ["trace", "Trace"],
      ["compatibility", "Compatibility"],
    ],
  },
  {
    text: "For auditors",
    pages: [
      ["security", "Security"],
      ["key-schedule", "Key schedule"],
      ["conformance", "Conformance"],
      ["assurance", "Assurance"],
      ["rationale", "Rationale"],
      ["traefik-wazero", "Traefik's wazero"],
    ],
  },
  {
    text: "Contributing",
    pages: [
      ["contributing/architecture", "Architecture"],
      ["contributing/style", "Style"],
      ["contributing/decisions/", "Decisions"],
    ],
  },
];
