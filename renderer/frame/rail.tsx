import { CalendarClock, Cctv, Download, LayoutGrid, Settings, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { usePlace } from '../state/router.ts';
import type { MessageKey } from '../ui/i18n.ts';
import { Link } from '../ui/link.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { RailStatus } from './rail-status.tsx';
import { UserMenu } from './user-menu.tsx';

interface Entry {
  to: string;
  label: MessageKey;
  icon: LucideIcon;
}

const ENTRIES: Entry[] = [
  { to: '/live', label: 'app.nav.live', icon: LayoutGrid },
  { to: '/timeline', label: 'app.nav.timeline', icon: CalendarClock },
  { to: '/exports', label: 'app.nav.exports', icon: Download },
  { to: '/cameras', label: 'app.nav.cameras', icon: Cctv },
  { to: '/settings', label: 'app.nav.settings', icon: Settings },
];

export function Rail() {
  const { t } = useTranslation();
  return (
    <div className="flex w-14 shrink-0 flex-col items-center border-r border-line bg-surface py-2 fullscreen-hidden phone:w-full phone:flex-row phone:border-t phone:border-r-0 phone:px-1 phone:py-0 phone:pb-[env(safe-area-inset-bottom)]">
      <nav aria-label={t('app.nav.label')} className="flex flex-col gap-1 phone:flex-1 phone:flex-row">
        {ENTRIES.map((entry) => (
          <RailLink key={entry.to} entry={entry} />
        ))}
      </nav>
      <aside aria-label={t('app.status.label')} className="mt-auto flex flex-col items-center gap-3 phone:mt-0">
        <RailStatus />
        <UserMenu />
      </aside>
    </div>
  );
}

function RailLink({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const { path } = usePlace();
  const current = path === entry.to || path.startsWith(`${entry.to}/`);
  const label = t(entry.label);
  return (
    <Tooltip text={label} side="right">
      <Link
        to={entry.to}
        aria-label={label}
        aria-current={current ? 'page' : undefined}
        className="relative flex size-10 items-center justify-center rounded-md text-muted transition-colors hover:bg-hover hover:text-text aria-[current]:bg-hover aria-[current]:text-accent phone:h-14 phone:w-auto phone:flex-1 phone:flex-col phone:gap-1 phone:rounded-none phone:aria-[current]:bg-transparent"
      >
        <entry.icon size={20} aria-hidden />
        <span className="hidden text-xs phone:block">{label}</span>
      </Link>
    </Tooltip>
  );
}
