/** The findings of `rolegate doctor --preset prefect`, with threads about the same faults. */
import { type FindingKind, findingKinds } from "../finding-kind.ts";

const server = (needs = "--preset prefect") => ({ docs: "prefect.md", needs });
const signedIn = server("--preset prefect and a token");
const client = server("--preset prefect and --client-env");
const clientVersion = server("--preset prefect and --client-env with prefect version");

export const PREFECT = findingKinds({
  prefect_down: {
    severity: "error",
    title: "Prefect's server does not answer",
    remedy:
      "look whether it runs, at its log, and at the service's address. Prefect 3.8.8 does not start with FastAPI 0.165 or newer: install fastapi==0.139.0 beside it",
    ...server(),
    known: ["#19664"],
  },
  prefect_prefix: {
    severity: "error",
    title: "Prefect's API is not where its clients look for it",
    remedy:
      "take stripPrefix, addPrefix and replacePath away from its routers, let the router's rule have the API's path, or move the API with PREFECT_SERVER_API_BASE_PATH, the preset's --api-base and --api-base here",
    ...server(),
    known: ["#12096", "#16967", "#19474", "#11472"],
  },
  prefect_health: {
    severity: "warning",
    title: "Prefect's health check needs a credential",
    remedy: "let GET and HEAD of /api/health and /api/ready be public; the preset does",
    ...server(),
  },
  prefect_open: {
    severity: "error",
    title: "Prefect's API answers without a credential",
    remedy:
      "every router that leads to Prefect needs the middleware, not the pages' alone. Only GET and HEAD of /api/health and /api/ready are public; look for rules or routers by the end of a path",
    ...server(),
    known: ["#21063"],
  },
  prefect_page_instead: {
    severity: "error",
    title: "Prefect's clients get a page in place of a refusal",
    remedy:
      "look for another sign-in before Rolegate (forwardAuth, errors): clients follow to its page and take that for the API's answer",
    ...server(),
    known: ["PrefectHQ/terraform-provider-prefect#615", "PrefectHQ/terraform-provider-prefect#516"],
  },
  prefect_cors: {
    severity: "warning",
    title: "Any page may read Prefect's API",
    remedy:
      "set PREFECT_SERVER_CORS_ALLOWED_ORIGINS on the server to the public address, and let no preflight through",
    ...server(),
    known: ["GHSA-4v9f-r55g-g6hc"],
  },
  prefect_socket_open: {
    severity: "error",
    title: "Prefect's WebSockets open without a credential",
    remedy: "no rule that is public may be for them, and every router needs the middleware",
    ...server(),
    known: ["#17687", "#17741"],
  },
  prefect_socket_refused: {
    severity: "error",
    title: "Prefect's WebSockets do not open with the token",
    remedy:
      "task runs and logs get lost silently: look for a middleware or a proxy that takes Upgrade away, and for the server's path",
    ...signedIn,
    known: ["#22812", "#15153", "#15274", "#17971", "#19539"],
  },
  prefect_subprotocol: {
    severity: "error",
    title: "The WebSocket's sub-protocol gets lost",
    remedy:
      "look for a middleware that takes Sec-WebSocket-Protocol away: clients need `prefect` back",
    ...signedIn,
    known: ["#20537", "#20775"],
  },
  prefect_password: {
    severity: "error",
    title: "Prefect asks for a password of its own",
    remedy: "unset PREFECT_SERVER_API_AUTH_STRING on the server, and let only Traefik reach it",
    docs: "prefect.md#prefects-own-password",
    needs: signedIn.needs,
    known: ["#18341"],
  },
  prefect_second_lock: {
    severity: "warning",
    title: "Prefect has a password of its own, which Rolegate brings along",
    remedy:
      "unset PREFECT_SERVER_API_AUTH_STRING: WebSockets do not get the password, so workers, served flows and events do not work, and pages ask for it",
    docs: "prefect.md#prefects-own-password",
    needs: signedIn.needs,
  },
  prefect_preflight: {
    severity: "error",
    title: "The first request of every client is refused",
    remedy: "let every role GET /api/admin/version and /api/csrf-token; the preset does",
    ...signedIn,
    known: ["#18518", "#16450", "#16464"],
  },
  prefect_secrets: {
    severity: "error",
    title: "A role without the permission gets Prefect's secrets",
    remedy:
      "make the rules anew with npm run preset:prefect, and look for rules of your own before them",
    ...server("--preset prefect, the token of a viewer or runner, and -c"),
  },
  prefect_version: {
    severity: "warning",
    title: "Prefect's server is older than 3.6.22",
    remedy: "update it: before, a path that ended in health was open",
    ...signedIn,
    known: ["#21063"],
  },
  prefect_ui_base: {
    severity: "error",
    title: "Prefect's pages, their files or their settings are not where they should be",
    remedy:
      "take stripPrefix and the like away; for pages below a path set PREFECT_UI_SERVE_BASE on the server to it, and give it here as the address's path",
    ...signedIn,
    known: ["#11472", "#2742", "#19474", "#18173"],
  },
  prefect_ui_url: {
    severity: "error",
    title: "Prefect's pages ask another address for the API",
    remedy: "set PREFECT_UI_API_URL on the server to /api",
    ...signedIn,
    known: [
      ...["#17230", "#20879", "#18895"],
      ...["PrefectHQ/prefect-helm#476", "PrefectHQ/prefect-helm#6", "PrefectHQ/prefect-helm#108"],
    ],
  },
  prefect_two_hosts: {
    severity: "error",
    title: "Prefect's pages and its API are on two hosts",
    remedy:
      "let one host lead to both, and set PREFECT_UI_API_URL on the server to /api: browsers send the session's cookie to the pages' own host alone",
    ...signedIn,
  },
  prefect_host: {
    severity: "error",
    title: "Prefect redirects to another host",
    remedy:
      "take passHostHeader: false away from its service, for redirects are made of the Host header, and update the server: 3.8.8 sends people to its pages without naming a host",
    ...signedIn,
    known: ["#22405"],
  },
  prefect_scheme: {
    severity: "error",
    title: "Prefect redirects to another scheme than the one that people use",
    remedy:
      "set FORWARDED_ALLOW_IPS on Prefect's server to Traefik's address, so that it believes X-Forwarded-Proto: clients drop their credential on the way",
    ...signedIn,
  },
  prefect_csrf: {
    severity: "warning",
    title: "Prefect's own CSRF protection is on",
    remedy:
      "turn it off (PREFECT_SERVER_CSRF_PROTECTION_ENABLED): Rolegate refuses other sites' requests, and clients such as Terraform's do not know it",
    ...signedIn,
    known: [
      "PrefectHQ/terraform-provider-prefect#511",
      ...["PrefectHQ/prometheus-prefect-exporter#34", "PrefectHQ/prometheus-prefect-exporter#63"],
    ],
  },
  prefect_client_key: {
    severity: "error",
    title: "PREFECT_API_KEY or PREFECT_API_AUTH_STRING is set",
    remedy: "unset both: they replace Authorization on some requests, and WebSockets have neither",
    ...client,
    known: ["#21620", "#21261", "#22812", "#17971"],
  },
  prefect_client_scheme: {
    severity: "error",
    title: "PREFECT_API_AUTH_STRING begins with Bearer or Basic",
    remedy:
      "it is always sent as Basic, encoded: put the token into PREFECT_CLIENT_CUSTOM_HEADERS and unset it",
    ...client,
    known: ["answers of the bot in Prefect's Slack"],
  },
  prefect_client_quotes: {
    severity: "error",
    title: "Quotation marks are part of a value",
    remedy:
      'in a compose file\'s list they are: write - NAME=value, or "NAME=value" as a whole, or a map',
    ...client,
    known: ["#16724"],
  },
  prefect_server_quotes: {
    severity: "error",
    title: "Quotation marks are part of the password of Prefect's server",
    remedy:
      "unset PREFECT_SERVER_API_AUTH_STRING; where it has to be, write it in the compose file without quotation marks around the value",
    ...server("--preset prefect, --upstream, and --client-env with PREFECT_API_AUTH_STRING"),
    known: ["#16724"],
  },
  prefect_client_headers: {
    severity: "error",
    title: "PREFECT_CLIENT_CUSTOM_HEADERS does not bring a token",
    remedy: "rolegate token -f prefect prints it: nothing else reaches all of Prefect's WebSockets",
    ...client,
    known: ["#22812"],
  },
  prefect_client_refused: {
    severity: "error",
    title: "A client with this environment is refused",
    remedy:
      "give it one credential, in PREFECT_CLIENT_CUSTOM_HEADERS, that is good: rolegate token -f prefect, or an API key",
    ...client,
    known: ["#21620", "#21261"],
  },
  prefect_client_expiry: {
    severity: "warning",
    title: "The client's token ends within the hour",
    remedy:
      "a worker and its flows send it as long as they run: make an API key with rolegate apikey new, or let the provider's tokens for this client live longer",
    docs: "prefect.md#a-workers-credential",
    needs: client.needs,
  },
  prefect_client_url: {
    severity: "error",
    title: "PREFECT_API_URL is not the API's address",
    remedy: "it ends in /api, without a slash behind it, and is https as browsers have it",
    ...client,
    known: ["#9662"],
  },
  prefect_client_old: {
    severity: "error",
    title: "The client is older than 3.4.8",
    remedy: "update it: its WebSockets do not have the custom headers",
    ...clientVersion,
    known: ["#18435", "#18477"],
  },
  prefect_client_major: {
    severity: "error",
    title: "Client and server are of different major versions",
    remedy:
      "install the server's version of Prefect for the client: it refuses to work with this one",
    ...clientVersion,
  },
  prefect_client_newer: {
    severity: "warning",
    title: "The client is newer than the server",
    remedy: "update the server, or install its version for the client",
    ...clientVersion,
  },
} satisfies Record<string, FindingKind>);
