import '@fontsource-variable/inter/wght.css';
import './ui/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app.tsx';
import { startI18n } from './ui/i18n.ts';
import { startShortcuts } from './ui/shortcuts.ts';
import { startTheme } from './ui/theme.ts';

// Zod would compile its parsers with `new Function`, which the content security policy refuses and reports.
z.config({ jitless: true });

startTheme();
startI18n();
startShortcuts();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
