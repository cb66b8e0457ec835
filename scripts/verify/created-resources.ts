import { randomUUID } from 'node:crypto';
import type { Transport, TransportResponse } from '../../client/index.ts';
import { parseArn } from '../../shared/declaration/arn.ts';
import { type JsonObject, listKeys, type Operation } from '../../shared/declaration/operation.ts';

/** The operations that do not require a key in the request, and that change only what this run created. */
const withoutKey: ReadonlySet<string> = new Set(['Health', 'CreateKey', 'Decrypt', 'Open']);

/** The account in AWS's documentation. No key in it can belong to a user of this service. */
export const documentationAccount = '111122223333';

export interface CreatedKey {
  readonly id: string;
  readonly arn: string;
  readonly createdMs: number;
}

/** The keys and aliases that this run created. Calls may use only these resources. */
export class CreatedResources {
  readonly runId: string = randomUUID();
  readonly keys: CreatedKey[] = [];
  readonly aliases = new Set<string>();
  readonly #pending = new Set<Promise<unknown>>();
  /** The number of creation requests without a response. Each of them may have created a key. */
  lostResponses = 0;

  /** Returns an alias name that contains the run's id, so that it cannot be the name of an existing alias. */
  aliasName(prefix = ''): string {
    return `alias/${prefix}kms-functions-verify-${this.runId}`;
  }

  /** The tags by which a user can find this run's keys. */
  get tags(): { TagKey: string; TagValue: string }[] {
    return [{ TagKey: 'kms-functions-verify', TagValue: this.runId }];
  }

  /** Returns a transport that records the created resources, and rejects calls that use any other key or alias. */
  guard(transport: Transport): Transport {
    return {
      send: async (operation, input, options) => {
        this.#rejectForeign(operation, input);
        const sent = transport.send(operation, input, options);
        return operation.serviceTag === 'added' ? this.#track(sent) : sent;
      },
    };
  }

  /** Waits up to 15 seconds until all creation requests have a response. */
  async settle(): Promise<void> {
    const timeout = new Promise((resolve) => setTimeout(resolve, 15_000).unref());
    await Promise.race([Promise.allSettled(this.#pending), timeout]);
  }

  #rejectForeign(operation: Operation, input: JsonObject): void {
    const names = listKeys(operation, input).flatMap(({ key }) => (key === undefined ? [] : [String(key)]));
    if (operation.name === 'CreateAlias') this.#addAlias(String(input.AliasName));
    const foreign = names.find((name) => !this.#isOwn(name) && !isDocumentationKey(name));
    if (foreign !== undefined) throw new TypeError(`${operation.name} uses ${foreign}, which this run did not create.`);
    if (names.length === 0 && !withoutKey.has(operation.name)) {
      throw new TypeError(
        `${operation.name} does not specify a key, so it could affect keys that this run did not create.`,
      );
    }
  }

  #addAlias(name: string): void {
    if (!name.endsWith(this.runId)) throw new TypeError(`The alias ${name} must end with the run id.`);
    this.aliases.add(name);
  }

  #isOwn(name: string): boolean {
    return this.aliases.has(name) || this.keys.some(({ id, arn }) => name === id || name === arn);
  }

  async #track(sent: Promise<TransportResponse>): Promise<TransportResponse> {
    this.#pending.add(sent);
    try {
      const response = await sent;
      this.#addKey(response.body);
      return response;
    } catch (error) {
      const { status } = error as { status?: number };
      if (status === undefined || status >= 500) this.lostResponses += 1;
      throw error;
    } finally {
      this.#pending.delete(sent);
    }
  }

  #addKey(body: unknown): void {
    type Metadata = { readonly KeyId?: string; readonly Arn?: string };
    const { KeyMetadata, ReplicaKeyMetadata } = body as { KeyMetadata?: Metadata; ReplicaKeyMetadata?: Metadata };
    const { KeyId: id, Arn: arn } = KeyMetadata ?? ReplicaKeyMetadata ?? {};
    if (id !== undefined && arn !== undefined) this.keys.push({ id, arn, createdMs: Date.now() });
  }
}

/** Returns the ARN of a key in the documentation's account. */
export function buildDocumentationKey(partition: string, region: string): string {
  return `arn:${partition}:kms:${region}:${documentationAccount}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
}

function isDocumentationKey(name: string): boolean {
  return parseArn(name)?.accountId === documentationAccount;
}
