import helmet from '@fastify/helmet';
import type { App } from './app.ts';

/**
 * Headers that keep the UI to itself: nothing from elsewhere runs in it, nothing else frames or embeds it.
 *
 * `style-src-attr` allows inline style attributes, which video.js and the UI's components set for sizes and positions;
 * style elements stay forbidden. `blob:` media and workers are what Media Source Extensions and the player use.
 */
export async function addSecurityHeaders(app: App): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        styleSrcAttr: ["'unsafe-inline'"],
        fontSrc: ["'self'", 'data:'],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    // Over TLS only, and then it would bind the whole host name to it: not ours to say.
    strictTransportSecurity: false,
  });
}
