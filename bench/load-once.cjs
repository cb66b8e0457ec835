// In a fresh process: how long a function takes to load, the processor's time of that, and how long until its first answer.
// Prints all three, in milliseconds.
const [, , file, event] = process.argv;
const cpuBefore = process.cpuUsage();
const began = performance.now();
const { handler } = require(file);
const loaded = performance.now();
const { user, system } = process.cpuUsage(cpuBefore);
const answer = event === undefined ? Promise.resolve() : handler(JSON.parse(event), { awsRequestId: 'bench' });
answer.then(() =>
  process.stderr.write(JSON.stringify([loaded - began, (user + system) / 1000, performance.now() - began])),
);
