import { styleText } from 'node:util';
import { escapeControls } from './escape-controls.ts';
import type { RequestRecord } from './request-record.ts';

type Style = Parameters<typeof styleText>[0];

const outcomeStyles = { ok: 'green', denied: 'red', error: 'yellow' } as const satisfies Record<
  RequestRecord['outcome'],
  Style
>;

/** Formats a record as one line of JSON. */
export function formatAsJson(record: object): string {
  return `${escapeControls(JSON.stringify(record))}\n`;
}

/**
 * Formats a record as one line for people: local time, operation, key, caller, outcome, AWS's reason and duration. Uses
 * colors if the stream is a terminal and the environment does not forbid them (https://no-color.org).
 */
export function formatAsText(record: RequestRecord, stream: NodeJS.WritableStream): string {
  const { time, operation, keyId, principal, accessKeyId, outcome, code, message, durationMs } = record;
  const paint = (style: Style, text: string) => styleText(style, text, { stream });
  const caller = principal?.replace(/^arn:[\w-]+:(iam|sts)::/, '') ?? accessKeyId;
  const reason = [code, message].filter((text) => text !== undefined).join(': ');
  return `${[
    paint('dim', formatLocalTime(new Date(time))),
    quoteIfNeeded(operation),
    quoteIfNeeded(keyId),
    quoteIfNeeded(caller),
    paint(outcomeStyles[outcome], outcome),
    ...(reason === '' ? [] : [escapeControls(reason)]),
    paint('dim', ` ${durationMs} ms`),
  ].join(' ')}\n`;
}

/** Formats the time of day in the local time zone, such as `14:22:01`. */
export function formatLocalTime(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Quotes a text that could be mistaken for several columns. */
function quoteIfNeeded(text = '-'): string {
  return /^[\w.:/@+=,*-]+$/.test(text) ? text : escapeControls(JSON.stringify(text));
}
