//! Names in scripts that the embedded font does not have: SVG documents name a generic font and keep them, images show ids.

use super::font::font;
use ab_glyph::Font;
use std::cell::RefCell;

/// What stands for names in an image.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// Names, the longest first, each with what stands for it.
    list: Vec<(String, String)>,
}

impl Ids {
    /// Of those names that the font of images cannot show. The first of several for one name holds.
    pub fn of<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let odd = names.into_iter().filter(|(name, _)| !name.is_empty() && !is_shown(name));
        let mut list: Vec<(String, String)> = odd.map(|(name, id)| (name.to_owned(), id.to_owned())).collect();
        list.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Self { list }
    }

    fn instead(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, id) in &self.list {
            if text.contains(name.as_str()) {
                text = text.replace(name.as_str(), id);
            }
        }
        // What has no id: a sign for each word of it.
        let shown = text.split(' ').map(|word| if is_shown(word) { word.to_owned() } else { partly(word) });
        shown.collect::<Vec<_>>().join(" ")
    }
}

/// A word without the letters that the font does not have, with a sign for each run of them.
fn partly(word: &str) -> String {
    let mut kept = String::new();
    for letter in word.chars() {
        match is_shown(letter.encode_utf8(&mut [0; 4])) {
            true => kept.push(letter),
            false if kept.ends_with('?') => {}
            false => kept.push('?'),
        }
    }
    kept
}

/// Whether images can show a text: their font has all of its letters.
pub fn is_shown(text: &str) -> bool {
    text.is_ascii() || font(false).is_none_or(|font| text.chars().all(|letter| font.glyph_id(letter).0 != 0))
}

thread_local! {
    /// The ids that stand for names in what this thread draws.
    static INSTEAD: RefCell<Option<Ids>> = const { RefCell::new(None) };
}

/// Draws with ids in place of the names that the font does not have.
pub(super) fn with_ids<T>(ids: &Ids, draw: impl FnOnce() -> T) -> T {
    INSTEAD.set(Some(ids.clone()));
    let drawn = draw();
    INSTEAD.set(None);
    drawn
}

/// A text as it is drawn.
pub(super) fn drawn(text: String) -> String {
    if is_shown(&text) {
        return text;
    }
    INSTEAD.with_borrow(|ids| ids.as_ref().map(|ids| ids.instead(&text))).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stand_for_names_that_the_font_does_not_have() {
        let names = [("قوات", "forces"), ("قوات النهر", "rivermen"), ("Kidal", "kidal"), ("ጎንደር", "gondar")];
        let ids = Ids::of(names);
        let drawn = |text: &str| with_ids(&ids, || drawn(text.to_owned()));
        assert_eq!(drawn("قوات النهر and قوات in Kidal, ጎንደር (town)"), "rivermen and forces in Kidal, gondar (town)");
        assert_eq!(drawn("Do 漢字漢字 (x漢y) hold Gao?"), "Do ? (x?y) hold Gao?");
        assert_eq!(super::drawn("ጎንደር".into()), "ጎንደር");
    }
}
