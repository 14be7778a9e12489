import { Bytes } from "./text/bytes";
export function handle_request(): i64 { return Bytes.of("x").is("x") ? 1 : 0; }
