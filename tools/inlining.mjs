/**
 * A compiler transform with other limits of inlining, in nodes of a function's tree. The module is 5 kB smaller than
 * with the compiler's own, and a warm request takes as long (measured on wazero 1.8.0, 32 guests in turn).
 */
import { Module, Node } from "assemblyscript";

/** A function that one other calls; the compiler: 80. */
const ONE_CALLER = 260;
/** Any function; the compiler: 6. What is larger and in the way says `@inline`. */
const ALWAYS = 4;

/**
 * Functions that are called although one other alone calls them: they are rare on the way, or have a loop, past which
 * wazero knows nothing of the objects that it has checked (assembly/runtime/within.ts).
 */
const OUT_OF_LINE = [
  "assembly/gate/allow/allow",
  "assembly/gate/credential/findCredential",
  "assembly/gate/credential/readCookies",
  "assembly/gate/credential/readHeader",
  "assembly/gate/credential/readProtocols",
  "assembly/gate/credential/readQuery",
  "assembly/gate/decide/Gate#firstMatch",
  "assembly/gate/decide/Gate#objectionTo",
  "assembly/gate/decide/Gate#verify",
  "assembly/gate/place/checkFirst",
  "assembly/gate/strip-headers/namesOwned",
  "assembly/http/path/Path#takeOther",
];

/** Functions of the standard library that are less than a call: by library, class and members. */
const IN_LINE = {
  "~lib/array": { Array: ["__uget"] },
  "~lib/staticarray": { StaticArray: ["length", "__uget"] },
};

const { setOneCallerInlineMaxSize, setAlwaysInlineMaxSize } = Module.prototype;

export default class {
  afterParse(parser) {
    for (const [library, classes] of Object.entries(IN_LINE)) {
      const source = parser.sources.find(({ internalPath }) => internalPath === library);
      for (const [name, members] of Object.entries(classes)) {
        const declared = source?.statements.find((statement) => statement.name?.text === name);
        for (const member of members) {
          const found = declared?.members.find(({ name: { text } }) => text === member);
          if (!found) throw new Error(`${library} has no ${name}.${member} any more`);
          const { range } = found;
          const inline = Node.createIdentifierExpression("inline", range);
          found.decorators = [
            ...(found.decorators ?? []),
            Node.createDecorator(inline, null, range),
          ];
        }
      }
    }
  }

  afterInitialize() {
    Module.prototype.setOneCallerInlineMaxSize = function () {
      setOneCallerInlineMaxSize.call(this, ONE_CALLER);
      for (const name of OUT_OF_LINE) {
        if (!this.getFunction(name)) throw new Error(`there is no ${name} any more`);
        this.setPassArgument("no-inline", name);
        this.runPasses(["no-inline"]);
      }
    };
    Module.prototype.setAlwaysInlineMaxSize = function () {
      setAlwaysInlineMaxSize.call(this, ALWAYS);
    };
  }
}
