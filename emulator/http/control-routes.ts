import * as z from 'zod/mini';
import type { Snapshot } from '../store/snapshot.ts';
import type { Steering } from './control-api.ts';
import type { AdminAction } from './control-paths.ts';

const clockRequest = z.union([
  z.strictObject({ now: z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))) }),
  z.strictObject({ advanceMs: z.number() }),
]);

/** What tests steer the emulator with, by method and path below `/_kms/`. Bodies and answers are JSON. */
export function adminActions(steering: Steering): Record<string, AdminAction> {
  const { clock } = steering;
  const time = () => ({ now: new Date(clock.now()).toISOString() });
  return {
    'GET health': () => ({ status: 'ok', pid: process.pid }),
    'GET clock': time,
    'PUT clock': (body) => {
      const parsed = z.safeParse(clockRequest, JSON.parse(body));
      if (!parsed.success) throw new TypeError('send {"now": "ISO 8601"} or {"advanceMs": number}');
      if ('now' in parsed.data) clock.set(new Date(parsed.data.now));
      else clock.advance(parsed.data.advanceMs);
      return time();
    },
    'POST lay-back-seed': () => steering.layBackSeed(),
    'POST reset': () => steering.reset(),
    'GET snapshot': () => steering.snapshot(),
    'PUT snapshot': (body) => steering.restore(JSON.parse(body) as Snapshot),
  };
}
