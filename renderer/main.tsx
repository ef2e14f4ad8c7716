import './content-policy.ts';
import '@fontsource-variable/inter/wght.css';
import './ui/theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startI18n } from './ui/i18n.ts';
import { startShortcuts } from './ui/shortcuts.ts';
import { startTheme } from './ui/theme.ts';

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
