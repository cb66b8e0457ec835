import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createServer, type SecureContextOptions, type TLSSocket } from 'node:tls';

/** The content type byte of a TLS handshake record (RFC 8446 §5.1). No HTTP method starts with it. */
const handshakeByte = 0x16;
/** The time in which a client must send its first byte, and then complete the TLS handshake. */
const handshakeTimeoutMs = 60_000;

/**
 * Lets an HTTP server also accept TLS on its port. The first byte of a connection determines the protocol. Returns a
 * function that closes all connections, including those that the HTTP server does not know yet.
 */
export function sharePort(server: Server, credentials: SecureContextOptions): () => void {
  const [serveHttp] = server.listeners('connection') as [(this: Server, socket: Socket) => void];
  const tlsServer = createServer({
    ...credentials,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: handshakeTimeoutMs,
  });
  tlsServer.on('secureConnection', (socket: TLSSocket) => serveHttp.call(server, socket));
  // An emitter without a listener for errors would throw when a client ends the handshake.
  tlsServer.on('tlsClientError', (_error, socket) => socket.destroy());

  const sockets = new Set<Socket>();
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    readFirstBytes(socket, (first) => {
      if (first[0] === handshakeByte) {
        // A TLS socket reads from the handle of the paused socket. Without this setting, it would wait for the rest of
        // a handshake after the client has closed the connection.
        socket.allowHalfOpen = false;
        tlsServer.emit('connection', socket);
      } else {
        serveHttp.call(server, socket);
        socket.resume();
      }
    });
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/** Reads the first bytes of a connection, and puts them back before it calls `onFirst`. */
function readFirstBytes(socket: Socket, onFirst: (first: Buffer) => void): void {
  const destroy = () => socket.destroy();
  socket.on('error', destroy).on('timeout', destroy).on('end', destroy);
  socket.setTimeout(handshakeTimeoutMs);
  socket.once('data', (first: Buffer) => {
    socket.off('error', destroy).off('timeout', destroy).off('end', destroy);
    socket.setTimeout(0);
    socket.pause();
    socket.unshift(first);
    onFirst(first);
  });
}
