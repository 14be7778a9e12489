/**
 * How the development provider reaches an application on this machine: logout tokens are all that
 * it sends.
 */
import { request as http } from "node:http";
import { request as https } from "node:https";

/**
 * In place of `fetch`, which the library would bar from the loopback address; and the certificates
 * of applications here were made a moment ago.
 */
export function post(url: string, { headers, body }: RequestInit): Promise<Response> {
  const start = url.startsWith("https:") ? https : http;
  const options = {
    method: "POST",
    headers: Object.fromEntries(new Headers(headers)),
    rejectUnauthorized: false,
    timeout: 2_500,
  };
  return new Promise((resolve, reject) => {
    const sent = start(url, options, (response) => {
      response.resume();
      response.on("end", () => resolve(new Response(null, { status: response.statusCode! })));
      response.on("error", reject);
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer from ${url}`)));
    sent.on("error", reject);
    sent.end(String(body));
  });
}
