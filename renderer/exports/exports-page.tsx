import { useTranslation } from 'react-i18next';
import { Page } from '../ui/page.tsx';

export function ExportsPage() {
  const { t } = useTranslation();
  return <Page title={t('app.nav.exports')}>{null}</Page>;
}
