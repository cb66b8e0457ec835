import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ObjectServer {
  readonly endpoint: string;
  readonly objects: Map<string, string>;
  /** Returns the status with which a request fails, or `undefined`. */
  reject: (method: string, path: string) => number | undefined;
  close(): Promise<void>;
}

/** Serves PutObject and GetObject of S3 over HTTP, with the bucket in the path. */
export async function startObjectServer(): Promise<ObjectServer> {
  const objects = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '' } = request;
    const status = service.reject(method, url);
    if (status !== undefined) return response.writeHead(status).end('<Error/>');
    if (method === 'PUT') {
      objects.set(url, Buffer.concat(chunks).toString());
      return response.writeHead(200).end();
    }
    const object = objects.get(url);
    return response.writeHead(object === undefined ? 404 : 200).end(object ?? '<Error><Code>NoSuchKey</Code></Error>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: ObjectServer = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    reject: () => undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}
