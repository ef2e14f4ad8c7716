import { useTranslation } from 'react-i18next';
import { Page } from '../ui/page.tsx';

export function CamerasPage() {
  const { t } = useTranslation();
  return <Page title={t('app.nav.cameras')}>{null}</Page>;
}
