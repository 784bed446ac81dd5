/** The accent colour a page asks for, changed as far as reading it needs. */

/** A colour of any notation as three bytes, or null where it is none. */
export function bytes(colour) {
  if (!CSS.supports("color", colour)) return null;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

function luminance(colour) {
  const [r, g, b] = colour.map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast ratio of two colours in bytes, as WCAG 2 reckons it: 1 to 21. */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour, moved towards the ink until it can be read on all of the papers. */
export function readable(colour, ink, papers) {
  // Pale on dark looks fainter than its figure.
  const enough = luminance(ink) > 0.5 ? 7 : 4.6;
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = colour.map((byte, i) => Math.round(byte + (ink[i] - byte) * share));
    if (papers.every((paper) => contrast(mixed, paper) >= enough)) return mixed;
  }
  return ink;
}

/**
 * The style rule that gives `host` its `accent`, readable whatever it is; empty where the
 * attribute is not a colour. Only numbers get into it.
 */
export function accentRule(host) {
  const accent = bytes(host.getAttribute("accent") ?? "");
  if (!accent) return "";
  const look = getComputedStyle(host);
  const [ink, paper, wash] = ["ink", "paper", "wash"].map((name) =>
    bytes(look.getPropertyValue(`--eg-${name}`).trim()),
  );
  if (!ink || !paper || !wash) return "";
  const colour = readable(accent, ink, [paper, wash]);
  const sides = [[255, 255, 255], [11, 12, 12]];
  const [on] = sides.sort((a, b) => contrast(b, colour) - contrast(a, colour));
  // The id that nothing has lets it go before the theme's own colours.
  return `@media screen{:host(:not(#_)){--eg-accent:rgb(${colour});--eg-on-accent:rgb(${on})}}`;
}
