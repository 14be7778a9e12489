import { Bits } from "../../../assembly/claims/bits";
import { roleNames } from "../../../assembly/claims/header";
import { ClaimPath } from "../../../assembly/claims/path";
import { Hierarchy, readScopes, RoleSource } from "../../../assembly/claims/roles";
import { RolePath } from "../../../assembly/claims/role-path";
import { parse } from "../../../assembly/json/parse";
import { Json } from "../../../assembly/json/value";
import { Bytes } from "../../../assembly/text/bytes";
import { Names } from "../../../assembly/text/names";

function json(text: string): Json {
  return parse(Bytes.of(text))!;
}

function path(text: string): ClaimPath {
  return ClaimPath.parse(Bytes.of(text), Bytes.of("my.app"))!;
}

/** The names of the roles that the payload gives, with owner > runner > viewer. `named`: by paths that are configured. */
function rolesOf(payload: string, paths: Array<string>, mapped: bool, named: bool = false): string {
  const hierarchy = new Hierarchy();
  const claims: Array<RolePath> = [];
  for (let i = 0; i < paths.length; i++) {
    claims.push(RolePath.parse(Bytes.of(paths[i]), Bytes.of("my.app"))!);
  }
  const source = new RoleSource(claims, mapped, named);
  const viewer = hierarchy.role(Bytes.of("viewer"));
  const runner = hierarchy.role(Bytes.of("runner"));
  const owner = hierarchy.role(Bytes.of("owner"));
  hierarchy.add(owner, runner);
  hierarchy.add(runner, viewer);
  hierarchy.close();
  source.map(Bytes.of("p-run"), runner);
  source.map(Bytes.of("p-view"), viewer);
  const roles = Bits.make(hierarchy.names.length);
  const others: Array<Bytes> = [];
  source.read(json(payload), hierarchy, roles, others);
  const names = roleNames(roles, hierarchy.names, others);
  let text = "";
  for (let i = 0; i < names.length; i++) text += names[i].toString() + " ";
  return text;
}

describe("roles", () => {
  test("come from lists and single texts, with all that the hierarchy adds", () => {
    expect(rolesOf('{"roles":["runner"]}', ["roles"], false)).toBe("viewer runner ");
    expect(rolesOf('{"roles":"owner"}', ["roles"], false)).toBe("viewer runner owner ");
    expect(rolesOf('{"roles":["x","viewer",1,null]}', ["roles"], false)).toBe("viewer x ");
    expect(rolesOf('{"a":{"roles":["viewer"]},"groups":["y"]}', ["a.roles", "groups"], false)).toBe(
      "viewer y ",
    );
    expect(rolesOf('{"roles":{"viewer":true}}', ["roles"], false)).toBe("");
    expect(rolesOf("{}", ["roles"], false)).toBe("");
  });
  test("come from the names of an object's members, where the claim is configured", () => {
    const project = '{"roles":{"viewer":{"1":"example.com"},"x":true,"y":["z"]}}';
    expect(rolesOf(project, ["roles"], false, true)).toBe("viewer x y ");
    expect(rolesOf(project, ["roles"], false)).toBe("");
    const denied = '{"roles":{"viewer":false,"runner":null,"owner":"no","x":0}}';
    expect(rolesOf(denied, ["roles"], false, true)).toBe("");
    expect(rolesOf('{"roles":[{"viewer":true}]}', ["roles"], false, true)).toBe("");
  });
  test("come from a member of each element of a list", () => {
    const list =
      '{"a":{"groups":[{"name":"viewer"},{"name":["owner"]},{"id":"owner"},"owner",{"name":"x"}]}}';
    expect(rolesOf(list, ["a.groups[].name"], false, true)).toBe("viewer x ");
    expect(rolesOf('{"a":{"groups":{"name":"owner"}}}', ["a.groups[].name"], false, true)).toBe("");
    expect(rolesOf('{"a":{"groups":"owner"}}', ["a.groups[].name"], false, true)).toBe("");
    expect(rolesOf('{"g":[{"a":{"b":"viewer"}}]}', ["g[].a.b"], false, true)).toBe("viewer ");
    expect(RolePath.parse(Bytes.of("g[]."), null) === null).toBe(true);
    expect(RolePath.parse(Bytes.of("[].name"), null) === null).toBe(true);
  });
  test("are only those of the map when there is one", () => {
    expect(rolesOf('{"roles":["p-run"]}', ["roles"], true)).toBe("viewer runner ");
    expect(rolesOf('{"roles":["owner","p-view"]}', ["roles"], true)).toBe("viewer ");
  });
  test("survive a hierarchy with a cycle", () => {
    const hierarchy = new Hierarchy();
    const a = hierarchy.role(Bytes.of("a"));
    const b = hierarchy.role(Bytes.of("b"));
    hierarchy.add(a, b);
    hierarchy.add(b, a);
    hierarchy.close();
    const roles = Bits.make(2);
    hierarchy.grant(a, roles);
    expect(roles.has(a) && roles.has(b)).toBe(true);
  });
});

describe("a claim path", () => {
  test("has dots, escaped dots and the client's id", () => {
    expect(
      path("resource_access.{clientId}.roles").find(
        json('{"resource_access":{"my.app":{"roles":"x"}}}'),
      ) !== null,
    ).toBe(true);
    expect(path("a\\.b").find(json('{"a.b":1}')) !== null).toBe(true);
    expect(path("a.b").find(json('{"a.b":1}')) === null).toBe(true);
    expect(path("a.b").find(json('{"a":[1]}')) === null).toBe(true);
    expect(ClaimPath.parse(Bytes.of("a..b"), null) === null).toBe(true);
    expect(ClaimPath.parse(Bytes.of(""), null) === null).toBe(true);
  });
});

describe("scopes", () => {
  test("are one text with spaces, or a list", () => {
    const names = new Names();
    const read = names.add(Bytes.of("read"));
    const write = names.add(Bytes.of("write"));
    const scopes = Bits.make(2);
    readScopes(json('{"scope":" openid  read"}'), names, scopes);
    expect(scopes.has(read)).toBe(true);
    expect(scopes.has(write)).toBe(false);
    readScopes(json('{"scp":["write"]}'), names, scopes);
    expect(scopes.has(write)).toBe(true);
  });
});
