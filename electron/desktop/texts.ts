/** What the shell itself says; the rest of the UI has its own locale files. One type keeps the languages complete. */
export interface ShellTexts {
  open: string;
  quit: string;
  recording(recording: number, cameras: number): string;
  noCameras: string;
  cannotStart: string;
  saveExport: string;
  pickFolder: string;
}

/** @param locale BCP 47, such as `es-MX`; English for languages that are not there. */
export function shellTexts(locale: string): ShellTexts {
  return locale.toLowerCase().split('-')[0] === 'es' ? SPANISH : ENGLISH;
}

const ENGLISH: ShellTexts = {
  open: 'Open Atalaya',
  quit: 'Quit',
  recording: (recording, cameras) => `Recording ${recording} of ${cameras} cameras`,
  noCameras: 'No cameras yet',
  cannotStart: 'Atalaya cannot start',
  saveExport: 'Save export',
  pickFolder: 'Choose a folder',
};

const SPANISH: ShellTexts = {
  open: 'Abrir Atalaya',
  quit: 'Salir',
  recording: (recording, cameras) => `Grabando ${recording} de ${cameras} cámaras`,
  noCameras: 'Aún no hay cámaras',
  cannotStart: 'Atalaya no puede arrancar',
  saveExport: 'Guardar exportación',
  pickFolder: 'Elegir una carpeta',
};
