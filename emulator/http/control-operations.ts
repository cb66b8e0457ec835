import * as z from 'zod/mini';
import type { Snapshot } from '../store/snapshot.ts';
import type { ControlApi } from './control-api.ts';
import type { ControlOperation } from './control-server.ts';

const clockRequest = z.union([
  z.strictObject({ now: z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)))) }),
  z.strictObject({ advanceMs: z.number() }),
]);

/** What tests steer the emulator with, by method and path below `/_kms/`. Bodies and answers are JSON. */
export function controlOperations(control: ControlApi): Record<string, ControlOperation> {
  const { clock } = control;
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
    'POST restore-seed': () => control.restoreSeed(),
    'POST reset': () => control.reset(),
    'GET snapshot': () => control.snapshot(),
    'PUT snapshot': (body) => control.restore(JSON.parse(body) as Snapshot),
  };
}
