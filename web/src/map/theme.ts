// The canvas cannot read CSS variables: the colours of the theme, resolved by the browser.

const NAMES = { land: "--land", water: "--water", coast: "--coast", shore: "--shore", river: "--river", division: "--division", border: "--border", borderCasing: "--border-casing" };

export function resolveColours(container: HTMLElement): Record<string, string> {
  const probe = document.createElement("span");
  container.append(probe);
  const colours = Object.entries(NAMES).map(([name, variable]) => {
    probe.style.color = `var(${variable})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(colours);
}
