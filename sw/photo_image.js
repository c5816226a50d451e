/**
 * A picture from the camera or a file, as small as it may be sent: drawn again, so that nothing of the file but the picture is left
 * (no place, no time, no camera), and made smaller in steps until it is at most 300 kB.
 */
import { UnfitError } from "./photo_rows.js";

const MOST_BYTES = 300_000;
const MOST_FILE = 60_000_000;
const MOST_PIXELS = 60_000_000;
/** Longest side and quality, tried in this order. @type {[number, number][]} */
const STEPS = [[2000, 0.85], [2000, 0.75], [1600, 0.75], [1600, 0.65], [1280, 0.7], [1280, 0.55], [1024, 0.6], [800, 0.6], [640, 0.5]];

/** @param {Blob} file @returns {Promise<Uint8Array<ArrayBuffer>>} a JPEG */
export async function shrink(file) {
  if (file.size > MOST_FILE) throw new UnfitError("too_large");
  const url = URL.createObjectURL(file);
  try {
    const picture = await load(url);
    const { naturalWidth: width, naturalHeight: height } = picture;
    if (!width || !height) throw new UnfitError("not_image");
    if (width * height > MOST_PIXELS) throw new UnfitError("too_many_pixels"); // known before anything is decoded
    await picture.decode().catch(() => { throw new UnfitError("broken"); });
    return await small(picture, width, height);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @param {HTMLCanvasElement} picture @returns {Promise<Uint8Array<ArrayBuffer>>} a JPEG */
export const fit = picture => small(picture, picture.width, picture.height);

/** @param {string} url @returns {Promise<HTMLImageElement>} */
const load = url => new Promise((resolve, reject) => {
  const picture = new Image();
  picture.onload = () => resolve(picture);
  picture.onerror = () => reject(new UnfitError("not_image"));
  picture.src = url;
});

/** @param {CanvasImageSource} picture @param {number} width @param {number} height */
async function small(picture, width, height) {
  /** @type {CanvasImageSource} */
  let source = picture;
  let [w, h] = [width, height];
  for (const [side, quality] of STEPS) {
    const scale = Math.min(1, side / Math.max(width, height));
    const [toW, toH] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    while (w > toW * 2) { // halves look better than one leap
      [w, h] = [Math.round(w / 2), Math.round(h / 2)];
      source = draw(source, w, h);
    }
    const blob = await jpeg(draw(source, toW, toH), quality);
    if (blob.size <= MOST_BYTES) return new Uint8Array(await blob.arrayBuffer());
  }
  throw new UnfitError("too_large");
}

/** @param {CanvasImageSource} source @param {number} width @param {number} height */
function draw(source, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, 0, 0, width, height);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {number} quality @returns {Promise<Blob>} */
const jpeg = (canvas, quality) => new Promise((resolve, reject) => {
  canvas.toBlob(blob => (blob ? resolve(blob) : reject(new UnfitError("broken"))), "image/jpeg", quality);
});
