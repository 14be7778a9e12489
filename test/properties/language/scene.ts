/** What a rule is evaluated over: a request as it stands behind Traefik's entry point, and its caller. */
import type { Headers } from "../../../src/guest/header.ts";
import { readJson, type Json } from "./json.ts";
import type { SeenPath } from "./paths.ts";

export interface Caller {
  /** Null: not of a token. */
  issuer: string | null;
  apiKey: string | null;
  /** With those that come through the hierarchy. */
  roles: ReadonlySet<string>;
  claims: Json;
}

export interface SceneRequest {
  method: string;
  host: string;
  headers: Headers;
  query: string;
  remote: string;
  body: Buffer;
}

/** The body cannot be read: the request is refused, whatever else holds. */
export class Unreadable extends Error {
  constructor(readonly status: 400 | 413) {
    super(`${status}`);
  }
}

const BODY_LIMIT = 1 << 20;
/** Of the types that random requests have. */
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?: *; *charset="?utf-8"?)?$/i;
const NOTHING: Json = { kind: "map", members: [] };

/** Of a body that has not been read nobody can tell. */
export class Unread extends Error {}

export class Scene {
  /** What the match that is being looked at has captured. */
  captures = new Map<string, string>();
  /** Whether any rule compares something with what was captured. */
  capturesCount = false;
  /** Whether that match holds rests on a body which has not been read: so does every value out of the path. */
  isUnsure = false;
  /** The body was read, and may be asked about. */
  bodyRead = false;
  private isOpen = false;

  constructor(
    readonly request: SceneRequest,
    readonly path: SeenPath,
    readonly caller: Caller | null,
    /** Nobody has shown a credential, not even a bad one. */
    readonly isAnonymous: boolean,
  ) {}

  /** Throws Unread before it is called with `true`, and Unreadable. */
  readBody(now = this.isOpen): Json {
    if (!now) throw new Unread();
    this.isOpen = true;
    const { body, headers } = this.request;
    if (headers.has("Content-Encoding")) throw new Unreadable(400);
    this.bodyRead = true;
    if (body.length > BODY_LIMIT) throw new Unreadable(413);
    if (body.length === 0) return NOTHING;
    const types = headers.values("Content-Type");
    if (types.length !== 1 || !JSON_TYPE.test(types[0]!)) throw new Unreadable(400);
    const value = readJson(body);
    if (value === null) throw new Unreadable(400);
    return value;
  }
}
