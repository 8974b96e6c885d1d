"""What must hold of a page whatever it shows: no overflow, text that can be read, everything in reach of the keyboard."""

from collections.abc import Callable

from playwright.sync_api import Page

LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3.0
"""WCAG 2.2, 1.4.3 (AA)."""

SECOND_LOOKS = 30

_FAINT = """
([least, leastLarge]) => {
  const numbers = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const channel = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(at).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const text = walk.currentNode.textContent.trim();
    const style = getComputedStyle(element);
    if (!text || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (["SCRIPT", "STYLE", "OPTION", "TITLE"].includes(element.tagName)) continue;
    const ink = numbers(element.closest("svg") ? style.fill : style.color);
    const [one, other] = [light(ink), light(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? leastLarge : least)) found.push(`faint: ${text.slice(0, 30)} (${ratio.toFixed(1)})`);
  }
  return found;
}
"""

_REACHABLE = """
() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")]
  .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }))
  .map((one, at) => { one.dataset.reach = at; return `${at} ${one.tagName} ${(one.textContent || one.name || "").trim().slice(0, 40)}`; })
"""
_FOCUSED = """
() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return one === document.body ? null : { at: one.dataset.reach, seen, what: one.outerHTML.slice(0, 80) };
}
"""


def ugly(page: Page) -> list[str]:
    """Texts with too little contrast, with their ratio, and by how many pixels the page is wider than its window."""
    found: list[str] = page.evaluate(_FAINT, [LEAST_CONTRAST, LEAST_CONTRAST_LARGE])
    wider = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    return found + ([f"{wider} px too wide"] if wider > 0 else [])


def lasting(page: Page, faults: Callable[[Page], list[str]]) -> list[str]:
    """The faults that are still there when charts had the time to follow a change of size or colours."""
    for _ in range(SECOND_LOOKS):
        if not faults(page):
            return []
        page.wait_for_timeout(100)
    return faults(page)


def out_of_reach(page: Page) -> list[str]:
    """What the Tab key does not come to, and what shows no mark when it has the focus. Starts at the top of the page."""
    wanted: list[str] = page.evaluate(_REACHABLE)
    reached: set[str] = set()
    unseen: list[str] = []
    for _ in range(2 * len(wanted) + 10):  # the browser makes scrolled regions stops of their own
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused is None:
            break
        if focused["at"] is not None:
            reached.add(focused["at"])
        if not focused["seen"]:
            unseen.append(f"no mark: {focused['what']}")
    return [one for one in wanted if one.split()[0] not in reached] + unseen
