//! How wide text is, and how it is cut to fit. Sizes and widths are in points.

use ab_glyph::{Font, FontRef};
use std::sync::LazyLock;

/// The family that SVG files ask for, with others of nearly the same widths to fall back on.
pub const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

static REGULAR: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(include_bytes!("font/DejaVuSans.ttf")).ok());
static BOLD: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(include_bytes!("font/DejaVuSans-Bold.ttf")).ok());

/// The embedded font, regular or bold; none only if the embedded file were broken.
pub(super) fn font(bold: bool) -> Option<&'static FontRef<'static>> {
    if bold { BOLD.as_ref() } else { REGULAR.as_ref() }
}

/// The width of a line of text.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let Some(font) = font(bold) else {
        return 0.65 * size * text.chars().count() as f64;
    };
    let per_em = f64::from(font.units_per_em().unwrap_or(2048.0));
    text.chars().map(|c| f64::from(font.h_advance_unscaled(font.glyph_id(c)))).sum::<f64>() / per_em * size
}

/// Text without what would break a line or an XML file: controls and direction overrides become spaces.
pub fn clean(text: &str) -> String {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    text.chars().map(|c| if odd(c) { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// Text that is no wider than `most`: cut, with an ellipsis, if need be. Empty when not even one letter fits.
pub fn fit(text: &str, size: f64, bold: bool, most: f64) -> String {
    let text = clean(text);
    // Longer than any line; keeps a name of megabytes from being measured.
    let text: String = text.chars().take(600).collect();
    if width(&text, size, bold) <= most {
        return text;
    }
    let mut kept = String::new();
    let mut best = String::new();
    for c in text.chars() {
        kept.push(c);
        let cut = format!("{}…", kept.trim_end());
        if width(&cut, size, bold) > most {
            break;
        }
        best = cut;
    }
    best
}

/// Text broken at spaces into at most `lines` lines no wider than `most`; the last is cut if there is more.
pub fn wrap(text: &str, size: f64, bold: bool, most: f64, lines: usize) -> Vec<String> {
    let text: String = clean(text).chars().take(2000).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut wrapped = Vec::new();
    let mut at = 0;
    while at < words.len() && wrapped.len() < lines {
        let mut line = words[at].to_owned();
        let mut next = at + 1;
        if wrapped.len() + 1 == lines {
            wrapped.push(fit(&words[at..].join(" "), size, bold, most));
            return wrapped;
        }
        while next < words.len() {
            let longer = format!("{line} {}", words[next]);
            if width(&longer, size, bold) > most {
                break;
            }
            line = longer;
            next += 1;
        }
        wrapped.push(fit(&line, size, bold, most));
        at = next;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_exceeds_its_width() {
        for text in
            ["", "a", "Jama'at Nusrat al-Islam wal-Muslimin", "ⵜⴰⵎⴰⵛⴻⵇ", "漢字漢字漢字漢字", "\u{202e}evil\0name"]
        {
            for most in [0.0, 5.0, 30.0, 90.0] {
                assert!(width(&fit(text, 10.0, false, most), 10.0, false) <= most, "{text:?} in {most}");
                assert!(wrap(text, 10.0, true, most, 2).iter().all(|line| width(line, 10.0, true) <= most));
            }
        }
        assert_eq!(fit("Kidal", 10.0, false, 100.0), "Kidal");
        assert_eq!(wrap("one two three", 10.0, false, 1000.0, 2), ["one two three"]);
    }

    #[test]
    fn the_embedded_fonts_hold_what_charts_write() {
        for bold in [false, true] {
            let font = font(bold).unwrap();
            for c in "Aé—–…·≤≥−→←↑↓×%œŁšğⵣЖΩ’“”".chars() {
                assert_ne!(font.glyph_id(c).0, 0, "{c}");
            }
        }
    }
}
