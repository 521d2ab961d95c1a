const dark = matchMedia('(prefers-color-scheme: dark)');
const root = document.documentElement;
const themeButton = document.getElementById('theme');

function isDark(): boolean {
  return root.style.colorScheme === '' ? dark.matches : root.style.colorScheme === 'dark';
}

function showTheme(): void {
  themeButton?.setAttribute('aria-pressed', String(isDark()));
  drawAll();
}

themeButton?.addEventListener('click', () => {
  root.style.colorScheme = isDark() ? 'light' : 'dark';
  showTheme();
});
dark.addEventListener('change', showTheme);

let pageWidth = innerWidth;
addEventListener('resize', () => {
  if (innerWidth !== pageWidth) drawAll();
  pageWidth = innerWidth;
});
// On paper there is no night, and another width.
addEventListener('beforeprint', () => {
  root.style.colorScheme = 'light';
  for (const closed of document.querySelectorAll('details')) closed.open = true;
  drawAll();
});

showTheme();
if (pageData.scores) startSlider(pageData.scores);
