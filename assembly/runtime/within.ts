/**
 * A hint for wazero, which Traefik runs the guest in. It checks each access against the memory's
 * end with 65 bytes of machine code, unless it has checked an address further on from the same one.
 * A request runs most of its code once, so this code's size is time: it does not fit into the
 * processor's first cache (measured: half of a request's misses there).
 */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.

/**
 * Has the object's last byte checked, and so all accesses that follow. The byte itself is not
 * loaded, because nothing uses it.
 */
// @ts-ignore: decorator
@inline
export function within<T>(object: T): void {
  load<u8>(changetype<usize>(object), offsetof<T>() - 1);
}
