// Preloaded into a child process. Blocks every connection and lookup that would leave this machine, and logs it to
// NO_NETWORK_LOG.

import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const local = new Set(['localhost', '127.0.0.1', '::1', '']);

function refuse(what, host) {
  appendFileSync(process.env.NO_NETWORK_LOG, `${what} ${host}\n`);
  return Object.assign(new Error(`${what} ${host} was refused`), { code: 'ENETUNREACH' });
}

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  // Node.js itself passes the arguments in one array.
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const options =
    typeof first === 'object' && first !== null ? first : { host: typeof second === 'string' ? second : '' };
  // A path is that of a Unix socket on this machine. `http` passes null if there is none.
  const host = typeof options.path === 'string' ? '' : String(options.host ?? '');
  if (local.has(host)) return connect.apply(this, args);
  process.nextTick(() => this.destroy(refuse('connect', host)));
  return this;
};

for (const holder of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny']) {
    const original = holder[name];
    if (typeof original !== 'function') continue;
    holder[name] = function (host, ...args) {
      if (local.has(host)) return original.call(this, host, ...args);
      const error = refuse(name, host);
      const callback = args.at(-1);
      if (typeof callback !== 'function') return Promise.reject(error);
      process.nextTick(callback, error);
      return {};
    };
  }
}

const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...args) {
  const host = args.find((argument) => typeof argument === 'string' && argument.includes('.')) ?? 'a datagram';
  if (local.has(host)) return send.apply(this, args);
  throw refuse('send', host);
};

syncBuiltinESMExports();
