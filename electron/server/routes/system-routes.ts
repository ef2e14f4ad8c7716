import { z } from 'zod';
import { Health, Storage } from '../../contract/storage.ts';
import type { App } from '../app.ts';
import type { SystemStatus } from '../ports.ts';

/** The text exposition format of Prometheus. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const tags = ['system'];

/** Without a session: whether it is well, and nothing about what it does. */
const PublicHealth = Health.pick({ status: true, version: true });

/** Health, storage, metrics. */
export function addSystemRoutes(app: App, system: SystemStatus, serverMetrics: () => string): void {
  app.get(
    '/health',
    {
      config: { public: true },
      schema: {
        summary: 'Whether Atalaya is well',
        description: 'Without a session only `status` and `version`.',
        tags,
        response: { 200: z.union([Health, PublicHealth]) },
      },
    },
    (request) => {
      const health = system.health();
      return request.session === null ? { status: health.status, version: health.version } : health;
    },
  );

  app.get(
    '/storage',
    { schema: { summary: 'Volumes, use per camera, forecast', tags, response: { 200: Storage } } },
    () => system.storage(),
  );

  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Figures for Prometheus',
        tags,
        response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    (_request, reply) => {
      reply.type(METRICS_TYPE);
      return system.metrics() + serverMetrics();
    },
  );
}
