//! Names as people write them: when two of them are one.

use super::number::count;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text with letters and their accents composed (Unicode's normalisation form C): two that look the same because they
/// differ in nothing but this are the same.
pub fn composed(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { text.nfc().collect() }
}

/// A text by what tells names apart: without accents, case, white space and signs, and with letters of other widths and
/// ligatures as usual (the letters and digits of normalisation form KD).
pub fn folded(text: &str) -> String {
    let plain =
        text.nfkd().filter(|letter| letter.is_alphanumeric() && !is_combining_mark(*letter) || is_vowel_sign(*letter));
    plain.flat_map(char::to_lowercase).collect()
}

/// The id that a name suggests: its letters without accents, in lower case, with hyphens between words, of at most `most`
/// letters. None if it has fewer Latin letters and digits than others, as names in other scripts do.
pub fn id_of(name: &str, most: usize) -> Option<String> {
    let (mut id, mut others) = (String::new(), 0);
    for letter in name.nfkd().filter(|letter| !is_combining_mark(*letter) && *letter != '\'' && *letter != '\u{2019}') {
        if letter.is_ascii_alphanumeric() {
            id.push(letter.to_ascii_lowercase());
        } else if letter.is_alphanumeric() {
            others += 1;
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let kept = id.bytes().filter(|byte| *byte != b'-').count();
    id.truncate(most);
    let id = id.trim_end_matches('-');
    (kept > others).then(|| id.to_owned())
}

/// The first few of some names, and how many more there are: "a, b, c and 12 more".
pub fn first_few<S: AsRef<str>>(names: &[S], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    let more = names.len() - shown.len();
    let more = if more > 0 { format!(" and {} more", count(more as f64)) } else { String::new() };
    shown.join(", ") + &more
}

/// Whether a mark is part of how a word is spelled rather than an accent on a letter, as in the scripts of India and beyond.
fn is_vowel_sign(letter: char) -> bool {
    is_combining_mark(letter)
        && letter > '\u{8ff}'
        && !matches!(letter, '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The text without the byte order mark that some programs begin a file with.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_decomposed_accents_are_one_name() {
        assert_eq!(composed("Co\u{302}te d'Ivoire"), "C\u{f4}te d'Ivoire");
        assert_eq!(composed("Kidal"), "Kidal");
    }

    #[test]
    fn an_id_is_made_of_latin_letters() {
        assert_eq!(id_of("Ménaka (Cercle)", 64).as_deref(), Some("menaka-cercle"));
        assert_eq!(id_of("Jama'at Nusrat al-Islam", 12).as_deref(), Some("jamaat-nusra"));
        assert_eq!(id_of("Łódź", 64).as_deref(), Some("odz"));
        assert_eq!((id_of("الخرطوم", 64), id_of("—", 64), id_of("", 64)), (None, None, None));
    }

    #[test]
    fn names_are_alike_but_for_case_accents_and_signs() {
        for (one, other) in [("Gao", " GAO "), ("Ménaka", "menaka"), ("the-heights", "The Heights"), ("Ｇａｏ", "gao")]
        {
            assert_eq!(folded(one), folded(other));
        }
        for (one, other) in [("Gao", "Goa"), ("कि", "का"), ("က", "ကာ"), ("", "x")] {
            assert_ne!(folded(one), folded(other));
        }
    }
}
