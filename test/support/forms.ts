/** A configuration in the forms in which Traefik delivers it, as measured: its file provider, and Docker labels. */

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * From YAML or JSON through the file provider: outside lists every scalar is a text, an empty list or map is `""`,
 * and what is null is absent. In lists numbers and booleans stay.
 */
export function fileForm(value: unknown, inList = false): unknown {
  if (Array.isArray(value)) {
    return value.length === 0 ? "" : value.map((item) => fileForm(item, true));
  }
  if (isTree(value)) {
    const members = Object.entries(value).filter(([, member]) => member != null);
    if (members.length === 0) return "";
    return Object.fromEntries(members.map(([name, member]) => [name, fileForm(member)]));
  }
  if (inList || value == null) return value;
  // Fractions come with six digits.
  if (typeof value === "number" && !Number.isInteger(value)) return value.toFixed(6);
  return String(value);
}

/** From labels: all scalars are texts, in lists too; what has no scalar in it is not there. */
export function labelForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(labelForm);
  if (!isTree(value)) return String(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => Object.keys(labels("", member)).length > 0)
      .map(([name, member]) => [name, labelForm(member)]),
  );
}

/** Labels below `prefix`: one for each scalar, `[0]` for elements, which Traefik sorts as text. */
export function labels(prefix: string, value: unknown, width = 0): Record<string, string> {
  if (Array.isArray(value)) {
    const digits = String(value.length - 1).length;
    return Object.assign(
      {},
      ...value.map((item, index) =>
        labels(`${prefix}[${String(index).padStart(Math.max(width, digits), "0")}]`, item, width),
      ),
    );
  }
  if (value == null) return {};
  if (isTree(value)) {
    return Object.assign(
      {},
      ...Object.entries(value).map(([name, member]) => labels(`${prefix}.${name}`, member, width)),
    );
  }
  return { [prefix]: String(value) };
}
