import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import type { KeyValue } from '../components/key-value-rows.tsx';
import type { BytesFormat } from './bytes.ts';

/** The inputs that take bytes, with their labels. */
export const bytesInputs = {
  plaintext: 'Plaintext',
  ciphertext: 'Ciphertext',
  message: 'Message',
  signature: 'Signature',
  mac: 'MAC',
  publicKey: "The other party's public key (DER)",
} as const;

export type BytesInput = keyof typeof bytesInputs;

/** The inputs that take one of several values, with their labels. */
export const choiceInputs = {
  algorithm: 'Algorithm',
  messageType: 'Message type',
  dataKeySpec: 'Data key spec',
} as const;

export type ChoiceInput = keyof typeof choiceInputs;

export interface BytesValue {
  readonly text: string;
  readonly format: BytesFormat;
}

/** The values in the forms of a key. All forms of a key share them, so a ciphertext stays for Decrypt. */
export interface TrialValues {
  readonly bytes: Readonly<Partial<Record<BytesInput, BytesValue>>>;
  readonly choices: Readonly<Partial<Record<ChoiceInput, string>>>;
  readonly context: readonly KeyValue[];
}

/** The decoded values, with which an operation runs. */
export interface TrialInput {
  readonly client: KMSClient;
  readonly KeyId: string;
  readonly bytes: Readonly<Record<BytesInput, Uint8Array>>;
  readonly choices: Readonly<Record<ChoiceInput, string>>;
  readonly context: Record<string, string> | undefined;
}

export interface TrialOutput {
  readonly name: string;
  readonly value: Uint8Array | string | undefined;
  /** The format in which the output first appears. Default: base64. */
  readonly format?: BytesFormat;
  /** The form that takes the output as an input. */
  readonly next?: { readonly operation: string; readonly input: BytesInput };
}

/** A form that runs one operation. */
export interface Trial {
  readonly operation: string;
  readonly title: string;
  readonly bytes: readonly BytesInput[];
  readonly choices?: Readonly<Partial<Record<ChoiceInput, (metadata: KeyMetadata) => readonly string[]>>>;
  /** True if the operation takes an encryption context with this key. */
  readonly hasContext?: (metadata: KeyMetadata) => boolean;
  readonly isAvailable?: (metadata: KeyMetadata) => boolean;
  readonly run: (input: TrialInput) => Promise<readonly TrialOutput[]>;
}
