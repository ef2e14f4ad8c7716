import { Cctv, Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '../../electron/contract/camera.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';

interface CameraChoiceProps {
  cameras: readonly Camera[];
  chosenIds: readonly string[];
  onChange: (ids: string[]) => void;
}

/** Which cameras have a row and a picture; one at least. */
export function CameraChoice({ cameras, chosenIds, onChange }: CameraChoiceProps) {
  const { t } = useTranslation();
  const toggle = (id: string): void => {
    const next = cameras
      .map((camera) => camera.id)
      .filter((other) => (other === id ? !chosenIds.includes(id) : chosenIds.includes(other)));
    if (next.length > 0) onChange(next);
  };
  return (
    <Menu
      trigger={
        <Button kind="quiet" className="h-8 px-2.5" icon={<Cctv size={17} aria-hidden />}>
          {t('playback.cameras.chosen', { chosen: chosenIds.length, all: cameras.length })}
        </Button>
      }
    >
      {cameras.map((camera) => {
        const isChosen = chosenIds.includes(camera.id);
        return (
          <MenuItem
            key={camera.id}
            icon={<Check size={16} aria-hidden className={isChosen ? 'text-accent' : 'invisible'} />}
            onSelect={() => toggle(camera.id)}
          >
            {camera.name}
            <span className="sr-only">
              {isChosen ? t('playback.cameras.is-chosen') : t('playback.cameras.not-chosen')}
            </span>
          </MenuItem>
        );
      })}
    </Menu>
  );
}
