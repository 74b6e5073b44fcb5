import { describeVenue } from './venue-bench.ts';
import { KRAKEN } from './venues.ts';

describeVenue(KRAKEN);
