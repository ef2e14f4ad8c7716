import { useTranslation } from 'react-i18next';
import { Page } from '../ui/page.tsx';

export function TimelinePage() {
  const { t } = useTranslation();
  return <Page title={t('app.nav.timeline')}>{null}</Page>;
}
