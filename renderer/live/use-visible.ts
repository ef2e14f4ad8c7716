import { useEffect, useState, type RefObject } from 'react';

/** A glance at another tab or tile should not cost the picture; a longer absence should not cost the bandwidth. */
const GRACE_MS = 10_000;

/** Whether the element can be seen: on the page's visible part, not covered, and the page itself not hidden. */
export function useVisible(element: RefObject<HTMLElement | null>, isCovered: boolean): boolean {
  const [isOnScreen, setOnScreen] = useState(false);
  const [isPageVisible, setPageVisible] = useState(!document.hidden);
  const [isVisible, setVisible] = useState(false);

  useEffect(() => {
    if (element.current === null) return;
    const observer = new IntersectionObserver((entries) => setOnScreen(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: '100px',
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);

  useEffect(() => {
    const look = (): void => setPageVisible(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);

  const wanted = isOnScreen && isPageVisible && !isCovered;
  useEffect(() => {
    const timer = setTimeout(() => setVisible(wanted), wanted ? 0 : GRACE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  return isVisible;
}
