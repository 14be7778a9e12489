/** A line to paste that runs the installed Prefect's command line with a token. */
import type { PrefectStack } from "./stack.ts";

export function prefectRun({ url, prefect }: PrefectStack, token: string, command: string): string {
  const { python, folder } = prefect.installed;
  const headers = JSON.stringify({ Authorization: `Bearer ${token}` });
  const settings = [
    `PYTHONPATH='${folder}'`,
    `PREFECT_API_URL='${url}/api'`,
    `PREFECT_CLIENT_CUSTOM_HEADERS='${headers}'`,
  ];
  return `env ${settings.join(" ")} ${python} -m prefect ${command}`;
}
