/**
 * A compiler transform that has the standard library copy and fill memory by assembly/runtime/copy.ts. Without
 * bulk-memory instructions its own functions go byte by byte wherever the two places are not aligned alike. It also has
 * it write numbers by assembly/runtime/decimal.ts, because its own functions take much room.
 */
import { Node } from "assemblyscript";

/** The functions that replace the standard library's. They take as many of the parameters. */
const OWN = {
  "~lib/util/memory": { memmove: ["__copy", 3], memset: ["__fill", 3] },
  "~lib/util/number": { itoa32: ["__decimal", 1], itoa64: ["__decimal", 1] },
};

export default class {
  afterParse(parser) {
    for (const [library, functions] of Object.entries(OWN)) {
      const source = parser.sources.find(({ internalPath }) => internalPath === library);
      for (const [name, [own, count]] of Object.entries(functions)) {
        const declared = source?.statements.find((statement) => statement.name?.text === name);
        if (!declared?.body) throw new Error(`${library} has no function ${name} any more`);
        declared.body = call(own, count, declared);
      }
    }
  }
}

/** A body that passes the first parameters on. */
function call(name, count, { signature, range }) {
  const identifier = (text) => Node.createIdentifierExpression(text, range);
  const values = signature.parameters
    .slice(0, count)
    .map((parameter) => identifier(parameter.name.text));
  const expression = Node.createCallExpression(identifier(name), null, values, range);
  const isVoid = signature.returnType.name?.identifier.text === "void";
  const statement = isVoid
    ? Node.createExpressionStatement(expression)
    : Node.createReturnStatement(expression, range);
  return Node.createBlockStatement([statement], range);
}
