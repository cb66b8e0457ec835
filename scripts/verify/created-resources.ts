import { randomUUID } from 'node:crypto';
import type { Transport, TransportResponse } from '../../client/index.ts';
import { parseArn } from '../../shared/declaration/arn.ts';
import { type JsonObject, keyMembers, type Operation } from '../../shared/declaration/operation.ts';

/** Operations that name no key, and change nothing that this run did not create. */
const withoutKey: ReadonlySet<string> = new Set(['Health', 'CreateKey', 'Decrypt']);

/** The account in AWS's documentation. No key in it can belong to a user of this service. */
export const documentationAccount = '111122223333';

export interface CreatedKey {
  readonly id: string;
  readonly arn: string;
  readonly createdMs: number;
}

/** The keys and aliases that this run created. Every call may use only these. */
export class CreatedResources {
  readonly runId: string = randomUUID();
  readonly keys: CreatedKey[] = [];
  readonly aliases = new Set<string>();
  readonly #pending = new Set<Promise<unknown>>();
  /** The number of creations without a response. They may have created a key. */
  lostResponses = 0;

  /** Returns an alias name that contains the run's id, so that it cannot be the name of an existing alias. */
  aliasName(prefix = ''): string {
    return `alias/${prefix}kms-functions-verify-${this.runId}`;
  }

  /** The tags by which a user can find the keys of this run. */
  get tags(): { TagKey: string; TagValue: string }[] {
    return [{ TagKey: 'kms-functions-verify', TagValue: this.runId }];
  }

  /** Returns a transport that records what calls create, and rejects calls that name any other key or alias. */
  guard(transport: Transport): Transport {
    return {
      send: async (operation, input, options) => {
        this.#rejectForeign(operation, input);
        const sent = transport.send(operation, input, options);
        return operation.serviceTag === 'added' ? this.#track(sent) : sent;
      },
    };
  }

  /** Waits until all creations have a response, for at most 15 seconds. */
  async settle(): Promise<void> {
    const timeout = new Promise((resolve) => setTimeout(resolve, 15_000).unref());
    await Promise.race([Promise.allSettled(this.#pending), timeout]);
  }

  #rejectForeign(operation: Operation, input: JsonObject): void {
    const members = keyMembers(operation).filter((member) => input[member] !== undefined);
    const names = members.map((member) => String(input[member]));
    if (operation.name === 'CreateAlias') this.#addAlias(String(input.AliasName));
    const foreign = names.find((name) => !this.#isOwn(name) && !isDocumentationKey(name));
    if (foreign !== undefined)
      throw new TypeError(`${operation.name} names ${foreign}, which this run did not create.`);
    if (names.length === 0 && !withoutKey.has(operation.name)) {
      throw new TypeError(`${operation.name} names no key, so it could affect keys that this run did not create.`);
    }
  }

  #addAlias(name: string): void {
    if (!name.endsWith(this.runId)) throw new TypeError(`The alias ${name} must end in the id of this run.`);
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
