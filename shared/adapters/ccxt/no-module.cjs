// Stands in a bundle for packages of ccxt's that are not needed here: other transports, and the encodings of exchanges that
// are not the chosen one. A CommonJS file, since any name may be imported from it; protobufjs is set up as its users load.
module.exports = { util: {}, configure: () => undefined };
