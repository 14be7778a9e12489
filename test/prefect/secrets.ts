/** A real Secret block: no way of asking that the server itself would answer gives it to a viewer or a runner. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { pairs } from "../../src/guest/header.ts";
import { leaksOf, type SecretBlock } from "../presets/prefect/leaks.ts";
import { type WireResponse, send } from "../support/wire.ts";
import type { Caller } from "../presets/prefect/gate.ts";
import type { Setting } from "./setting.ts";

const value = `secret-${randomBytes(12).toString("hex")}`;

/** Made by a developer through Traefik, as `prefect block` makes one. */
async function createBlock(setting: Setting, name: string): Promise<SecretBlock> {
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await setting.ask("developer", method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as { id: string } & Record<string, unknown>[];
  };
  const type = await ask("GET", "/api/block_types/slug/secret");
  const schemas = await ask("POST", "/api/block_schemas/filter", {
    block_schemas: { block_type_id: { any_: [type.id] } },
  });
  const { id } = await ask("POST", "/api/block_documents/", {
    name,
    data: { value },
    block_type_id: type.id,
    block_schema_id: schemas[0]!.id,
  });
  return { name, id };
}

export function secretTests(setting: Setting): void {
  // Its identifier is only known when it is made.
  const names = leaksOf({ name: "s2", id: "{id}" }).map(({ name }) => name);
  let block: SecretBlock;

  test("a developer makes a Secret block", async () => {
    block = await createBlock(setting, "s2");
  });

  names.forEach((name, index) => {
    test(name, async () => {
      const leak = leaksOf(block)[index]!;
      const shows = ({ body }: WireResponse) => body.includes(value);
      const through = (caller: Caller) => {
        const headers = [
          ...pairs(leak.headers ?? []),
          ...Object.entries(setting.authorization(caller)),
        ];
        return send(Number(new URL(setting.traefik.url).port), {
          ...leak,
          headers: [["Host", "127.0.0.1"], ...headers],
        });
      };
      const bare = await send(Number(new URL(setting.prefect.url).port), leak);
      assert.equal(shows(bare), leak.leaks, `without a gate: ${bare.status} ${bare.body}`);
      for (const caller of ["anonymous", "viewer", "runner"] as const) {
        const answer = await through(caller);
        assert.ok(!shows(answer), caller);
        assert.ok(!leak.leaks || answer.status >= 400, `${caller}: ${answer.status}`);
      }
      if (leak.leaks && !leak.target.includes("%2F")) {
        assert.ok(shows(await through("worker")), "a worker needs it");
      }
    });
  });

  describe("what clients ask for", () => {
    const masked = "********";
    const byName = "/api/block_types/slug/secret/block_documents/name/s2";

    test("prefect block inspect shows it masked to a viewer", async () => {
      const { status, body } = await setting.ask(
        "viewer",
        "GET",
        `${byName}?include_secrets=false`,
      );
      assert.equal(status, 200);
      assert.ok(body.includes(masked) && !body.includes(value), body);
    });

    test("the list of blocks is a viewer's", async () => {
      const { status, body } = await setting.ask("viewer", "POST", "/api/block_documents/filter", {
        include_secrets: false,
      });
      assert.equal(status, 200);
      assert.ok(body.includes(masked) && !body.includes(value), body);
    });
  });
}
