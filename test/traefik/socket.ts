/** A short talk with the upstream over a WebSocket. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { WebSocket } from "ws";

interface Talk {
  /** 101 when it opened. */
  status: number;
  headers: IncomingHttpHeaders;
  /** The server's first words. */
  greeting: string;
  /** What came back of the text that was sent. */
  echo: string;
}

/** Asks for a WebSocket, hears the greeting, sends a text, and hears its echo. */
export function converse(
  url: string,
  text: string,
  headers: OutgoingHttpHeaders = {},
): Promise<Talk> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    const heard: string[] = [];
    let answered: IncomingHttpHeaders = {};
    socket.on("upgrade", (response) => (answered = response.headers));
    socket.on("unexpected-response", (request, response) => {
      const { statusCode, headers: refused } = response;
      response.resume();
      response.on("end", () => {
        request.destroy();
        resolve({ status: statusCode!, headers: refused, greeting: "", echo: "" });
      });
    });
    socket.on("message", (data) => {
      heard.push(String(data));
      if (heard.length === 1) return socket.send(text);
      const [greeting = "", echo = ""] = heard;
      socket.terminate();
      resolve({ status: 101, headers: answered, greeting, echo });
    });
    socket.on("close", () => reject(new Error(`the WebSocket ended after ${heard.join(", ")}`)));
    socket.on("error", reject);
  });
}
