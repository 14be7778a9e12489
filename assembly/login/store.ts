/**
 * Names and values of the entries that Traefiks share by the engine of `store`, and the memory that
 * this Traefik has of it in stateDir. An entry never changes, so all of them together are a union
 * and their order does not matter. Its value is sealed for its own name: whoever can write to the
 * engine can neither forge an entry nor put one in another's place.
 */
import { Settings } from "../config/settings";
import { StoreKind } from "../config/options";
import { StoreSettings } from "../config/store-settings";
import { sha256 } from "../crypto/sha256";
import { toInteger } from "../json/number";
import { HEADER_BYTES, REVOCATION_BYTES } from "../limits";
import { FieldReader, Fields } from "../session/fields";
import { KeyRing, Purpose, Scope } from "../session/keys";
import { kindOfFile, RECORD_BYTES, RevocationKind } from "../session/revocation";
import { open, seal } from "../session/seal";
import { State } from "../state/state";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { encodeHex } from "../text/hex";
import { Consul } from "./consul";
import { Engine, SHARED_FOLDERS } from "./engine";
import { Etcd } from "./etcd";
import { ID_BYTES } from "./ids";

const LEASE_BYTES = 8;
const FORM: u8 = 2;

/** A revocation as all Traefiks know it. */
@final
export class SharedRecord {
  constructor(
    readonly record: Bytes,
    readonly isProven: bool,
  ) {}

  /** All Traefiks give the record the same id. */
  get id(): Bytes {
    return sha256(new Fields().text(kindOfFile(this.isProven)).bytes(this.record).all).slice(
      0,
      ID_BYTES,
    );
  }
}

/** A Traefik's memory of the engine. */
@final
export class Memory {
  token: Bytes = Bytes.empty();
  cluster: Bytes = Bytes.empty();
  /** Where the next read begins. */
  next: i64 = 0;
  /** When all of it was last read from its beginning, in seconds. */
  begun: i64 = 0;
  /** That reading has come to its end. */
  isWhole: bool = false;
  /** 8 bytes, a positive number; empty: none was asked for. */
  lease: Bytes = Bytes.empty();
  /** When the lease began, in seconds. */
  leased: i64 = 0;
  /** Entries that have ended were removed since. */
  isTidy: bool = false;
}

@final
export class SharedStore {
  readonly engine: Engine;
  /** Null: it has no lock for a refresh, and each Traefik refreshes by itself. */
  readonly locks: Etcd | null;
  private memoryFile: Bytes;
  private knownFile: Bytes;

  private constructor(
    readonly store: StoreSettings,
    readonly state: State,
    /** All applications with these secrets at this issuer have it, as they share a stateDir. */
    private ring: KeyRing,
    maxAge: i64,
  ) {
    const etcd = store.kind == StoreKind.Etcd ? new Etcd(store) : null;
    this.locks = etcd;
    this.engine = etcd ? etcd : new Consul(store, maxAge);
    this.memoryFile = store.file("store");
    this.knownFile = store.file("store-known");
  }

  /** Null without `store`, or if the configuration has errors. */
  static of(settings: Settings, state: State | null): SharedStore | null {
    const store = settings.store;
    const session = settings.session;
    if (!store || !session || !state || settings.issuers.length == 0) return null;
    const none = Bytes.empty();
    const issuer = settings.issuers[settings.login.issuer].name;
    const ring = KeyRing.of(session.secrets, new Scope(issuer, none, none, none));
    return ring ? new SharedStore(store, state, ring, session.maxAge) : null;
  }

  /** The name of a record's entry. */
  nameOf(shared: SharedRecord, end: i64): Bytes {
    const below = `${SHARED_FOLDERS[shared.isProven ? 0 : 1]}${end}/`;
    return this.store.prefix.concat(Bytes.of(below)).concat(encodeHex(shared.id));
  }

  seal(name: Bytes, value: Bytes, nanoseconds: i64): Bytes {
    return seal(this.ring, Purpose.Revocation, name, nanoseconds, value);
  }

  open(name: Bytes, value: Bytes): Bytes | null {
    return open(this.ring, Purpose.Revocation, name, value);
  }

  /** An id that no other Traefik takes, for a lease: its number is positive, and has 16 digits. */
  leaseId(nanoseconds: i64, tag: Bytes): Bytes {
    const seed = new Fields().i64(nanoseconds).bytes(tag).all;
    const id = this.ring.mark(Purpose.Lock, seed).slice(0, LEASE_BYTES);
    id.set(0, (id.at(0) & 0x3f) | 0x40);
    return id;
  }

  /** The record of an entry; null: it is not one that Rolegate wrote with one of these secrets. */
  recordOf(name: Bytes, value: Bytes): SharedRecord | null {
    const text = this.open(name, value);
    if (!text || text.length != RECORD_BYTES) return null;
    const kind: i32 = text.at(0);
    if (kind != RevocationKind.Sid && kind != RevocationKind.Subject) return null;
    return new SharedRecord(text, name.hasAt(this.store.prefix.length, SHARED_FOLDERS[0]));
  }

  /** When an entry ends, in seconds, by its name; -1: it is no name of an entry. */
  endOf(name: Bytes): i64 {
    const prefix = this.store.prefix;
    if (!name.startsWith(prefix)) return -1;
    const from = name.indexOf(Char.Slash, prefix.length) + 1;
    const to = name.indexOf(Char.Slash, from);
    return from > 0 && to > 0 ? toInteger(name.slice(from, to)) : -1;
  }

  /** Reads the memory, and gives the engine its token. */
  recall(): Memory {
    const memory = new Memory();
    const sealed = this.state.read(this.memoryFile, HEADER_BYTES);
    const text = sealed ? this.open(this.memoryFile, sealed) : null;
    if (text) {
      const fields = new FieldReader(text);
      const form = fields.u8();
      const token = fields.bytes();
      const cluster = fields.bytes();
      const next = fields.i64();
      const begun = fields.i64();
      const lease = fields.bytes();
      const leased = fields.i64();
      const flags = fields.u8();
      if (form == FORM + <u8>this.store.kind && fields.done) {
        memory.token = token;
        memory.cluster = cluster;
        memory.next = next;
        memory.begun = begun;
        memory.lease = lease;
        memory.leased = leased;
        memory.isWhole = (flags & 1) != 0;
        memory.isTidy = (flags & 2) != 0;
      }
    }
    this.engine.token = memory.token;
    return memory;
  }

  remember(memory: Memory, nanoseconds: i64, tag: Bytes): bool {
    const flags = (memory.isWhole ? 1 : 0) | (memory.isTidy ? 2 : 0);
    const text = new Fields()
      .u8(FORM + <u8>this.store.kind)
      .bytes(memory.token)
      .bytes(memory.cluster)
      .i64(memory.next)
      .i64(memory.begun)
      .bytes(memory.lease)
      .i64(memory.leased)
      .u8(<u8>flags).all;
    return this.state.write(this.memoryFile, this.seal(this.memoryFile, text, nanoseconds), tag);
  }

  /** Ids of the entries that the engine is known to hold. */
  known(): Bytes {
    return this.state.read(this.knownFile, REVOCATION_BYTES) || Bytes.empty();
  }

  forgetKnown(tag: Bytes): bool {
    return this.state.write(this.knownFile, Bytes.empty(), tag);
  }

  addKnown(ids: Array<Bytes>): bool {
    return ids.length == 0 || this.state.append(this.knownFile, joined(ids));
  }
}

function joined(parts: Array<Bytes>): Bytes {
  let length = 0;
  for (let i = 0; i < parts.length; i++) length += parts[i].length;
  const all = Bytes.room(length);
  let at = all.start;
  for (let i = 0; i < parts.length; i++) {
    memory.copy(at, parts[i].start, parts[i].length);
    at += parts[i].length;
  }
  return all;
}
