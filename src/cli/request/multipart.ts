/**
 * curl's --form as a body (RFC 7578). Files are named and not read, because no rule reads such a
 * body.
 */

const BOUNDARY = "------------------------rolegate-explain";

export function multipart(fields: readonly string[]): { type: string; body: string } {
  const parts = fields.map((field) => {
    const equals = field.indexOf("=");
    const [name, written] = [field.slice(0, Math.max(equals, 0)), field.slice(equals + 1)];
    const [value = "", ...about] = written.split(/;(?=type=|filename=|headers=|encoder=)/);
    const file = /^[@<](.*)$/s.exec(value)?.[1];
    const type = about.find((it) => it.startsWith("type="))?.slice(5);
    const filename = about.find((it) => it.startsWith("filename="))?.slice(9) ?? file;
    const isFile = file !== undefined && value.startsWith("@");
    return [
      `--${BOUNDARY}`,
      `Content-Disposition: form-data; name="${name}"${isFile ? `; filename="${filename}"` : ""}`,
      ...(type
        ? [`Content-Type: ${type}`]
        : isFile
          ? ["Content-Type: application/octet-stream"]
          : []),
      "",
      file === undefined ? value.replace(/^"(.*)"$/s, "$1") : "",
    ].join("\r\n");
  });
  return {
    type: `multipart/form-data; boundary=${BOUNDARY}`,
    body: `${parts.join("\r\n")}\r\n--${BOUNDARY}--\r\n`,
  };
}
