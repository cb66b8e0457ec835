// Loads a function in a fresh process. Prints three times in milliseconds: the load time, the CPU time for loading, and the
// time until the function's first response. Without an event, the script does not call the function.
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
