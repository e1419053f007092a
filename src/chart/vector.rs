//! A drawing as an SVG document.

use super::canvas::{Anchor, Canvas, Mark};
use super::palette::Colour;
use super::text::{FAMILY, isolated};
use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle};

/// Units per point: plotters' coordinates are whole numbers, so the drawing is made ten times as large and scaled by
/// its view box.
const SCALE: f64 = 10.0;
/// plotters writes a font size of its own size divided by this.
const FONT_FACTOR: f64 = 1.24;
/// plotters shifts text that is anchored at its top down by this share of the font size.
const TOP_SHIFT: f64 = 0.76;

/// What a mark looks like to plotters; the width is in units of its backend.
pub(super) fn style(colour: Colour, width: f64) -> ShapeStyle {
    ShapeStyle { color: paint(colour), filled: true, stroke_width: width.round().max(1.0) as u32 }
}

fn paint(colour: Colour) -> RGBAColor {
    let [red, green, blue] = colour.channels;
    RGBAColor(red, green, blue, colour.opacity)
}

/// A position in whole units of a scale.
pub(super) fn place((x, y): (f64, f64), scale: f64) -> (i32, i32) {
    let whole = |v: f64| (v * scale).round().clamp(-1e6, 1e6) as i32;
    (whole(x), whole(y))
}

/// The SVG document of a drawing. It names its font and embeds none.
///
/// # Errors
/// If plotters reports one.
pub fn svg(canvas: &Canvas) -> Result<String, String> {
    let size = place((canvas.width, canvas.height), SCALE);
    let mut document = String::new();
    let mut backend = SVGBackend::with_string(&mut document, (size.0 as u32, size.1 as u32));
    for mark in &canvas.told_apart() {
        draw(&mut backend, mark)?;
    }
    backend.present().map_err(|problem| problem.to_string())?;
    drop(backend);
    Ok(tidy(canvas, size, &document))
}

fn draw(backend: &mut SVGBackend<'_>, mark: &Mark) -> Result<(), String> {
    let drawn = match mark {
        Mark::Path { points, colour, width } => {
            backend.draw_path(points.iter().map(|p| place(*p, SCALE)), &style(*colour, width * SCALE))
        }
        Mark::Polygon { points, colour } => {
            backend.fill_polygon(points.iter().map(|p| place(*p, SCALE)), &style(*colour, 1.0))
        }
        Mark::Disc { centre, radius, colour } => {
            backend.draw_circle(place(*centre, SCALE), (radius * SCALE).round() as u32, &style(*colour, 1.0), true)
        }
        Mark::Text(text) => {
            let horizontal = match text.anchor {
                Anchor::Start => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::End => HPos::Right,
            };
            let weight = if text.bold { FontStyle::Bold } else { FontStyle::Normal };
            let turn = if text.upright { FontTransform::Rotate270 } else { FontTransform::None };
            let font = FontDesc::new(FontFamily::Name(FAMILY), text.size * SCALE * FONT_FACTOR, weight).transform(turn);
            let look = font.color(&paint(text.colour)).pos(Pos::new(horizontal, VPos::Top));
            // The shift is undone, so that the baseline stands at the text's position.
            let shift = TOP_SHIFT * text.size;
            let (x, y) = text.at;
            let at = if text.upright { (x - shift, y) } else { (x, y - shift) };
            backend.draw_text(&isolated(&text.line()), &look, place(at, SCALE))
        }
    };
    drawn.map_err(|problem| problem.to_string())
}

/// Sets size, scale, font and description once on the root, and drops what repeats.
fn tidy(canvas: &Canvas, size: (i32, i32), document: &str) -> String {
    let body = document.split_once('\n').map_or("", |(_, body)| body);
    let body = body
        .replace(" opacity=\"1\"", "")
        .replace(&format!(" font-family=\"{FAMILY}\""), "")
        .replace(" stroke=\"none\" stroke-width=\"1\"", "")
        .replace(">\n", ">")
        .replace("\n</text>", "</text>")
        .replace(" \"/>", "\"/>");
    let description = canvas.description.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let description = isolated(&super::text::clean(&description));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" \
         font-family=\"{FAMILY}\" stroke-linejoin=\"round\" stroke-linecap=\"butt\"><title>{description}</title>\
         <rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>{}\n",
        canvas.width,
        canvas.height,
        size.0,
        size.1,
        body.trim_end()
    )
}
