/** Tables of keys: made at the fourth use, forgotten together, and earned more slowly after that. */
import { Table, tableBytes } from "../../../assembly/crypto/tables";
import { KEY_TABLE_BYTES, KEY_TABLE_USES } from "../../../assembly/limits";

/** How many uses it takes until a table is due. */
function usesUntilDue(table: Table): i32 {
  let uses = 0;
  while (!table.isDue) {
    table.use();
    uses++;
  }
  return uses;
}

describe("tables of keys", () => {
  test("are due at the fourth use and not before", () => {
    const table = new Table();
    expect(table.isDue).toBe(false);
    expect(usesUntilDue(table)).toBe(KEY_TABLE_USES);
    expect(table.current == 0).toBe(true);
    const at = table.make(64);
    expect(table.current == at).toBe(true);
    expect(table.use() == at).toBe(true);
  });

  test("are all forgotten when there is no room, and then take twice as many uses", () => {
    const first = new Table();
    const second = new Table();
    first.make(KEY_TABLE_BYTES - 1024);
    second.make(2048);
    expect(first.current == 0).toBe(true);
    expect(second.current != 0).toBe(true);
    expect(tableBytes()).toBe(2048);
    expect(usesUntilDue(first)).toBe(2 * KEY_TABLE_USES);
  });

  test("a dropped table is gone", () => {
    const table = new Table();
    table.make(16);
    table.drop();
    expect(table.current == 0).toBe(true);
  });
});
