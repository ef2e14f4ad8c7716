import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Skeleton } from './skeleton.tsx';

interface PageProps {
  title: string;
  /** The bar's controls, at its right end. */
  actions?: ReactNode;
  /** `scroll`: a column of content; `fill`: the content lays itself out in all of the place. */
  content?: 'scroll' | 'fill';
  children: ReactNode;
}

/** A page of the frame: the 44 px bar and what stands below it. */
export function Page({ title, actions, content = 'scroll', children }: PageProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = t('app.title', { page: title });
  }, [t, title]);
  return (
    <div className="flex h-full min-w-0 flex-col">
      <header className="flex h-11 shrink-0 items-center gap-3 border-b border-line bg-surface pr-2 pl-4 fullscreen-hidden">
        <h1 className="mr-auto truncate text-base font-semibold">{title}</h1>
        {actions}
      </header>
      <div className={content === 'scroll' ? 'min-h-0 flex-1 overflow-y-auto' : 'relative min-h-0 flex-1'}>
        {children}
      </div>
    </div>
  );
}

/** Stands for a page whose code is still on its way. */
export function PageSkeleton() {
  return (
    <div className="flex h-full flex-col">
      <div className="flex h-11 items-center border-b border-line bg-surface px-4">
        <Skeleton className="h-4 w-24" />
      </div>
    </div>
  );
}
