/** Set-ups with one thing wrong each, as changes to a healthy one: which finding it is, and where its mark begins. */

export const HEALTHY_STATIC = `entryPoints:
  web: {address: ":8080"}
providers:
  file: {filename: dynamic.yml}
log: {level: INFO}
experimental:
  abortOnPluginFailure: true
  localPlugins:
    rolegate:
      moduleName: rolegate
      settings:
        mounts: ["./state:/state"]
`;

export const HEALTHY_DYNAMIC = `http:
  routers:
    app: {rule: "Host(\`a.example\`)", service: app, middlewares: [gate]}
    dashboard: {rule: "Host(\`a.example\`) && PathPrefix(\`/dashboard\`)", service: api@internal}
    insecure: {rule: "Host(\`a.example\`)", entryPoints: [web], service: app, middlewares: [tls]}
    other: {rule: "Host(\`b.example\`)", service: other}
  services:
    app: {loadBalancer: {servers: [{url: "http://127.0.0.1:1"}]}}
    other: {loadBalancer: {servers: [{url: "http://127.0.0.1:2"}]}}
  middlewares:
    tls: {redirectScheme: {scheme: https}}
    gate:
      plugin:
        rolegate:
          issuer: https://sso.example.com
          clientId: app
          jwksFile: /state/jwks.json
          rules:
            - {match: "PathPrefix(\`/\`)", allow: authenticated}
`;

export interface Fault {
  name: string;
  /** The code of the one finding. */
  code: string;
  /** Replaced in the healthy files: from, to. */
  static?: [string, string];
  dynamic?: [string, string];
  /** A file of another kind in their place. */
  file?: [name: string, text: string];
  /** The text from the mark on. */
  at: string;
}

const rules = "          rules:\n";

export const FAULTS: Fault[] = [
  {
    name: "YAML with a tab",
    code: "unreadable",
    dynamic: ["    tls: {", "\t- tls: {"],
    at: "\t- tls",
  },
  {
    name: "a function that templates do not have",
    code: "template_refused",
    dynamic: ["a.example", "{{ host }}"],
    at: "host }}",
  },
  {
    name: "a loop over what nobody knows",
    code: "block_left_out",
    dynamic: [
      "  services:\n",
      '{{ range splitList "," (env "NOT_SET") }}\n    r{{ . }}: {service: other}\n{{ end }}\n  services:\n',
    ],
    at: "{{ range",
  },
  {
    name: "a variable in a file of Traefik's",
    code: "variable_unfilled",
    dynamic: ["clientId: app", "clientId: ${CLIENT_ID}"],
    at: "${CLIENT_ID}",
  },
  {
    name: "a router's key with a letter too few",
    code: "field_unknown",
    dynamic: ["[gate]}", "[gate], entrypoint: [web]}"],
    at: "entrypoint:",
  },
  {
    name: "a label with a letter too few",
    code: "field_unknown",
    file: [
      "compose.yml",
      `${composeWith(padded)}      - traefik.http.middleware.buffer.buffering.maxRequestBodyBytes=1\n`,
    ],
    at: "traefik.http.middleware.buffer",
  },
  {
    name: "a date without quotes",
    code: "unquoted_date",
    dynamic: [
      rules,
      `          apiKeys: [{name: a, sha256: "${"a1".repeat(32)}", roles: [], expires: 2027-01-01}]\n${rules}`,
    ],
    at: "2027-01-01",
  },
  {
    name: "an empty element",
    code: "null_in_list",
    dynamic: [
      "clientId: app",
      "clientId: app\n          audience:\n            - app\n            -",
    ],
    at: "\n          jwksFile",
  },
  {
    name: "a list in a list",
    code: "list_in_list",
    dynamic: [rules, `          audience: [app, [b]]\n${rules}`],
    at: "[b]",
  },
  {
    name: "booleans beside numbers",
    code: "mixed_list",
    dynamic: [rules, `          audience: [1, true]\n${rules}`],
    at: "[1, true]",
  },
  {
    name: "a large number in a list",
    code: "number_in_list",
    dynamic: [rules, `          audience: [12345678901234567890]\n${rules}`],
    at: "12345",
  },
  {
    name: "a text beside maps",
    code: "element_lost",
    dynamic: [rules, `${rules}            - deny all\n`],
    at: "deny all",
  },
  {
    name: "an octal number",
    code: "digits_change",
    dynamic: ["clientId: app", "clientId: 010"],
    at: "010",
  },
  {
    name: "the plugin may fail to load",
    code: "abort_missing",
    static: ["  abortOnPluginFailure: true\n", ""],
    at: "rolegate:",
  },
  {
    name: "…by a value that is not true",
    code: "abort_missing",
    static: ["Failure: true", "Failure: false"],
    at: "rolegate:",
  },
  {
    name: "the plugin is not loaded",
    code: "plugin_not_loaded",
    dynamic: ["        rolegate:", "        my-rolegate:"],
    at: "my-rolegate",
  },
  {
    name: "the log's default level",
    code: "log_level",
    static: ["log: {level: INFO}\n", ""],
    at: "entryPoints",
  },
  {
    name: "a log level above the audit's",
    code: "log_level",
    static: ["INFO", "WARN"],
    at: "WARN",
  },
  {
    name: "nobody uses it",
    code: "middleware_unused",
    dynamic: ["service: app, middlewares: [gate]", "service: more, middlewares: [tls]"],
    at: "rolegate:",
  },
  {
    name: "a middleware that is not there",
    code: "middleware_unknown",
    dynamic: ["[gate]", "[gate, gone]"],
    at: "gone]",
  },
  {
    name: "the same application by another router",
    code: "router_unprotected",
    dynamic: ["service: other}", "service: app}"],
    at: "other: {",
  },
  {
    name: "the same host by another router",
    code: "host_shared",
    dynamic: ["b.example", "a.example"],
    at: "other: {",
  },
  {
    name: "a catch-all",
    code: "catch_all",
    dynamic: ["Host(`b.example`)", "PathPrefix(`/`)"],
    at: "other: {",
  },
  {
    name: "a catch-all by a regular expression",
    code: "catch_all",
    dynamic: ["Host(`b.example`)", "HostRegexp(`.+`)"],
    at: "other: {",
  },
  {
    name: "the path is changed before",
    code: "path_changed",
    dynamic: ["[gate]}", "[strip, gate]}"],
    at: "strip,",
  },
  {
    name: "buffering on the application",
    code: "buffering_on_websocket",
    dynamic: ["[gate]}", "[gate, buffer]}"],
    at: "buffer]",
  },
  {
    name: "two that ask for credentials",
    code: "double_authentication",
    dynamic: ["[gate]}", "[basic, gate]}"],
    at: "basic,",
  },
  {
    name: "groups of GitLab's, each of which is a role",
    code: "groups_of_anybody",
    dynamic: [
      "issuer: https://sso.example.com",
      "issuer: https://gitlab.com\n          rolesFrom: [groups]",
    ],
    at: "[groups]",
  },
  {
    name: "by their own claim, at a GitLab of one's own, as one of several issuers",
    code: "groups_of_anybody",
    dynamic: [
      rules,
      `          issuers: [{issuer: "https://gitlab.example.com", clientId: b, jwksFile: /state/b.json, rolesFrom: "https://gitlab\\\\.org/claims/groups/owner"}]\n${rules}`,
    ],
    at: '"https://gitlab\\\\.org',
  },
  {
    name: "roles from a claim of Auth0's",
    code: "claim_divided",
    dynamic: ["clientId: app", "clientId: app\n          rolesFrom: [https://example.com/roles]"],
    at: "https://example.com/roles",
  },
  {
    name: "such a claim in a header",
    code: "claim_divided",
    dynamic: [
      "clientId: app",
      "clientId: app\n          forwardHeaders: {X-Team: 'https://example.com/team'}",
    ],
    at: "'https://example.com/team'",
  },
  {
    name: "such a claim in a rule",
    code: "claim_divided",
    dynamic: ["allow: authenticated", 'allow: "Contains(`https://example.com/team`, `a`)"'],
    at: '"Contains(`https',
  },
  {
    name: "an image of Traefik 3.2 beside the flags",
    code: "traefik_too_old",
    file: ["compose.yml", composeWith(padded) + traefikService("traefik:v3.2")],
    at: "traefik:v3.2",
  },
  {
    name: "a plugin of the catalogue without a version",
    code: "plugin_version_missing",
    static: [
      "  localPlugins:\n    rolegate:\n      moduleName: rolegate",
      "  plugins:\n    rolegate:\n      moduleName: github.com/example/rolegate",
    ],
    at: "rolegate:",
  },
  {
    name: "one name twice",
    code: "plugin_twice",
    static: [
      "  localPlugins:",
      "  plugins: {rolegate: {moduleName: github.com/example/rolegate, version: v0.1.0}}\n  localPlugins:",
    ],
    at: "rolegate:\n",
  },
  {
    name: "one module twice",
    code: "plugin_twice",
    static: ["  localPlugins:\n", "  localPlugins:\n    another: {moduleName: rolegate}\n"],
    at: "rolegate:\n",
  },
  {
    name: "a plugin of the catalogue by flags in chart values",
    code: "plugin_storage_missing",
    static: [
      HEALTHY_STATIC,
      `log: {level: INFO}
additionalArguments:
  - --experimental.abortOnPluginFailure=true
  - --experimental.plugins.rolegate.moduleName=github.com/example/rolegate
  - --experimental.plugins.rolegate.version=v0.1.0
  - --experimental.plugins.rolegate.settings.mounts=/state:/state
`,
    ],
    at: "--experimental.plugins.rolegate.moduleName",
  },
  {
    name: "Traefik and its plugin, and a router without it",
    code: "middleware_missing",
    file: [
      "compose.yml",
      `services:\n  app: {labels: ["traefik.http.routers.app.rule=Host(\`a.example\`)"]}\n${traefikService("traefik:v3.7")}`,
    ],
    at: "--experimental.localPlugins.rolegate.moduleName",
  },
  {
    name: "settings in chart values, beside flags",
    code: "settings_dropped",
    static: [HEALTHY_STATIC, chartValues("settings: {mounts: [./state:/state]}")],
    at: "settings: {",
  },
  {
    name: "rules in labels that are not padded",
    code: "label_order",
    file: ["compose.yml", composeWith((i) => String(i))],
    at: "traefik.http.middlewares.gate.plugin.rolegate.rules[1].allow",
  },
  {
    name: "labels that differ only in case",
    code: "label_case",
    file: [
      "compose.yml",
      `${composeWith(padded)}      - traefik.http.middlewares.gate.plugin.rolegate.ISSUER=x\n`,
    ],
    at: "traefik.http.middlewares.gate.plugin.rolegate.ISSUER",
  },
];

/** Middlewares that faults put on a router. */
export const MORE_MIDDLEWARES = `    strip: {stripPrefix: {prefixes: [/a]}}
    buffer: {buffering: {}}
    basic: {basicAuth: {users: []}}
`;

export function padded(index: number): string {
  return String(index).padStart(2, "0");
}

/** Eleven rules in labels. */
export function composeWith(indexText: (index: number) => string): string {
  const prefix = "traefik.http.middlewares.gate.plugin.rolegate";
  return [
    "services:",
    "  app:",
    "    labels:",
    "      - traefik.http.routers.app.rule=Host(`a.example`)",
    "      - traefik.http.routers.app.middlewares=gate",
    `      - ${prefix}.issuer=https://sso.example.com`,
    `      - ${prefix}.clientId=app`,
    `      - ${prefix}.jwksFile=/state/jwks.json`,
    ...Array.from({ length: 11 }, (_, i) => [
      `      - ${prefix}.rules[${indexText(i)}].match=Path(\`/${i}\`)`,
      `      - ${prefix}.rules[${indexText(i)}].allow=authenticated`,
    ]).flat(),
    "",
  ].join("\n");
}

/** Traefik in a compose file, with the plugin by flags. */
export function traefikService(image: string): string {
  return `  traefik:
    image: ${image}
    command:
      - --log.level=INFO
      - --experimental.abortOnPluginFailure=true
      - --experimental.localPlugins.rolegate.moduleName=rolegate
      - --experimental.localPlugins.rolegate.settings.mounts=/state:/state
`;
}

/** Where static configuration and chart values have plugins. */
export const PLUGIN_KINDS = ["plugins", "localPlugins"];

/** Chart values that load the plugin from the catalogue, with more of it, and with other flags. */
export function chartValues(more: string, flag = "--api.insecure=true"): string {
  return `log: {level: INFO}
additionalArguments: [${flag}]
experimental:
  abortOnPluginFailure: true
  plugins:
    rolegate:
      moduleName: github.com/example/rolegate
      version: v0.1.0
      ${more}
`;
}

/** Chart values with a log level, where charts have it: before 41, and since. */
export function valuesWith(log: string): string {
  return `${log}
additionalArguments:
  - --experimental.abortOnPluginFailure=true
  - --experimental.localPlugins.rolegate.moduleName=rolegate
  - --experimental.localPlugins.rolegate.settings.mounts=/state:/state
`;
}
