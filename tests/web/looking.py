"""Looks at pages for who sees little: nothing cut off, pale, or closed to a screen reader."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page


def check(page: Page, folder: Path, name: str) -> None:
    """Keep a picture; nothing is cut off, pale or closed to a screen reader."""
    picture(page, folder, name)
    assert weak_contrasts(page) == []
    assert faults(page) == []


def picture(page: Page, folder: Path, name: str) -> None:
    """Keep a picture and see that nothing is cut off at the sides."""
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"


def faults(page: Page) -> list[str]:
    """What axe finds serious or critical: the rule and where."""
    once = Axe("0") if page.evaluate("'axe' in window") else Axe()  # half a megabyte, that a page needs once
    found = once.run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {node['target']}" for one in serious for node in one["nodes"]]


def weak_contrasts(page: Page) -> list[str]:
    """Texts whose contrast with the nearest ground is below 7:1."""
    found = page.evaluate(CONTRASTS)
    assert isinstance(found, list)
    return found


CONTRASTS = """() => {
  const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return { rgb: m.slice(0, 3), a: m[3] ?? 1 }; };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.backgroundImage.startsWith("linear-gradient")) {
        const stops = style.backgroundImage.match(/rgba?\\([^)]*\\)/g);
        return parse(stops[stops.length - 1]).rgb;
      }
      const colour = parse(style.backgroundColor);
      if (colour.a === 1) return colour.rgb;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.checkVisibility()) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color).rgb), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 7) weak.push(`${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return weak;
}"""
