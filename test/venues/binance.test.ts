import { describeVenue } from './venue-bench.ts';
import { BINANCE } from './venues.ts';

describeVenue(BINANCE);
