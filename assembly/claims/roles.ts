/**
 * Maps the provider's role names to the roles of this configuration, with all that the hierarchy
 * adds.
 */
import { Json } from "../json/value";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Names } from "../text/names";
import { Bits } from "./bits";
import { ClaimPath } from "./path";
import { RolePath } from "./role-path";

/** All roles that the configuration names, and the roles that each includes. */
@final
export class Hierarchy {
  readonly names: Names = new Names();
  /** By role: the roles that it includes, itself among them. Filled by `close`. */
  private closure: Array<Bits> = [];
  private over: Array<i32> = [];
  private under: Array<i32> = [];

  role(name: Bytes): i32 {
    return this.names.add(name);
  }

  /** `upper` includes `lower`. */
  add(upper: i32, lower: i32): void {
    this.over.push(upper);
    this.under.push(lower);
  }

  /** Number of inclusions that were declared. */
  get pairs(): i32 {
    return this.over.length;
  }

  /**
   * Call it once, when all roles are known. Repeats until nothing changes. Cycles are harmless:
   * their roles are equal.
   */
  close(): void {
    const count = this.names.length;
    for (let i = 0; i < count; i++) {
      const own = Bits.make(count);
      own.add(i);
      this.closure.push(own);
    }
    for (let changes = true; changes;) {
      changes = false;
      for (let i = 0; i < this.over.length; i++) {
        const lower = this.closure[this.under[i]];
        if (this.closure[this.over[i]].hasAll(lower)) continue;
        this.closure[this.over[i]].addAll(lower);
        changes = true;
      }
    }
  }

  /** Adds a role and all that it includes. */
  grant(role: i32, to: Bits): void {
    to.addAll(this.closure[role]);
  }
}

/** Where an issuer's tokens hold roles, and which roles of the configuration these are. */
@final
export class RoleSource {
  /** The provider's names, and for each the roles of this configuration. */
  private readonly providerNames: Names = new Names();
  private readonly meanings: Array<Array<i32>> = [];

  constructor(
    readonly paths: Array<RolePath>,
    /** Without a map the provider's names are the roles. */
    readonly mapped: bool,
    /**
     * The member names of an object count, as Zitadel writes roles. Only where the configuration
     * names the claim.
     */
    private readonly readsMembers: bool = false,
  ) {}

  map(providerName: Bytes, role: i32): void {
    const index = this.providerNames.add(providerName);
    if (index == this.meanings.length) this.meanings.push([]);
    this.meanings[index].push(role);
  }

  /** The provider's names of the roles that a token gives. */
  namesIn(payload: Json): Array<Bytes> {
    const names: Array<Bytes> = [];
    for (let i = 0; i < this.paths.length; i++) {
      const path = this.paths[i];
      const value = path.path.find(payload);
      if (!value) continue;
      if (value.isString && !path.member) names.push(value.text);
      const isMap = value.isObject && this.readsMembers && !path.member;
      if (!value.isArray && !isMap) continue;
      for (let it = value.first; it; it = it!.next) {
        const name = isMap ? memberName(it) : elementName(it, path.member);
        if (name) names.push(name);
      }
    }
    return names;
  }

  /**
   * Adds the roles that a token gives; `other` collects the names that no rule knows, without a
   * map.
   */
  read(payload: Json, hierarchy: Hierarchy, roles: Bits, other: Array<Bytes> | null): void {
    const names = this.namesIn(payload);
    for (let i = 0; i < names.length; i++) this.grant(names[i], hierarchy, roles, other);
  }

  private grant(name: Bytes, hierarchy: Hierarchy, roles: Bits, other: Array<Bytes> | null): void {
    if (!this.mapped) {
      const role = hierarchy.names.find(name);
      if (role >= 0) hierarchy.grant(role, roles);
      else if (other) other.push(name);
      return;
    }
    const index = this.providerNames.find(name);
    if (index < 0) return;
    const meanings = this.meanings[index];
    for (let i = 0; i < meanings.length; i++) hierarchy.grant(meanings[i], roles);
  }
}

/**
 * A member that is false, null, a number or a text does not grant the role of its name, and neither
 * does an empty one: Zitadel lists in it the organizations that gave the role.
 */
function memberName(member: Json): Bytes | null {
  // Objects and lists alone have a count.
  return member.count > 0 || member.isTrue ? member.name : null;
}

function elementName(element: Json, member: ClaimPath | null): Bytes | null {
  const name = member ? member.find(element) : element;
  return name && name.isString ? name.text : null;
}

/**
 * `scope` of RFC 9068 §2.2.3, one text of names with spaces between; some providers send `scp` as a
 * list.
 */
export function readScopes(payload: Json, names: Names, scopes: Bits): void {
  const value = payload.member("scope") || payload.member("scp");
  if (!value) return;
  if (value.isArray) {
    for (let it = value.first; it; it = it!.next) if (it.isString) addScope(it.text, names, scopes);
  } else if (value.isString) {
    let from = 0;
    while (from <= value.text.length) {
      const space = value.text.indexOf(Char.Space, from);
      const to = space < 0 ? value.text.length : space;
      if (to > from) addScope(value.text.slice(from, to), names, scopes);
      from = to + 1;
    }
  }
}

function addScope(name: Bytes, names: Names, scopes: Bits): void {
  const index = names.find(name);
  if (index >= 0) scopes.add(index);
}
