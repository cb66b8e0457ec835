/**
 * Control characters, and characters that change the direction of text. In a key's description, for example, they could
 * change what a terminal shows.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the function replaces control characters
const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Replaces characters that could change what a terminal shows with their escape sequence: `\u001b`. */
export function escapeControls(text: string): string {
  return text.replaceAll(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Formats JSON. `JSON.stringify` escapes only some of the characters, and only strings can contain the others. */
export function formatJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).split('\n').map(escapeControls).join('\n');
}
