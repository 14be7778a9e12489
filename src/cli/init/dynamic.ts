/**
 * Traefik's dynamic configuration: middlewares that protect applications, and the sign-in that
 * belongs to them.
 */
import { BUFFERING, KEYS_INTERVAL, NAMES } from "./block.ts";
import { publicStoreRule, STORE } from "./store.ts";

export interface GateAround {
  /** The middleware's name. */
  name: string;
  /** The plugin's block as YAML, not indented. */
  block: string;
  /** True if users are sent to the provider to sign in. */
  signIn: boolean;
  /** True if Traefik's health check makes the plugin fetch the provider's keys. */
  fetchesKeys: boolean;
  /** Traefik's rule for the public address. */
  host: string;
  /** `login.path`. */
  path: string;
  /** The provider's origin: the service that the plugin's own requests go to. */
  provider: string;
  /**
   * Where the keys are, if not there, and the whole block of the middleware that fetches them, as
   * YAML.
   */
  keys?: { provider: string; block: string };
  /** The address of the engine that several Traefiks share. */
  engine?: string;
}

export interface Dynamic {
  /** Comments, without a line end. */
  head: string;
  gates: readonly GateAround[];
  /** The application's address; null: its routers are elsewhere. */
  service: string | null;
  entryPoint: string;
  isTls: boolean;
  keysPort: number;
}

export function dynamicYaml(dynamic: Dynamic): string {
  const { head, gates, service } = dynamic;
  const many = gates.length > 1;
  const parts = gates.map((gate) => around(gate, dynamic, many ? `${gate.name}-` : ""));
  const routers = [
    ...(service === null ? [] : gates.slice(0, 1).map((gate) => application(gate, dynamic))),
    ...parts.flatMap((it) => it.routers),
  ];
  const services = [
    ...(service === null
      ? []
      : [`    app: { loadBalancer: { servers: [{ url: ${quote(service)} }] } }`]),
    ...parts.flatMap((it) => it.services),
  ];
  const middlewares = parts.flatMap((it) => it.middlewares);
  if (gates.some((it) => it.signIn)) middlewares.splice(-1, 0, buffering());
  const transport = gates.some((it) => it.fetchesKeys)
    ? [
        "  serversTransports:",
        "    provider: { forwardingTimeouts: { responseHeaderTimeout: 10s } }",
      ]
    : [];
  return [
    head,
    "http:",
    ...(routers.length > 0 ? ["  routers:", ...routers] : []),
    ...(services.length > 0 ? ["  services:", ...services] : []),
    ...transport,
    "  middlewares:",
    ...middlewares,
    "",
  ].join("\n");
}

const web = ({ entryPoint, isTls }: Dynamic) => ({
  entry: `entryPoints: [${entryPoint}]`,
  tls: isTls ? ", tls: {}" : "",
});

function application({ name, host }: GateAround, dynamic: Dynamic): string {
  const { entry, tls } = web(dynamic);
  return `    app: { rule: ${quote(host)}, ${entry}, service: app, middlewares: [${name}]${tls} }`;
}

/**
 * The middlewares and routers in front of the provider; their names begin with `own` if there are
 * several.
 */
function around(gate: GateAround, dynamic: Dynamic, own: string) {
  const { name, host, path } = gate;
  const { keysPort } = dynamic;
  const { entry, tls } = web(dynamic);
  const anchor = name.replace(/[^\w-]/g, "-");
  const [keys, tick] = ["keys", "tick"].map((it) => `/oidc/${it}${own && `/${anchor}`}`);
  const provider = `${own}provider`;
  const keysProvider = gate.keys ? `${own}${NAMES.keysProvider}` : provider;
  const ticker = own ? `${own}tick` : NAMES.tick;
  const engine = `${own}${NAMES.engine}`;
  const storeTicker = own ? `${own}store-tick` : NAMES.storeTick;
  const paths = `(Path(\`${path}\`) || PathPrefix(\`${path}/\`))`;
  const asked = host.includes(" || ") ? `(${host})` : host;
  const fetching = gate.keys
    ? `        ${NAMES.plugin}:\n${indented(gate.keys.block)}`
    : `        ${NAMES.plugin}: { <<: *${anchor}, mode: keys }`;
  const whole = (mode: string) => `        ${NAMES.plugin}: { <<: *${anchor}, mode: ${mode} }`;
  return {
    routers: [
      ...(gate.signIn
        ? [
            "    # The plugin's own paths. Never put retry here: it would send a code twice.",
            `    ${own}login: { rule: ${quote(`${asked} && ${paths}`)}, ${entry}, service: ${provider}, middlewares: [${name}-login, ${NAMES.buffering}]${tls} }`,
          ]
        : []),
      ...(gate.engine === undefined
        ? []
        : [
            "    # The same middleware, before the engine that all Traefiks share.",
            `    ${own}login-store: { rule: ${quote(`${asked} && ${publicStoreRule(path)}`)}, ${entry}, service: ${engine}, middlewares: [${name}-login, ${NAMES.buffering}]${tls} }`,
          ]),
      ...(gate.fetchesKeys
        ? [
            `    ${own}keys: { rule: "Path(\`${keys}\`)", entryPoints: [${NAMES.entryPoint}], service: ${keysProvider}, middlewares: [${name}-keys] }`,
            "    # Only so that its service, and with it the health check, exists.",
            `    ${own}tick: { rule: "Path(\`${tick}\`)", entryPoints: [${NAMES.entryPoint}], service: ${ticker} }`,
          ]
        : []),
      ...(gate.engine === undefined
        ? []
        : [
            `    ${own}store: { rule: "Path(\`${STORE.path}\`)", entryPoints: [${NAMES.entryPoint}], service: ${engine}, middlewares: [${name}-store, ${NAMES.buffering}] }`,
            `    ${own}store-tick: { rule: "Path(\`${STORE.tick}\`)", entryPoints: [${NAMES.entryPoint}], service: ${storeTicker} }`,
          ]),
    ],
    services: gate.fetchesKeys
      ? [
          ...(gate.signIn || !gate.keys ? leadingTo(provider, gate.provider) : []),
          ...(gate.keys ? leadingTo(keysProvider, gate.keys.provider) : []),
          `    ${ticker}:`,
          "      loadBalancer:",
          `        servers: [{ url: "http://127.0.0.1:${keysPort}" }]`,
          `        healthCheck: { path: ${keys}, interval: ${KEYS_INTERVAL} }`,
          ...(gate.engine === undefined
            ? []
            : [
                ...leadingTo(engine, gate.engine),
                `    ${storeTicker}:`,
                "      loadBalancer:",
                `        servers: [{ url: "http://127.0.0.1:${keysPort}" }]`,
                `        healthCheck: { path: ${STORE.path}, interval: ${STORE.interval} }`,
              ]),
        ]
      : [],
    middlewares: [
      `    ${name}:`,
      "      plugin:",
      `        ${NAMES.plugin}:${gate.signIn || (gate.fetchesKeys && !gate.keys) ? ` &${anchor}` : ""}`,
      indented(gate.block),
      ...(gate.signIn ? [`    ${name}-login:`, "      plugin:", whole("login")] : []),
      ...(gate.engine === undefined ? [] : [`    ${name}-store:`, "      plugin:", whole("store")]),
      ...(gate.fetchesKeys ? [[`    ${name}-keys:`, "      plugin:", fetching].join("\n")] : []),
    ],
  };
}

const indented = (block: string) => block.trimEnd().replace(/^(?=.)/gm, " ".repeat(10));

const leadingTo = (service: string, origin: string) => [
  `    ${service}:`,
  `      loadBalancer: { passHostHeader: false, serversTransport: provider, servers: [{ url: ${quote(origin)} }] }`,
];

function buffering(): string {
  const sizes = Object.entries(BUFFERING).map(([name, value]) => `${name}: ${value}`);
  return `    ${NAMES.buffering}: { buffering: { ${sizes.join(", ")} } }`;
}

const quote = (text: string) => JSON.stringify(text);
