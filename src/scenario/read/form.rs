//! A look through a large text before it is parsed. The parser holds some fifty bytes for each word and sign of its own, and
//! a tree of small tables takes more; a piece at a time takes next to nothing.

use super::place::{FileNumber, Place};
use super::problem::{MOST_KEPT, Problem};
use super::tree::DEEPEST;
use std::borrow::Cow;
use toml_parser::decoder::Encoding;
use toml_parser::lexer::{Token, TokenKind};
use toml_parser::parser::{EventReceiver, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, Expected, ParseError, Raw, Source, Span};

/// The most words and signs of a text; a scenario of the largest size has about three million.
const MOST_SIGNS: usize = 4_000_000;
/// The most tables of a text, entries of lists and tables in braces: twice as many as all sections together may have
/// entries.
const MOST_TABLES: usize = 200_000;
/// How many words and signs make a piece, at least.
const PIECE: usize = 1 << 16;

/// Finds what is no TOML in a text: the first [`MOST_KEPT`] errors of form. Keys that stand twice are left to the parser.
///
/// # Errors
/// Those, or that the text is too much to read.
pub fn check(text: &str, file: FileNumber) -> Result<(), Vec<Problem>> {
    let source = Source::new(text);
    let (mut piece, mut errors) = (Vec::new(), Vec::new());
    let (mut open, mut signs, mut tables) = (0usize, 0, 0);
    let mut before = TokenKind::Newline;
    for token in source.lex() {
        let kind = token.kind();
        signs += 1;
        match kind {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => open += 1,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => open = open.saturating_sub(1),
            _ => {}
        }
        tables += usize::from(kind == TokenKind::LeftCurlyBracket);
        tables += usize::from(kind == TokenKind::LeftSquareBracket && before == TokenKind::Newline);
        if kind != TokenKind::Whitespace {
            before = kind;
        }
        let (place, too_much) = (token.span(), signs > MOST_SIGNS || tables > MOST_TABLES);
        piece.push(token);
        if too_much {
            let lines = piece.iter().rposition(|token| token.kind() == TokenKind::Newline).map_or(0, |last| last + 1);
            read_piece(source, &piece[..lines], &mut errors);
            // What is open where it is cut is no error.
            let end = piece.get(lines).map_or(0, |token| token.span().start());
            errors.retain(|error| error.unexpected().is_some_and(|span| span.start() < end));
            if errors.is_empty() {
                let (what, most) =
                    if signs > MOST_SIGNS { ("words and signs", MOST_SIGNS) } else { ("tables", MOST_TABLES) };
                let (message, expected) =
                    (format!("the text goes on after {most} {what}"), format!("expected at most {most}"));
                let place = Some(Place::new(file, place.start()..place.end()));
                return Err(vec![Problem { message, expected: Some(expected), help: None, place }]);
            }
            break;
        }
        // No value goes on past the end of a line outside all brackets.
        if kind == TokenKind::Eof || (kind == TokenKind::Newline && open == 0 && piece.len() >= PIECE) {
            read_piece(source, &piece, &mut errors);
            piece.clear();
        }
        if errors.len() >= MOST_KEPT {
            break;
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors.iter().map(|error| told(error, text, file)).collect()) }
}

fn read_piece(source: Source, piece: &[Token], errors: &mut Vec<ParseError>) {
    let mut sink = |error| {
        if errors.len() < MOST_KEPT {
            errors.push(error);
        }
    };
    let mut decoded = Decoded(source);
    let mut validated = ValidateWhitespace::new(&mut decoded, source);
    parse_document(piece, &mut RecursionGuard::new(&mut validated, DEEPEST as u32), &mut sink);
}

/// Reads keys and values, for what is wrong with them alone.
struct Decoded<'s>(Source<'s>);

impl EventReceiver for Decoded<'_> {
    fn inline_table_open(&mut self, _: Span, _: &mut dyn ErrorSink) -> bool {
        true
    }

    fn array_open(&mut self, _: Span, _: &mut dyn ErrorSink) -> bool {
        true
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        if let Some(raw) = self.0.get(span) {
            Raw::new_unchecked(raw.as_str(), encoding, span).decode_key(&mut Cow::Borrowed(""), error);
        }
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        if let Some(raw) = self.0.get(span) {
            let _ = Raw::new_unchecked(raw.as_str(), encoding, span).decode_scalar(&mut Cow::Borrowed(""), error);
        }
    }
}

fn told(error: &ParseError, text: &str, file: FileNumber) -> Problem {
    let words = |expected: &[Expected]| {
        let words = expected.iter().map(|word| match word {
            Expected::Literal("\n") => "newline".to_owned(),
            Expected::Literal(sign) => format!("`{sign}`"),
            Expected::Description(about) => (*about).to_owned(),
            _ => "etc".to_owned(),
        });
        let words: Vec<String> = words.collect();
        format!("expected {}", if words.is_empty() { "nothing".to_owned() } else { words.join(", ") })
    };
    let range = error.unexpected().map_or(text.len()..text.len(), |span| span.start()..span.end());
    malformed(error.description(), error.expected().map(words), text, Place::new(file, range))
}

/// What the parser finds wrong with a place, in the terms of the scenario language.
pub fn malformed(message: &str, expected: Option<String>, text: &str, place: Place) -> Problem {
    let message = match message {
        "duplicate key" => format!("`{}` stands here twice", text.get(place.start..place.end).unwrap_or("this key")),
        "cannot recurse further; max recursion depth met" | "recursion limit" => "this nests too deep".into(),
        other => format!("not TOML: {other}"),
    };
    Problem { message, expected, help: None, place: Some(place) }
}
