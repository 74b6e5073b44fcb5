// What a bundle takes in the place of the SDK's event streams, by an alias of the bundler: no call of ours has one.

/** Says that a call would answer with a stream. */
export class NoEventStreamsError extends Error {
  constructor() {
    super('event streams: expected none of the calls that answer with one');
    this.name = 'NoEventStreamsError';
  }
}

/** Refuses; the names are those that the SDK imports. */
export const eventStreamSerdeProvider = (): never => {
  throw new NoEventStreamsError();
};

export class EventStreamSerde {
  constructor() {
    throw new NoEventStreamsError();
  }
}

/** Leaves a client as it is: one that could answer with a stream is not asked to. */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
