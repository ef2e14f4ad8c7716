import { z } from 'zod';

// Zod would compile its parsers with `new Function`, which the content security policy refuses and reports. It tries as
// soon as the first schema is made: this module is to be imported before any that makes one.
z.config({ jitless: true });
