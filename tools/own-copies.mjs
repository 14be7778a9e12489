/**
 * A compiler transform that has the standard library copy and fill memory by assembly/runtime/copy.ts. Without
 * bulk-memory instructions its own functions go byte by byte wherever the two places are not aligned alike.
 */
import { Node } from "assemblyscript";

const LIBRARY = "~lib/util/memory";
/** The functions that replace the standard library's. The parameters are the same. */
const OWN = { memmove: "__copy", memset: "__fill" };

export default class {
  afterParse(parser) {
    const source = parser.sources.find(({ internalPath }) => internalPath === LIBRARY);
    for (const [name, own] of Object.entries(OWN)) {
      const declared = source?.statements.find((statement) => statement.name?.text === name);
      if (!declared?.body) throw new Error(`${LIBRARY} has no function ${name} any more`);
      declared.body = call(own, declared);
    }
  }
}

/** A body that passes all parameters on. */
function call(name, { signature, range }) {
  const identifier = (text) => Node.createIdentifierExpression(text, range);
  const values = signature.parameters.map((parameter) => identifier(parameter.name.text));
  const expression = Node.createCallExpression(identifier(name), null, values, range);
  return Node.createBlockStatement([Node.createExpressionStatement(expression)], range);
}
