import { describe, expect, it } from '@jest/globals';
import { NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS as options, resolveEndpointDiscoveryConfig } from '../../../shared/adapters/system/no-endpoint-discovery.ts';
import { EventStreamSerde, NoEventStreamsError, eventStreamSerdeProvider, resolveEventStreamSerdeConfig } from '../../../shared/adapters/system/no-event-streams.ts';

describe('what a bundle takes in the place of parts of the SDK', () => {
  it('discovers no endpoint, whatever the environment says, and leaves the client as it is', () => {
    expect([options.environmentVariableSelector(), options.configFileSelector(), options.default]).toEqual([false, false, false]);
    const config = { region: 'us-east-1' };
    expect(resolveEndpointDiscoveryConfig(config)).toBe(config);
  });

  it('says so where an event stream would be needed', () => {
    expect(eventStreamSerdeProvider).toThrow(NoEventStreamsError);
    expect(() => new EventStreamSerde()).toThrow('event streams: expected none');
    const config = { region: 'us-east-1' };
    expect(resolveEventStreamSerdeConfig(config)).toBe(config);
  });
});
