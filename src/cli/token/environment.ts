/** A token as the environment of a client, for `eval "$(rolegate token …)"`. */

export type Kind = "token" | "header" | "prefect" | "json";

export interface Facts {
  token: string;
  /** Seconds since the epoch. */
  expires: number | null;
  apiUrl?: string | undefined;
}

export const FORMATS: Record<Kind, (facts: Facts) => string> = {
  token: ({ token }) => token,
  header: ({ token }) => `Authorization: Bearer ${token}`,
  json: ({ token, expires }) => JSON.stringify({ token, expires }),
  // Only custom headers reach all of Prefect's WebSockets; a key or a password in addition would
  // take precedence on HTTP.
  prefect: ({ token, apiUrl }) =>
    [
      ...(apiUrl ? [`export PREFECT_API_URL=${quote(apiUrl)}`] : []),
      `export PREFECT_CLIENT_CUSTOM_HEADERS=${quote(JSON.stringify({ Authorization: `Bearer ${token}` }))}`,
      "unset PREFECT_API_KEY PREFECT_API_AUTH_STRING",
    ].join("\n"),
};

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
