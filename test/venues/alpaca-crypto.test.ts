import { describeVenue } from './venue-bench.ts';
import { ALPACA_CRYPTO } from './venues.ts';

describeVenue(ALPACA_CRYPTO);
