import { createInterface } from 'node:readline/promises';
import type { Terminal } from '../terminal.ts';

/** Asks a question on the terminal, and returns the answer. Returns an empty text at the end of the input. */
export async function askForText(question: string, { stdin, stderr, signal }: Terminal): Promise<string> {
  const questions = createInterface({ input: stdin, output: stderr, terminal: false });
  try {
    const ended = new Promise<string>((resolve) => questions.once('close', () => resolve('')));
    return await Promise.race([questions.question(question, { signal }), ended]);
  } finally {
    questions.close();
  }
}
