/** The few names and values that random rules and random requests share, so that the one often meets the other. */

export const ISSUERS = [
  "https://sso.example.com/realms/main",
  "https://login.example.org/",
] as const;
export const CLIENTS = ["app", "other.client"] as const;

export const API_KEYS = ["ci", "nightly job", "old"];
export const ROLES = ["viewer", "runner", "owner", "auditor", "rôle x"];
export const SCOPES = ["openid", "read", "write", "admin:all"];
export const GROUPS = [
  "/staff",
  "staff",
  "ops team",
  "café",
  "/staff/eu",
  "/staffed",
  "staff/eu/x",
];
export const DOMAINS = ["example.com", "EXAMPLE.org", "mail.example.com"];
export const ADDRESSES = [
  ...["a@example.com", "A@Example.Org", "a@x@example.com", '"a@x"@example.com', "@example.com"],
  ...["example.com", "a@mail.example.com", "a@example.com.", ""],
];

/** Of claims, and of what captures stand for. */
export const VALUES = [
  ...["a", "b", "acme", "Acme", "x y", "café", "3", "true", "1.0", "1e2", "-0", "null", "a,b"],
  ...["tick`tick", 'quo"te', "back\\slash", "a;b;c", "100%"],
];
export const CLAIMS = [
  ...["tenant", "tenants", "level", "realm_access.roles", "org.unit.name", "flags.beta", "absent"],
  ...["https://example\\.com/team", "groups", "sub"],
];
export const SEPARATORS = [",", ";", " ", "::"];

export const SEGMENTS = [
  "a",
  "b",
  "api",
  "admin",
  "t",
  "x y",
  "café",
  "a.b",
  "A",
  "p%25q",
  "a+b",
  "~",
];
/** Of what means something in patterns. */
export const ESCAPES = ["%2A", "%7Bc%7D", "%2A%2A", "%5Bid%5D", "%2Ea", "%24"];
export const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY"];
export const HOSTS = [
  "example.com",
  "app.example.com",
  "a.b.example.com",
  "localhost",
  "xexample.com",
];
export const HOST_PATTERNS = [
  ...[...HOSTS, "*.example.com", "**.example.com", "*.b.example.com", "APP.example.COM"],
];
export const PROTOCOLS = ["tcp", "SPDY/3.1", "websocket", "h2c"];
/** Of the header Upgrade. */
export const OFFERS = ["websocket", "websocket", "WebSocket", "h2c", "TCP", "websocket, tcp", ","];

export const HEADER_NAMES = ["X-Tier", "X-Plan", "Accept", "Content-Type", "x_tier"];
export const HEADER_VALUES = ["gold", "Gold", "gold, silver", "*/*", "application/json", "1", ""];

export const PARAMETERS = ["q", "include_secrets", "x y", "filter[a]", "é"];
export const PARAMETER_VALUES = ["false", "true", "1", "", "a b", "a+b", "é", "a&b", "100%"];

export const MAIL = [
  "10.1.2.3",
  "10.200.0.1",
  "192.168.0.7",
  "127.0.0.1",
  "[2001:db8::7]",
  "[::1]",
];
export const RANGES = [
  ...["10.0.0.0/8", "10.1.2.3", "10.1.2.0/30", "192.168.0.0/16", "0.0.0.0/0", "127.0.0.1/32"],
  ...["2001:db8::/32", "2001:db8::7", "::1", "::/0", "2001:db8:0:0:8000::/65"],
];

export const CONTENT_TYPES = [
  ...["application/json", "application/json", "application/json", "Application/JSON"],
  ...["application/json; charset=utf-8", "application/vnd.api+json", "text/plain"],
  ...["application/x-www-form-urlencoded", "application/json; charset=utf-7"],
];
export const BODY_KEYS = ["x", "y", "include_secrets", "a.b", "é"];
export const BODY_PATHS = [
  "x",
  "y",
  "include_secrets",
  "a\\.b",
  "é",
  "x.y",
  "y.x.x",
  "x.include_secrets",
];
export const LITERALS = [
  "false",
  "true",
  "null",
  "1",
  "1.0",
  "-2e3",
  '"false"',
  '"text"',
  '"é"',
  '""',
];
