// Runs in a fresh process. Prints how long a function takes to load, the CPU time of loading, and the time until its first
// response, in milliseconds. The first response is measured only if an event is passed.
const [, , file, event] = process.argv;
const cpuBefore = process.cpuUsage();
const startMs = performance.now();
const { handler } = require(file);
const loadedMs = performance.now();
const { user, system } = process.cpuUsage(cpuBefore);
const response = event === undefined ? Promise.resolve() : handler(JSON.parse(event), { awsRequestId: 'bench' });
response.then(() =>
  process.stderr.write(JSON.stringify([loadedMs - startMs, (user + system) / 1000, performance.now() - startMs])),
);
