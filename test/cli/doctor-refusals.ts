/** How a server answers that is to look like Rolegate to `rolegate doctor`. */
import type { IncomingMessage, ServerResponse } from "node:http";

export const problem =
  (status: number, code: string) => (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { "Content-Type": "application/problem+json" });
    response.end(JSON.stringify({ code, requestId: "1" }));
  };
/** As Rolegate refuses a caller without a credential, with a bad one, or another site's page. */
export const unauthenticated = ({ headers }: IncomingMessage, response: ServerResponse) => {
  const isForeign = headers.cookie !== undefined && headers["sec-fetch-site"] === "cross-site";
  const [status, code] = isForeign
    ? ([403, "cross_site"] as const)
    : ([401, headers.authorization ? "invalid_token" : "authentication_required"] as const);
  problem(status, code)({ headers } as IncomingMessage, response);
};
export const refusing = (request: IncomingMessage, response: ServerResponse) =>
  (request.url!.includes("%2F") ? problem(400, "invalid_request") : unauthenticated)(
    request,
    response,
  );
