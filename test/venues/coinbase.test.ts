import { describeVenue } from './venue-bench.ts';
import { COINBASE } from './venues.ts';

describeVenue(COINBASE);
