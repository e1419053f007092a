//! A drawing as a PNG image of twice its size in points, so that it stays crisp on dense screens and on paper.
//!
//! Shapes are drawn by plotters at four times the size and filtered down. Text is set afterwards at the final size,
//! each glyph where its metrics put it: plotters sets glyphs on whole pixels and drops their side bearings.

use super::canvas::{Anchor, Canvas, Mark, Text};
use super::font::font;
use super::palette::Colour;
use super::vector::{place, style};
use ab_glyph::{Font, Point, PxScale, ScaleFont};
use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::style::{Color as _, ShapeStyle};

/// Pixels per point of the image.
const DENSITY: f64 = 2.0;
/// Pixels per point while shapes are drawn.
const FINE: f64 = 4.0;

/// An RGB image, rows from the top.
struct Image {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// The PNG file of a drawing, with `notes` (keyword, text) in its tEXt chunks.
///
/// # Errors
/// If plotters or the encoder reports one.
pub fn png(canvas: &Canvas, notes: &[(&str, &str)]) -> Result<Vec<u8>, String> {
    let mut image = halved(&shapes(canvas)?);
    for mark in &canvas.told_apart() {
        if let Mark::Text(text) = mark {
            set(&mut image, text);
        }
    }
    encode(&image, notes).map_err(|problem| problem.to_string())
}

fn shapes(canvas: &Canvas) -> Result<Image, String> {
    let (width, height) = place((canvas.width, canvas.height), FINE);
    let (width, height) = (width as usize, height as usize);
    let mut pixels = vec![255; width * height * 3];
    {
        let mut backend = BitMapBackend::with_buffer(&mut pixels, (width as u32, height as u32));
        for mark in canvas.marks() {
            draw(&mut backend, mark)?;
        }
        backend.present().map_err(|problem| problem.to_string())?;
    }
    Ok(Image { width, height, pixels })
}

fn draw(backend: &mut BitMapBackend<'_>, mark: &Mark) -> Result<(), String> {
    match mark {
        Mark::Path { points, colour, width } => stroke(backend, points, *colour, width * FINE / 2.0),
        Mark::Polygon { points, colour } => fill(backend, points, &style(*colour, 1.0)),
        Mark::Disc { centre, radius, colour } => disc(backend, *centre, radius * FINE, &style(*colour, 1.0)),
        Mark::Text(_) => Ok(()),
    }
}

/// A filled shape. plotters' own filling leaves streaks where lines of a shape meet, as those to its holes do; here each pixel
/// is covered by the stretches within (the even-odd rule) of two lines through it.
fn fill(backend: &mut BitMapBackend<'_>, points: &[(f64, f64)], style: &ShapeStyle) -> Result<(), String> {
    let corners: Vec<(i32, i32)> = points.iter().map(|p| place(*p, FINE)).collect();
    if let [a, b, c, d] = corners[..] {
        let level = a.1 == b.1 && b.0 == c.0 && c.1 == d.1 && d.0 == a.0;
        let plumb = a.0 == b.0 && b.1 == c.1 && c.0 == d.0 && d.1 == a.1;
        if level || plumb {
            let low = (a.0.min(c.0), a.1.min(c.1));
            // plotters leaves out the last row and column: those belong to what comes next.
            let high = (a.0.max(c.0).max(low.0 + 1), a.1.max(c.1).max(low.1 + 1));
            return backend.draw_rect(low, high, style, true).map_err(|problem| problem.to_string());
        }
    }
    let fine: Vec<(f64, f64)> = points.iter().map(|p| (p.0 * FINE, p.1 * FINE)).collect();
    let mut edges: Vec<[(f64, f64); 2]> = fine
        .iter()
        .zip(fine.iter().cycle().skip(1))
        .map(|(a, b)| if a.1 <= b.1 { [*a, *b] } else { [*b, *a] })
        .filter(|[a, b]| a.1 < b.1)
        .collect();
    edges.sort_by(|a, b| a[0].1.total_cmp(&b[0].1));
    let (width, height) = backend.get_size();
    let last = edges.iter().map(|edge| edge[1].1).fold(0.0, f64::max).ceil().min(f64::from(height)) as usize;
    let first = edges.first().map_or(last, |edge| edge[0].1.max(0.0) as usize);
    let ends = |choose: fn(f64, f64) -> f64, start: f64| {
        fine.iter().map(|p| p.0).fold(start, choose).clamp(0.0, f64::from(width))
    };
    let (left, right) = (ends(f64::min, f64::INFINITY).floor(), ends(f64::max, f64::NEG_INFINITY).ceil());
    let mut cover = vec![0.0; (right - left) as usize];
    let (mut next, mut active, mut crossings) = (0, Vec::new(), Vec::new());
    for row in first..last {
        while next < edges.len() && edges[next][0].1 < (row + 1) as f64 {
            active.push(edges[next]);
            next += 1;
        }
        active.retain(|edge| edge[1].1 > row as f64);
        for part in [0.25, 0.75] {
            let y = row as f64 + part;
            let across = active.iter().filter(|[from, to]| from.1 <= y && y < to.1);
            crossings.clear();
            crossings.extend(across.map(|[from, to]| from.0 + (to.0 - from.0) * (y - from.1) / (to.1 - from.1)));
            crossings.sort_by(f64::total_cmp);
            for [from, to] in crossings.as_chunks().0 {
                cover_stretch(&mut cover, from - left, to - left);
            }
        }
        paint(backend, (left as i32, row as i32), &mut cover, style)?;
    }
    Ok(())
}

/// Adds half of what a stretch covers of each pixel of a row.
fn cover_stretch(cover: &mut [f64], from: f64, to: f64) {
    let (from, to) = (from.clamp(0.0, cover.len() as f64), to.clamp(0.0, cover.len() as f64));
    let (first, last) = (from as usize, to as usize);
    if first == last {
        cover.iter_mut().skip(first).take(1).for_each(|covered| *covered += 0.5 * (to - from));
        return;
    }
    cover[first] += 0.5 * ((first + 1) as f64 - from);
    cover[first + 1..last].iter_mut().for_each(|covered| *covered += 0.5);
    cover.iter_mut().skip(last).take(1).for_each(|covered| *covered += 0.5 * (to - last as f64));
}

/// Paints a row from a pixel on by how far each is covered, and forgets it.
fn paint(
    backend: &mut BitMapBackend<'_>,
    (left, row): (i32, i32),
    cover: &mut [f64],
    style: &ShapeStyle,
) -> Result<(), String> {
    let whole = |share: &f64| *share > 1.0 - 1.0 / 512.0;
    let mut column = 0;
    while column < cover.len() {
        // What is covered whole is laid down at once.
        let stretch = cover[column..].iter().take_while(|share| whole(share)).count();
        let at = left + column as i32;
        if stretch > 0 {
            backend.draw_rect((at, row), (at + stretch as i32, row + 1), style, true)
        } else if cover[column] > 1.0 / 512.0 {
            backend.draw_pixel((at, row), style.color.mix(cover[column].min(1.0)).to_backend_color())
        } else {
            Ok(())
        }
        .map_err(|problem| problem.to_string())?;
        column += stretch.max(1);
    }
    cover.fill(0.0);
    Ok(())
}

/// A line of a half width in fine pixels. plotters moves the outline of a wide line to whole pixels, which makes short
/// pieces uneven, and leaves holes where it crosses itself; here each pixel is covered by its distance from the line.
fn stroke(backend: &mut BitMapBackend<'_>, points: &[(f64, f64)], colour: Colour, half: f64) -> Result<(), String> {
    if let [(x, y), (to_x, to_y)] = *points
        && (x.to_bits() == to_x.to_bits() || y.to_bits() == to_y.to_bits())
    {
        let edge = half / FINE;
        let (dx, dy) = if x.to_bits() == to_x.to_bits() { (edge, 0.0) } else { (0.0, edge) };
        let ((left, right), (top, bottom)) =
            ((x.min(to_x) - dx, x.max(to_x) + dx), (y.min(to_y) - dy, y.max(to_y) + dy));
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        return fill(backend, &corners, &style(colour, 1.0));
    }
    let size = backend.get_size();
    let fine: Vec<(f64, f64)> = points.iter().map(|p| (p.0 * FINE, p.1 * FINE)).collect();
    let bound = |pick: fn(&(f64, f64)) -> f64, most: u32| {
        let low = fine.iter().map(pick).fold(f64::INFINITY, f64::min) - half - 1.0;
        let high = fine.iter().map(pick).fold(f64::NEG_INFINITY, f64::max) + half + 2.0;
        (low.floor().clamp(0.0, f64::from(most)) as usize, high.ceil().clamp(0.0, f64::from(most)) as usize)
    };
    let ((left, right), (top, bottom)) = (bound(|p| p.0, size.0), bound(|p| p.1, size.1));
    let width = right - left;
    let mut cover = vec![0_u8; width * (bottom - top)];
    for pair in fine.windows(2) {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        let (dx, dy) = (to_x - x, to_y - y);
        let length = (dx * dx + dy * dy).max(1e-12);
        let first = (y.min(to_y) - half - 1.0).max(top as f64) as usize;
        let last = ((y.max(to_y) + half + 1.0).max(0.0).ceil() as usize).min(bottom);
        for row in first..last {
            let middle = row as f64 + 0.5;
            // The stretch of the piece that comes near this row.
            let (mut from, mut to) = (x.min(to_x), x.max(to_x));
            if dy.abs() > 1e-9 {
                let at = |level: f64| x + dx * ((level - y) / dy).clamp(0.0, 1.0);
                let (a, b) = (at(middle - half - 1.0), at(middle + half + 1.0));
                (from, to) = (a.min(b), a.max(b));
            }
            let start = (from - half - 1.0).max(left as f64) as usize;
            let end = ((to + half + 2.0).max(0.0) as usize).min(right);
            for column in start..end {
                let (px, py) = (column as f64 + 0.5 - x, middle - y);
                let along = ((px * dx + py * dy) / length).clamp(0.0, 1.0);
                let (ox, oy) = (px - along * dx, py - along * dy);
                let share = (half + 0.5 - (ox * ox + oy * oy).sqrt()).clamp(0.0, 1.0);
                let pixel = &mut cover[(row - top) * width + column - left];
                *pixel = (*pixel).max((share * 255.0) as u8);
            }
        }
    }
    for (index, covered) in cover.iter().enumerate().filter(|(_, covered)| **covered > 0) {
        let at = ((left + index % width) as i32, (top + index / width) as i32);
        let seen = style(colour.faded(colour.opacity * f64::from(*covered) / 255.0), 1.0);
        backend.draw_pixel(at, seen.color.to_backend_color()).map_err(|problem| problem.to_string())?;
    }
    Ok(())
}

fn disc(backend: &mut BitMapBackend<'_>, centre: (f64, f64), pixels: f64, style: &ShapeStyle) -> Result<(), String> {
    let radius = pixels.round().max(1.0) as u32;
    backend.draw_circle(place(centre, FINE), radius, style, true).map_err(|problem| problem.to_string())
}

/// Each pixel the mean of four.
fn halved(image: &Image) -> Image {
    let (width, height) = (image.width / 2, image.height / 2);
    let mut pixels = vec![255; width * height * 3];
    let row = image.width * 3;
    for (y, out) in pixels.chunks_exact_mut(width * 3).enumerate() {
        let (upper, lower) = image.pixels[2 * y * row..].split_at(row);
        let (above, below) = (upper.as_chunks::<6>().0, lower.as_chunks::<6>().0);
        for ((out, above), below) in out.as_chunks_mut::<3>().0.iter_mut().zip(above).zip(below) {
            for channel in 0..3 {
                let sum = u16::from(above[channel])
                    + u16::from(above[channel + 3])
                    + u16::from(below[channel])
                    + u16::from(below[channel + 3]);
                out[channel] = ((sum + 2) / 4) as u8;
            }
        }
    }
    Image { width, height, pixels }
}

fn set(image: &mut Image, text: &Text) {
    let Some(font) = font(text.bold) else { return };
    // The font's own scale counts from its ascent to its descent, not by the em.
    let em = (text.size * DENSITY) as f32;
    let scale = PxScale::from(em * font.height_unscaled() / font.units_per_em().unwrap_or(2048.0));
    let scaled = font.as_scaled(scale);
    let width: f32 = text.line().chars().map(|c| scaled.h_advance(scaled.glyph_id(c))).sum();
    let before = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => width / 2.0,
        Anchor::End => width,
    };
    let at = ((text.at.0 * DENSITY) as f32, (text.at.1 * DENSITY) as f32);
    // Glyphs run along x from the origin; upright text swaps the axes when pixels are put down.
    let mut pen = if text.upright { -at.1 - before } else { at.0 - before };
    let baseline = if text.upright { at.0 } else { at.1 }.round();
    for c in text.line().chars() {
        let id = scaled.glyph_id(c);
        let glyph = id.with_scale_and_position(scale, Point { x: pen, y: baseline });
        if let Some(outline) = font.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
            outline.draw(|x, y, cover| {
                let (along, down) = (left + x as i32, top + y as i32);
                let (x, y) = if text.upright { (down, -along) } else { (along, down) };
                blend(image, x, y, text, cover);
            });
        }
        pen += scaled.h_advance(id);
    }
}

fn blend(image: &mut Image, x: i32, y: i32, text: &Text, cover: f32) {
    if x < 0 || y < 0 || x as usize >= image.width || y as usize >= image.height {
        return;
    }
    let share = (f64::from(cover) * text.colour.opacity).clamp(0.0, 1.0);
    let start = (y as usize * image.width + x as usize) * 3;
    for (pixel, ink) in image.pixels[start..start + 3].iter_mut().zip(text.colour.channels) {
        *pixel = (f64::from(*pixel) * (1.0 - share) + f64::from(ink) * share).round() as u8;
    }
}

fn encode(image: &Image, notes: &[(&str, &str)]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, image.width as u32, image.height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    for (keyword, note) in notes {
        // tEXt holds Latin-1 only.
        let latin: String = note.chars().map(|c| if (c as u32) < 256 { c } else { '?' }).collect();
        encoder.add_text_chunk((*keyword).to_owned(), latin)?;
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&image.pixels)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::palette::INK;

    /// The red of a pixel, by its place in points.
    fn seen(image: &Image, (x, y): (f64, f64)) -> u8 {
        let at = |points: f64| (points * DENSITY) as usize;
        image.pixels[(at(y) * image.width + at(x)) * 3]
    }

    #[test]
    fn shapes_are_filled_to_their_edges_and_no_farther() {
        let square = [(10.0, 10.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0)];
        let house = [(10.0, 10.0), (20.0, 5.0), (30.0, 10.0), (30.0, 30.0), (10.0, 30.0)];
        for (corners, opacity) in [(&square[..], 1.0), (&house[..], 1.0), (&square[..], 0.5), (&house[..], 0.5)] {
            let mut canvas = Canvas::new(40.0, 40.0);
            canvas.polygon(corners.iter().copied(), INK.faded(opacity));
            let image = halved(&shapes(&canvas).unwrap());
            let filled = 255.0 - opacity * f64::from(255 - INK.channels[0]);
            for inside in [(10.0, 15.0), (20.0, 20.0), (29.5, 29.5), (12.0, 12.0)] {
                let pixel = f64::from(seen(&image, inside));
                assert!((pixel - filled).abs() <= 2.0, "{pixel} at {inside:?}, expected {filled}");
            }
            for outside in [(9.5, 15.0), (30.0, 15.0), (20.0, 30.0), (20.0, 3.0)] {
                assert_eq!(seen(&image, outside), 255, "{outside:?}");
            }
        }
    }
}
