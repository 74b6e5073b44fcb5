import { describeVenue } from './venue-bench.ts';
import { BYBIT } from './venues.ts';

describeVenue(BYBIT);
