import http from 'node:http';

export interface Load {
  readonly operation: string;
  readonly body: object;
  readonly requests: number;
  readonly concurrency: number;
  /** For a server that closes each connection. */
  readonly closes?: boolean;
}

export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends `requests` calls, `concurrency` at a time, over kept connections, and measures each. Loopback only. */
export async function run(
  endpoint: string,
  { operation, body, requests, concurrency, closes }: Load,
): Promise<Figures> {
  const { hostname, port } = new URL(endpoint);
  if (hostname !== '127.0.0.1') throw new Error('a load is sent to this machine only');
  const agent = new http.Agent({ keepAlive: !closes, maxSockets: concurrency });
  const text = JSON.stringify(body);
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `TrentService.${operation}`,
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=00',
    'content-length': Buffer.byteLength(text),
  };
  const latenciesMs: number[] = [];
  const call = () =>
    new Promise<void>((resolve, reject) => {
      const began = performance.now();
      const request = http.request({ hostname, port, agent, method: 'POST', headers }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`${operation}: status ${response.statusCode}`));
        response.resume();
        response.on('end', () => {
          latenciesMs.push(performance.now() - began);
          resolve();
        });
      });
      request.on('error', reject);
      request.end(text);
    });
  let left = requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? Number.NaN;
  return { perSecond: requests / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}
