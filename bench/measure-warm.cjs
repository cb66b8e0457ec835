// Calls a function in a fresh process with each event of a file, one after another. Prints the median CPU time and the
// median duration of a call in milliseconds. The first calls are not counted, because Node.js compiles the code meanwhile.
const { readFileSync } = require('node:fs');

const [, , file, eventsFile, warmUpCalls] = process.argv;
const { handler } = require(file);
const events = JSON.parse(readFileSync(eventsFile, 'utf8'));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure() {
  const figures = [];
  for (const event of events) {
    const cpuBefore = process.cpuUsage();
    const startMs = performance.now();
    await handler(event, { awsRequestId: 'bench', getRemainingTimeInMillis: () => 30_000 });
    const { user, system } = process.cpuUsage(cpuBefore);
    figures.push({ ms: performance.now() - startMs, cpuMs: (user + system) / 1_000 });
  }
  const counted = figures.slice(Number(warmUpCalls));
  process.stderr.write(
    JSON.stringify([median(counted.map(({ cpuMs }) => cpuMs)), median(counted.map(({ ms }) => ms))]),
  );
}
measure();
