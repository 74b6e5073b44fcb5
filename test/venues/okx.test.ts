import { describeVenue } from './venue-bench.ts';
import { OKX } from './venues.ts';

describeVenue(OKX);
