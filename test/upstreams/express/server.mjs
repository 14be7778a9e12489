/** What Express reads of a request: the parameter in the query, in a form as Rails reads forms, and in a JSON body. */
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , port, packages] = process.argv;
const express = createRequire(join(packages, "package.json"))("express");
const app = express();

/** As applications copy what they are given. */
const optionsOf = (value) => Object.assign({}, value);

app.set("query parser", "extended");
app.use(express.json(), express.urlencoded({ extended: true }));
app.all("/read", ({ query, body }, response) => {
  const all = [query, ...(Array.isArray(body) ? body.flat(2) : [body])].map(optionsOf);
  const values = all.flatMap((it) => [it.secrets, optionsOf(it.nested).secrets]);
  response.json(values.filter((it) => it !== undefined));
});
// What it cannot read it has not read.
app.use((_error, _request, response, _next) => response.json([]));
app.listen(Number(port), "127.0.0.1", () => console.log("ready"));
