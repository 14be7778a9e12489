/**
 * A reporter for `node --test`: one JSON object of counts. What was skipped or left to do counts as failed. A test's
 * diagnostic that begins with "ran on" is kept for the summary.
 */
export default async function* tally(events) {
  const counts = { passed: 0, failed: 0, complaints: [], notes: [] };
  const fail = (why) => {
    counts.failed++;
    counts.complaints.push(why);
  };
  for await (const { type, data } of events) {
    if (type === "test:diagnostic" && /^ran on /.test(data.message))
      counts.notes.push(data.message);
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite") {
      // A suite fails with its tests, which are counted; unless its own code, or a hook, is what failed.
      if (type === "test:fail" && data.details.error?.failureType !== "subtestsFailed") {
        fail(`${data.name}: its set-up failed`);
      }
    } else if (type === "test:fail") {
      if (data.details?.error?.failureType !== "subtestsFailed") fail(data.name);
    } else if (data.skip !== undefined) fail(`${data.name}: skipped`);
    else if (data.todo !== undefined) fail(`${data.name}: to do`);
    // Node reports a file without a test as a test of the file's name that passed.
    else if (data.name === data.file) fail(`${data.name}: no test in it`);
    else counts.passed++;
  }
  yield JSON.stringify(counts);
}
