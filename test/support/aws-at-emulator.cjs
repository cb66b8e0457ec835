// Preloaded into a process that simulates a Lambda function. Redirects HTTPS requests for AWS KMS to the emulator, and
// writes their original host to standard error. Blocks all other HTTPS requests.
const http = require('node:http');
const https = require('node:https');

const emulator = new URL(process.env.TEST_EMULATOR);
delete process.env.TEST_EMULATOR;

https.request = (options, answered) => {
  process.stderr.write(`asked ${options.host}\n`);
  if (!/^kms(-fips)?\.[a-z0-9-]+\.amazonaws\.com$/.test(options.host)) throw new Error(`${options.host} is not KMS`);
  const { agent, ...rest } = options;
  return http.request({ ...rest, host: emulator.hostname, port: emulator.port }, answered);
};
