/**
 * For editors, and `npm run check`: what AssemblyScript has and its own declarations for TypeScript
 * leave out. The compiler does not read this file.
 */

interface Number {
  toString(radix?: number): string;
}

interface Object {
  toString(): string;
}

/** Classes with private constructors too. */
declare function final(target: Function): void;
declare function unmanaged(target: Function): void;

/** Memory of a managed object. */
declare function __new(size: usize, id: u32): usize;
