/** Stands in a bundle for the SDK's event streams: no operation of KMS has one. */
export class EventStreamSerde {
  constructor() {
    throw new Error('KMS has no event streams');
  }
}
