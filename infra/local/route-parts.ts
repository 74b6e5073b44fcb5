// The HTTP API of the template: which route calls which function, who may call it, and how often.
import { z } from 'zod';
import { TemplateError } from './assembly.ts';

const METHOD_AND_PATH = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \/[^{}]*$/;

const route = z.object({
  RouteKey: z.string().regex(METHOD_AND_PATH, { error: 'a method and a whole path' }),
  AuthorizationType: z.enum(['NONE', 'AWS_IAM']),
  Target: z.string(),
});
const integration = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});
const settings = z.object({ ThrottlingRateLimit: z.number().positive(), ThrottlingBurstLimit: z.number().positive() });
const stage = z.object({
  StageName: z.literal('$default', { error: 'the stage $default, whose address has no path of its own' }),
  RouteSettings: z.record(z.string(), settings).default({}),
});

/** A throttle: tokens a second, and how many may gather. */
export interface ThrottlePart {
  readonly perSecond: number;
  readonly burst: number;
}

export interface RoutePart {
  readonly routeKey: string;
  readonly method: string;
  readonly path: string;
  readonly authorization: 'NONE' | 'AWS_IAM';
  readonly functionArn: string;
  /** Null where the template sets none. */
  readonly throttle: ThrottlePart | null;
}

/** Reads each resource of a type, with its id in the template. */
export type ReadType = <Output>(type: string, schema: z.ZodType<Output>) => readonly (readonly [string, Output])[];

/**
 * Reads the routes with what stands behind them.
 * @throws TemplateError for a route whose integration is none of this stack, or what else the local door cannot open
 */
export const readRoutes = (read: ReadType): readonly RoutePart[] => {
  const integrations = new Map(read('AWS::ApiGatewayV2::Integration', integration).map(([id, part]) => [`integrations/${id}`, part]));
  const stages = read('AWS::ApiGatewayV2::Stage', stage).map(([, part]) => part);
  const throttles = new Map(stages.flatMap(({ RouteSettings }) => Object.entries(RouteSettings)));
  return read('AWS::ApiGatewayV2::Route', route).map(([id, { RouteKey, AuthorizationType, Target }]) => {
    const behind = integrations.get(Target);
    if (behind === undefined) throw new TemplateError(id, 'an integration of this stack');
    const [method = '', path = ''] = RouteKey.split(' ');
    const found = throttles.get(RouteKey);
    const throttle = found === undefined ? null : { perSecond: found.ThrottlingRateLimit, burst: found.ThrottlingBurstLimit };
    return { routeKey: RouteKey, method, path, authorization: AuthorizationType, functionArn: behind.IntegrationUri, throttle };
  });
};
