/**
 * Characters that can move the cursor, change colors, break a line or reorder the text around them
 * (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
 */
const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Replaces control characters with JSON escapes, so that a text from a caller stays on one line of a terminal. */
export function escapeControls(text: string): string {
  return text.replaceAll(controls, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
