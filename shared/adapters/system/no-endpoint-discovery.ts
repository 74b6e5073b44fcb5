// What a bundle takes in the place of the SDK's endpoint discovery, by an alias of the bundler: tables are where their region is.

/** Says that nothing is to be discovered, whatever the environment says. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): boolean => false,
  configFileSelector: (): boolean => false,
  default: false,
};

/** Leaves a client as it is; the name is the one that the SDK imports. */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;
