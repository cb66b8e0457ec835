// In a fresh process: how long a function takes to load, and then to give its first answer. Prints both, in milliseconds.
const [, , file, event] = process.argv;
const began = performance.now();
const { handler } = require(file);
const loaded = performance.now();
const answer = event === undefined ? Promise.resolve() : handler(JSON.parse(event), { awsRequestId: 'bench' });
answer.then(() => process.stderr.write(JSON.stringify([loaded - began, performance.now() - began])));
