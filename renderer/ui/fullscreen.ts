/** The whole page fills the screen, so that menus and notes stay visible; the frame hides itself meanwhile. */
export function toggleFullscreen(): void {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  // Refused by the browser or its owner: the page stays as it is, which is all there is to say.
  change.catch(() => undefined);
}
