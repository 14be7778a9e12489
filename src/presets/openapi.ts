/** The operations of a running server, from its OpenAPI description, and its version. */

export interface Operation {
  method: string;
  /** With `{name}` for parameters. */
  path: string;
}

const methods = ["get", "head", "post", "put", "patch", "delete", "options", "trace"];

/** Rejects with a description of another answer. A redirect means sign-in. */
async function readJson(place: string, headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(place, { headers, redirect: "manual" });
  if (response.ok) return response.json().catch(() => null);
  const hint = [302, 401, 403].includes(response.status)
    ? ': a protected server needs --header "Authorization: Bearer …" of a user with a role'
    : "";
  throw new Error(`${place} answered ${response.status}${hint}`);
}

/** `url`: the API's, for example `http://127.0.0.1:4200/api`. A description has no WebSockets. */
export async function readOperations(
  url: string,
  headers: Record<string, string>,
): Promise<Operation[]> {
  const place = `${url.replace(/\/+$/, "")}/openapi.json`;
  const document = (await readJson(place, headers)) as {
    paths?: Record<string, Record<string, unknown>>;
  } | null;
  const operations = Object.entries(document?.paths ?? {}).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => methods.includes(key))
      .map((key) => ({ method: key.toUpperCase(), path })),
  );
  if (operations.length === 0) throw new Error(`${place} is no OpenAPI description`);
  return operations;
}

/** Prefect's own version; its OpenAPI description has another one. */
export async function readVersion(url: string, headers: Record<string, string>): Promise<string> {
  return String(await readJson(`${url.replace(/\/+$/, "")}/admin/version`, headers));
}
