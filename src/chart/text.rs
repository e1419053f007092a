//! How wide text is, and how it is cut to fit. Sizes and widths are in points.

use super::font::font;
use super::script;
use ab_glyph::Font;
use unicode_width::UnicodeWidthChar;

/// The family that SVG files ask for, with others of nearly the same widths to fall back on.
pub const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";

/// The width, to a column, of letters that the embedded font does not have, as a share of the size.
const OTHER_LETTER: f64 = 0.62;

/// The width of a line of text.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let Some(font) = font(bold) else {
        return 0.65 * size * text.chars().count() as f64;
    };
    let per_em = f64::from(font.units_per_em().unwrap_or(2048.0));
    let wide = |c: char| match font.glyph_id(c) {
        // The letters of other fonts are about so wide.
        glyph if glyph.0 == 0 => OTHER_LETTER * c.width().unwrap_or(0) as f64 * per_em,
        glyph => f64::from(font.h_advance_unscaled(glyph)),
    };
    text.chars().map(wide).sum::<f64>() / per_em * size
}

/// Text without what would break a line or an XML file: controls and direction overrides become spaces. In an image, ids stand for
/// names that its font does not have.
pub fn clean(text: &str) -> String {
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    script::drawn(text.chars().map(|c| if odd(c) { ' ' } else { c }).collect::<String>().trim().to_owned())
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

/// What stands between two names.
pub const BETWEEN: &str = " – ";

/// As [`fit`], but of two names, "A – B", each is cut by itself, so that both are seen.
pub fn fit_pair(text: &str, size: f64, bold: bool, most: f64) -> String {
    let [one, other] = text.split(BETWEEN).collect::<Vec<_>>()[..] else { return fit(text, size, bold, most) };
    let room = (most - width(BETWEEN, size, bold)).max(0.0);
    let [first, second] = [one, other].map(|name| width(&clean(name), size, bold));
    if first + second <= room {
        return clean(text);
    }
    // What a short name leaves is the other's.
    let left = (room / 2.0).max(room - second).min(first);
    let (one, other) = (fit(one, size, bold, left), fit(other, size, bold, room - left));
    if one.is_empty() || other.is_empty() { fit(text, size, bold, most) } else { format!("{one}{BETWEEN}{other}") }
}

/// The names of a cut text beside the whole ones, each for itself.
pub fn parts<'a>(words: &'a str, whole: &'a str) -> Vec<(&'a str, &'a str)> {
    let [cut, all] = [words, whole].map(|text| text.split(BETWEEN).collect::<Vec<_>>());
    if cut.len() == all.len() { cut.into_iter().zip(all).collect() } else { vec![(words, whole)] }
}

/// Text of which stretches that are written from right to left do not take along what stands around them: a percentage behind such a
/// name stays behind it.
pub fn isolated(text: &str) -> String {
    let from_the_right = |c: char| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    };
    let (mut written, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(from_the_right) {
        let (before, stretch) = rest.split_at(start);
        let inside = |c: char| from_the_right(c) || c == ' ' || c == '-' || c.is_numeric();
        let beyond = stretch.find(|c| !inside(c)).unwrap_or(stretch.len());
        let last = stretch[..beyond].char_indices().rfind(|(_, c)| from_the_right(*c));
        let (name, after) = stretch.split_at(last.map_or(beyond, |(at, c)| at + c.len_utf8()));
        written = written + before + "\u{2068}" + name + "\u{2069}";
        rest = after;
    }
    written + rest
}

/// Names cut so that they are told apart, where cutting at the end makes the same of all: to their beginnings and last words, or else
/// to what differs first, or to the words that not all of them have. Nothing where that does not help. Each is as wide as it may be.
pub fn cut_apart(names: &[&str], size: f64, bold: bool, most: f64) -> Option<Vec<String>> {
    let words = |name: &str| -> Vec<String> { name.split_whitespace().map(str::to_owned).collect() };
    let last = |name: &str| words(name).last().cloned().unwrap_or_default();
    let differing = |name: &str| {
        let own = words(name);
        let others = names.iter().filter(|other| **other != name).map(|other| words(other));
        let shared = others.map(|other| own.iter().zip(&other).take_while(|(a, b)| a == b).count()).max().unwrap_or(0);
        own[shared.min(own.len().saturating_sub(1))..].join(" ")
    };
    let shared = |word: &str| names.iter().all(|name| name.split_whitespace().any(|other| other == word));
    let own = |name: &str| {
        let own: Vec<&str> = name.split_whitespace().filter(|word| !shared(word)).collect();
        own.join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
    };
    let ends: [(Ending<'_>, usize); 3] = [(&last, LEAST_BEGINNING), (&differing, 0), (&own, 0)];
    ends.into_iter().find_map(|(end, least)| {
        let cut: Vec<String> =
            names.iter().map(|name| joined(name, &end(name), least, (size, bold, most))).collect::<Option<_>>()?;
        let apart = (1..cut.len()).all(|at| !cut[..at].contains(&cut[at]));
        apart.then_some(cut)
    })
}

/// What a name is told by at its end.
type Ending<'a> = &'a dyn Fn(&str) -> String;

/// Letters of the beginning of a name that are kept at least when it is cut in its middle.
const LEAST_BEGINNING: usize = 4;

/// The beginning of a name and its end, with an ellipsis between them; the end is cut if it is too long for itself. Nothing if the
/// beginning has fewer letters than wanted.
fn joined(name: &str, end: &str, least: usize, (size, bold, most): (f64, bool, f64)) -> Option<String> {
    let letters: Vec<char> = name.chars().take(600).collect();
    let with = |kept: usize| format!("{}…{end}", letters[..kept].iter().collect::<String>().trim_end());
    let kept = (0..letters.len()).rev().find(|kept| width(&with(*kept), size, bold) <= most);
    match kept {
        Some(kept) if kept >= least => Some(with(kept)),
        None if least == 0 => Some(fit(&format!("…{end}"), size, bold, most)),
        _ => None,
    }
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
    fn names_that_begin_alike_are_cut_apart() {
        let movements = ["Mouvement national pour la libération du Nord", "Mouvement national pour le salut du Sud"];
        let cut = cut_apart(&movements, 8.5, false, 86.0).unwrap();
        assert!(cut[0].starts_with("Mouvement") && cut[0].ends_with("…Nord") && cut[1].ends_with("…Sud"), "{cut:?}");
        let fronts = ["Front of the North and its Allies", "Front of the South and its Allies"];
        let cut = cut_apart(&fronts, 8.5, false, 86.0).unwrap();
        assert!(cut[0].contains("…North") && cut[1].contains("…South"), "{cut:?}");
        assert!(cut.iter().all(|name| width(name, 8.5, false) <= 86.0));
        assert_eq!(cut_apart(&["aaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaab"], 8.5, false, 20.0), None);
        let places = ["North, First", "North, Second", "South, First", "South, Second"];
        let wings = places.map(|place| format!("Liberation Front of the Greater Highlands of the {place} Wing"));
        let cut = cut_apart(&wings.each_ref().map(String::as_str), 8.5, false, 90.0).unwrap();
        assert!(cut[1].ends_with("North, Second") && cut[2].ends_with("South, First"), "{cut:?}");
    }

    #[test]
    fn of_two_names_both_are_seen() {
        let fit = |words: &str, most: f64| fit_pair(words, 9.0, false, most);
        assert_eq!(fit("Mali – Niger", 200.0), "Mali – Niger");
        let cut = fit("Mali – Coordination of Azawad Movements and others", 120.0);
        assert!(cut.starts_with("Mali – Coord") && cut.ends_with('…') && width(&cut, 9.0, false) <= 120.0, "{cut}");
        let cut = fit("Coordination of Azawad Movements – Alliance of the Sahel States", 120.0);
        assert!(cut.starts_with("Coord") && cut.contains("… – Alli") && width(&cut, 9.0, false) <= 120.0, "{cut}");
        assert_eq!(parts("Co… – Al…", "Coo – All"), [("Co…", "Coo"), ("Al…", "All")]);
        assert_eq!(parts("Coo…", "Coo – All"), [("Coo…", "Coo – All")]);
    }

    #[test]
    fn what_is_written_from_right_to_left_does_not_take_its_value_along() {
        assert_eq!(isolated("Gao 78%"), "Gao 78%");
        assert_eq!(isolated("لواء الصحراء 78%"), "\u{2068}لواء الصحراء\u{2069} 78%");
        assert_eq!(isolated("A – قوات – לב (5)"), "A – \u{2068}قوات\u{2069} – \u{2068}לב\u{2069} (5)");
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
