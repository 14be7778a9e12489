/** For `node --test-reporter`: a line for each test, `+` or `-` and its name as JSON. */
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    const isTest = data.details?.type !== "suite" && data.skip === undefined;
    if (type === "test:pass" && isTest) yield `+${JSON.stringify(data.name)}\n`;
    if (type === "test:fail" && isTest) yield `-${JSON.stringify(data.name)}\n`;
  }
}
