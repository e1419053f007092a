//! A document as one HTML file that needs nothing else: styles and charts are in it, and it fetches nothing.

use super::{Block, Document, Figure, Table, TableCell, clean};
use crate::report::alive::{self, LivePart};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The styles of all pages.
pub const STYLE: &str = include_str!("style.css");

impl Document {
    /// The document as an HTML page.
    pub fn html(&self) -> String {
        self.page(None)
    }

    /// The document as an HTML page that can be played with.
    pub fn html_alive(&self, part: &LivePart) -> String {
        self.page(Some(part))
    }

    fn page(&self, live: Option<&LivePart>) -> String {
        let title = clean(&self.title);
        let mut anchors = Anchors::default();
        let first = self.blocks.iter().position(is_section).unwrap_or(self.blocks.len());
        let (head, body) = self.blocks.split_at(first);
        let body: Vec<Markup> = body.iter().map(|block| part(block, &self.blocks, &mut anchors)).collect();
        let nonce = nonce(&body, live);
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy(&nonce, live.is_some()));
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) " – Entente" }
                    style nonce=(nonce) { (PreEscaped(STYLE)) @if live.is_some() { (PreEscaped(alive::STYLE)) } }
                }
                body {
                    header {
                        h1 { (title) }
                        @if !self.subtitle.is_empty() { p.sub { (marked(&self.subtitle)) } }
                        @for block in head { (part(block, &self.blocks, &mut Anchors::default())) }
                    }
                    main { @for part in &body { (part) } }
                    @if let Some(LivePart { data, engine }) = live {
                        script type="text/plain" id="entente-data" { (PreEscaped(data)) }
                        script type="text/plain" id="entente-engine" { (PreEscaped(engine)) }
                        script nonce=(nonce) { (PreEscaped(alive::SCRIPT)) }
                    }
                }
            }
        }
        .into_string()
    }
}

/// What a browser lets a page do: run its own script and engine, show its own styles and charts, and fetch nothing.
fn policy(nonce: &str, live: bool) -> String {
    let styles = format!("style-src 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src data:");
    let scripts = match live {
        true => format!("script-src 'nonce-{nonce}' 'wasm-unsafe-eval'; worker-src blob:; "),
        false => String::new(),
    };
    format!("default-src 'none'; {scripts}{styles}; base-uri 'none'; form-action 'none'")
}

/// A word that what is in a page cannot know beforehand, for it is made of all that is in it.
fn nonce(body: &[Markup], live: Option<&LivePart>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in body.iter().map(|part| &part.0).chain(live.map(|part| &part.data)) {
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

fn is_section(block: &Block) -> bool {
    matches!(block, Block::Heading { level: 2, .. })
}

/// Gives each heading an anchor of its own.
#[derive(Default)]
struct Anchors(Vec<String>);

impl Anchors {
    fn of(&mut self, words: &str) -> String {
        let mut slug = String::new();
        for letter in words.chars() {
            match letter {
                letter if letter.is_alphanumeric() => slug.extend(letter.to_lowercase()),
                _ if slug.ends_with('-') || slug.is_empty() => {}
                _ => slug.push('-'),
            }
        }
        let slug = format!("s-{}", slug.trim_end_matches('-'));
        let same = self.0.iter().filter(|known| **known == slug).count();
        self.0.push(slug.clone());
        if same == 0 { slug } else { format!("{slug}.{}", same + 1) }
    }
}

fn part(block: &Block, all: &[Block], anchors: &mut Anchors) -> Markup {
    html! {
        @match block {
            Block::Heading { words, level: 2 } => h2 id=(anchors.of(words)) { (clean(words)) },
            Block::Heading { words, .. } => h3 id=(anchors.of(words)) { (clean(words)) },
            Block::Contents => (contents(all)),
            Block::Words { words } => p { (marked(words)) },
            Block::List { points } => ul {
                @for point in points {
                    li {
                        (marked(&point.words))
                        @if !point.lesser.is_empty() { ul { @for words in &point.lesser { li.when { (marked(words)) } } } }
                    }
                }
            },
            Block::Table(drawn) => (table(drawn)),
            Block::Facts { facts } => dl.facts {
                @for (label, value) in facts { div { dt { (clean(label)) } dd { (clean(value)) } } }
            },
            Block::Chart(drawn) if drawn.svg.is_empty() => {},
            Block::Chart(drawn) => (figure(drawn)),
            Block::Rest => {},
            Block::Play => div #entente-live {},
            Block::Caution { lead, words } => p.caution {
                @if !lead.is_empty() { strong { (clean(lead)) } " " }
                (marked(words))
            },
            Block::Command { command } => pre { code { (clean(command)) } },
            Block::Folded { summary, blocks } => details {
                summary { (clean(summary)) }
                @for block in blocks { (part(block, all, anchors)) }
            },
        }
    }
}

/// Links to all sections.
fn contents(blocks: &[Block]) -> Markup {
    let mut anchors = Anchors::default();
    let mut sections: Vec<(String, String)> = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { words, level } => {
                let anchor = anchors.of(words);
                sections.extend((*level == 2).then(|| (anchor, clean(words))));
            }
            Block::Play => sections.push(("entente-live".into(), "Try a change, watch a run".into())),
            _ => {}
        }
    }
    html! {
        nav { ul {
            @for (anchor, words) in &sections { li { a href=(format!("#{anchor}")) { (words) } } } } }
    }
}

/// First cells with more letters than that keep room for some words on each line.
const LONG: usize = 24;

/// A table. On a narrow screen each row is told by itself, each cell with its head before it.
fn table(table: &Table) -> Markup {
    let is_named = table.rows.iter().filter_map(|row| row.first()).any(|cell| cell.words.chars().count() > LONG);
    html! {
        @if !table.title.is_empty() { h3 { (clean(&table.title)) } }
        div.wide {
            table.stacks[table.heads.len() > 1].named[is_named] {
                thead { tr {
                    @for (place, head) in table.heads.iter().enumerate() { th.number[place >= table.words] { (clean(head)) } }
                } }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (place, head) in table.heads.iter().enumerate() {
                                (cell(row.get(place), head, place, place >= table.words))
                            }
                        }
                    }
                }
            }
        }
        @if let Some((rows, file)) = &table.left_out {
            p.sub { "The first " (table.rows.len()) " of " (table.rows.len() + rows) "; all are in " (file) "." }
        }
        @if !table.note.is_empty() { p.sub { (marked(&table.note)) } }
    }
}

fn cell(cell: Option<&TableCell>, head: &str, place: usize, number: bool) -> Markup {
    let empty = TableCell::default();
    let cell = cell.unwrap_or(&empty);
    let head = if place > 0 && !cell.words.is_empty() { clean(head) } else { String::new() };
    html! {
        td.number[number] data-head=[Some(head).filter(|head| !head.is_empty())] {
            @if number && !cell.words.is_empty() { (parts(&clean(&cell.words))) } @else { (marked(&cell.words)) }
            @if let Some([low, share, high]) = cell.bar {
                span.bar aria-hidden="true" {
                    span.range style=(format!("left:{}%;width:{}%", place_of(low), place_of(high - low))) {}
                    span.dot style=(format!("left:{}%", place_of(share))) {}
                }
            }
        }
    }
}

/// Words in which what stands between two backticks is code.
fn marked(words: &str) -> Markup {
    let words = clean(words);
    let parts: Vec<&str> = words.split('`').collect();
    // A last one without a partner is a letter like others.
    let lone = parts.len().is_multiple_of(2).then(|| parts.len() - 1);
    html! {
        @for (place, part) in parts.iter().enumerate() {
            @if lone == Some(place) { "`" (part) } @else if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// A number that breaks, if there is little room, before its interval only.
fn parts(words: &str) -> Markup {
    let (value, interval) = words.find(" (").map_or((words, ""), |at| words.split_at(at));
    html! {
        span.part { (value) }
        @if !interval.is_empty() { " " span.part { (interval.trim_start()) } }
    }
}

/// A share as a position in percent with two digits, within 0 to 100.
fn place_of(share: f64) -> String {
    format!("{:.2}", if share.is_finite() { share.clamp(0.0, 1.0) * 100.0 } else { 0.0 })
}

/// How large charts are drawn at most, in percent of their own size: beyond, their letters would be larger than the page's.
const MAGNIFIED: u32 = 125;

fn figure(figure: &Figure) -> Markup {
    html! {
        figure id=(figure.name) {
            div.chart tabindex="0" role="img" aria-label=(clean(&figure.title))
                style=(format!("--least:{}px;--most:{}px", figure.least_width, MAGNIFIED * figure.width / 100)) {
                (PreEscaped(&figure.svg))
            }
            figcaption { (marked(&figure.caption)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ListPoint;
    use super::*;
    use crate::analysis::Estimate;

    fn document(words: &str) -> Document {
        let mut document = Document::new(words, words);
        document.push(Block::Contents).push(Block::Caution { lead: words.into(), words: words.into() });
        document.heading(words).words(words).list([ListPoint::new(words, [words])]).subheading(words).heading(words);
        let mut table = Table::new([words], [words, words]).titled(words).noted(words);
        table.row([
            TableCell::from(words),
            TableCell::bar(words, Estimate { value: 0.5, low: 0.4, high: f64::NAN, n: 9 }),
            TableCell::bar(words, Estimate { value: 0.5, low: 0.4, high: 1.5, n: 9 }),
        ]);
        table.row([words]);
        document.table(table).facts([(words, words)]).command(words).caution(words).use_with_care();
        document.figure(Figure {
            name: "map".into(),
            title: words.into(),
            caption: words.into(),
            width: 900,
            least_width: 700,
            svg: "<svg></svg>".into(),
        });
        document.push(Block::Folded { summary: words.into(), blocks: vec![Block::Words { words: words.into() }] });
        document
    }

    #[test]
    fn names_are_escaped_and_nothing_is_fetched() {
        let page = document("<script>alert(\"x\")</script> & 'more' \u{1b}[0m").html();
        assert!(!page.contains("<script") && page.contains("&lt;script&gt;") && !page.contains('\u{1b}'));
        for fetching in ["src=", "@import", "url(", "http:", "https:"] {
            assert!(!page.contains(fetching), "{fetching}");
        }
        assert!(page.split("href=\"").skip(1).all(|link| link.starts_with('#')), "links stay on the page");
    }

    #[test]
    fn contents_lead_to_sections() {
        let page = document("What it is").html();
        for link in page.split("href=\"#").skip(1) {
            let anchor = link.split('"').next().unwrap();
            assert_eq!(page.matches(&format!("id=\"{anchor}\"")).count(), 1, "{anchor}");
        }
        assert_eq!(page.matches("href=").count(), 3, "two sections of its own, and how to use it");
    }

    #[test]
    fn what_stands_between_backticks_is_code() {
        let said = |words: &str| marked(words).into_string();
        assert_eq!(said("as by `entente run`: so"), "as by <code>entente run</code>: so");
        assert_eq!(said("`a` and `<b>`"), "<code>a</code> and <code>&lt;b&gt;</code>");
        assert_eq!(said("one ` alone"), "one ` alone");
        assert_eq!(said("plain"), "plain");
    }

    #[test]
    fn empty_cells_are_empty_and_only_long_names_need_room() {
        let html = |first: &str| {
            let mut table = Table::new(["Question"], ["6 months", "1 year"]);
            table.row([first, "", "12% (10 to 14%)"]);
            let mut document = Document::default();
            document.table(table).html()
        };
        let [short, long] = [html("1"), html("Do they hold the town at the crossing?")];
        assert!(short.contains("<td class=\"number\"></td>") && !short.contains("stacks named"));
        assert!(long.contains("stacks named"));
    }

    #[test]
    fn tags_are_closed_in_order() {
        for page in [Document::default().html(), document("x").html()] {
            let mut open: Vec<&str> = Vec::new();
            for tag in page.split('<').skip(1) {
                let name = tag.split(['>', ' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
                match tag.strip_prefix('/') {
                    Some(closed) => assert_eq!(open.pop(), closed.split('>').next(), "in {tag}"),
                    None if ["meta", "!DOCTYPE"].contains(&name) => {}
                    None => open.push(name),
                }
            }
            assert!(open.is_empty(), "{open:?}");
        }
    }

    #[test]
    fn why_a_page_cannot_be_played_with_stands_behind_what_it_says() {
        let mut page = Document::new("x", "");
        page.heading("Answers")
            .words("An answer.")
            .push(Block::Play)
            .heading("Charts")
            .words("A chart.")
            .use_with_care();
        let html = page.clone().without_play("there is no engine").html();
        let at = |words: &str| html.find(words).unwrap();
        assert!(
            at("This page is paper") > at("A chart.") && at("This page is paper") < at("It explores what could follow")
        );
        assert!(!html.contains("entente-live"));
        let mut without = Document::new("x", "");
        without.heading("Answers").without_play("there is no engine");
        assert!(!without.html().contains("This page is paper"), "nobody would play with it");
    }

    #[test]
    fn programs_get_every_block() {
        let json = serde_json::to_value(document("x")).unwrap();
        let kinds: Vec<&str> =
            json["blocks"].as_array().unwrap().iter().map(|block| block["block"].as_str().unwrap()).collect();
        assert_eq!(kinds[..4], ["contents", "caution", "heading", "words"]);
        assert!(kinds.contains(&"table") && kinds.contains(&"chart") && kinds.contains(&"folded"));
    }
}
