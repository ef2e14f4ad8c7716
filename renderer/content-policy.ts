import { z } from 'zod';

/*
 * What packages have to be told before they do what the content security policy refuses and reports. To be imported
 * first: Zod tries when the first schema is made, video.js when it is loaded.
 */

// Zod would compile its parsers with `new Function`.
z.config({ jitless: true });

// video.js would write style elements into the page.
(window as { VIDEOJS_NO_DYNAMIC_STYLE?: boolean }).VIDEOJS_NO_DYNAMIC_STYLE = true;
