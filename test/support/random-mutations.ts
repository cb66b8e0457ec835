/** A fast generator of reproducible numbers (xorshift32). */
export class RandomNumbers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed || 1;
  }

  /** Returns an integer from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % limit;
  }
}

const interesting = [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff];

/** Changes a message in one to four ways: bytes, lengths, repetitions, gaps, truncation and other bytes at the end. */
export function mutate(message: Uint8Array, random: RandomNumbers): Uint8Array {
  let mutated = Buffer.from(message);
  for (let count = 1 + random.below(4); count > 0; count -= 1) mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(bytes: Buffer<ArrayBuffer>, random: RandomNumbers): Buffer<ArrayBuffer> {
  if (bytes.length === 0) return Buffer.of(random.below(256));
  const at = random.below(bytes.length);
  const length = 1 + random.below(40);
  switch (random.below(7)) {
    case 0:
      bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
      return bytes;
    case 1:
      bytes[at] = interesting[random.below(interesting.length)] as number;
      return bytes;
    case 2:
      return bytes.fill(0xff, at, Math.min(bytes.length, at + 1 + random.below(4)));
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 5:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes, bytes.subarray(at, at + length)]);
  }
}
