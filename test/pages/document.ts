/** Pages as a browser's parser reads them: parse5, which reports every parse error of the HTML Living Standard. */
import { type DefaultTreeAdapterTypes, parse, type ParserError } from "parse5";

type Node = DefaultTreeAdapterTypes.ChildNode;
export type Element = DefaultTreeAdapterTypes.Element;

export class Page {
  readonly errors: string[] = [];
  readonly elements: Element[] = [];
  readonly root: Element;

  constructor(html: string) {
    const onParseError = ({ code, startLine, startCol }: ParserError) => {
      this.errors.push(`${code} at ${startLine}:${startCol}`);
    };
    const { childNodes } = parse(html, { onParseError });
    this.root = childNodes.find((node) => node.nodeName === "html") as Element;
    const visit = (node: Node): void => {
      if (!("tagName" in node)) return;
      this.elements.push(node);
      node.childNodes.forEach(visit);
    };
    visit(this.root);
  }

  all(...names: string[]): Element[] {
    return this.elements.filter(({ tagName }) => names.includes(tagName));
  }

  /** The texts of all elements of a name. */
  texts(name: string): string[] {
    return this.all(name).map(textOf);
  }

  /** Every address that the page leads to. */
  addresses(): string[] {
    return this.elements.flatMap(({ tagName, attrs }) =>
      attrs.flatMap(({ name, value }) => {
        if (name === "href" || name === "action") return [value];
        const [, address] = tagName === "meta" ? (/^\d+; url=(.*)$/s.exec(value) ?? []) : [];
        return address === undefined ? [] : [address];
      }),
    );
  }

  /** Elements and the names of their attributes: what values that are put in must not change. */
  skeleton(): string {
    const names = ({ tagName, attrs }: Element) =>
      [tagName, ...attrs.map(({ name }) => name)].join(" ");
    return this.elements.map(names).join("\n");
  }
}

function textOf(node: Node): string {
  if ("value" in node) return node.value;
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

export function attributeOf({ attrs }: Element, name: string): string | undefined {
  return attrs.find((attribute) => attribute.name === name)?.value;
}
