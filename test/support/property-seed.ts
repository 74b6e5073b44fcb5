// Properties draw the same examples in every run, so that red is red for everybody; PROPERTY_SEED draws others.
import fc from 'fast-check';

const DRAWN_ONCE = 20261121;
const given = process.env['PROPERTY_SEED'];

fc.configureGlobal({ seed: given === undefined ? DRAWN_ONCE : given === 'random' ? Date.now() : Number(given) });
