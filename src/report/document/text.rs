//! A document as text for a terminal of some width.

use super::{Block, Document, Table, clean};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Between columns.
const GAP: usize = 2;
/// Columns of words are not made narrower; below it, a table is told row by row.
const NARROWEST: usize = 14;
/// With so much room for each column of words, the heads of numbers are not broken if they are short.
const ROOMY: usize = 40;
/// So many letters make a short head, such as "12 months".
const SHORT: usize = 10;

impl Document {
    /// The document as text of at most `width` letters in a line. Only words that are longer themselves, such as paths, and
    /// commands are wider.
    pub fn text(&self, width: usize) -> String {
        let mut lines = Lines { width: width.max(20), text: String::new() };
        for words in [&self.title, &self.subtitle] {
            if !words.is_empty() {
                lines.paragraph(words);
            }
        }
        let end = self.blocks.iter().position(|block| *block == Block::Rest).unwrap_or(self.blocks.len());
        lines.blocks(&self.blocks[..end]);
        lines.text
    }
}

/// Whether a terminal shows nothing of a block.
fn is_hidden(block: &Block) -> bool {
    matches!(block, Block::Chart(_) | Block::Contents | Block::Folded { .. } | Block::Rest | Block::Play)
}

struct Lines {
    width: usize,
    text: String,
}

impl Lines {
    fn blocks(&mut self, blocks: &[Block]) {
        // A section of which a terminal shows nothing has no heading there either.
        let shows = |place: usize, block: &&Block| {
            let next = blocks[place + 1..].iter().find(|next| !is_hidden(next));
            let over = |level: u8| matches!(next, None | Some(Block::Heading { level: 0..=2, .. })) && level == 2;
            !is_hidden(block) && !matches!(block, Block::Heading { level, .. } if over(*level))
        };
        let shown: Vec<&Block> =
            blocks.iter().enumerate().filter(|(place, block)| shows(*place, block)).map(|(_, block)| block).collect();
        for (place, block) in shown.iter().enumerate() {
            // A heading stands close to what follows it; everything else has room above.
            let before = place.checked_sub(1).map(|before| shown[before]);
            let follows = matches!(before, Some(Block::Heading { .. }));
            if !follows && !self.text.is_empty() {
                self.text.push('\n');
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { words, .. } | Block::Words { words } => self.paragraph(words),
            Block::List { points } => {
                for point in points {
                    self.hanging("  · ", &point.words);
                    for lesser in &point.lesser {
                        self.hanging("    - ", lesser);
                    }
                }
            }
            Block::Table(table) => self.table(table),
            Block::Facts { facts } => {
                let labels = facts.iter().map(|(label, _)| clean(label).width()).max().unwrap_or(0);
                for (label, value) in facts {
                    let label = pad(&clean(label), labels + GAP, false);
                    self.hanging(&label, value);
                }
            }
            Block::Caution { lead, words } if lead.is_empty() => self.paragraph(&format!("Beware: {words}")),
            Block::Caution { lead, words } => self.paragraph(&format!("{lead} {words}")),
            Block::Command { command } => self.line(&format!("  {}", clean(command))),
            Block::Chart(_) | Block::Contents | Block::Folded { .. } | Block::Rest | Block::Play => {}
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn paragraph(&mut self, words: &str) {
        self.hanging("", words);
    }

    /// Words after a mark; further lines stand under the first word.
    fn hanging(&mut self, mark: &str, words: &str) {
        let indent = mark.width();
        for (place, part) in wrap(words, self.width.saturating_sub(indent)).iter().enumerate() {
            let before = if place == 0 { mark.to_owned() } else { " ".repeat(indent) };
            self.line(&format!("{before}{part}"));
        }
    }

    fn table(&mut self, table: &Table) {
        if !table.title.is_empty() {
            self.paragraph(&table.title);
        }
        // A line that says that one more is left out is as long as that one.
        let most = table.printed.unwrap_or(usize::MAX);
        let shown = if table.rows.len() <= most.saturating_add(1) { table.rows.len() } else { most };
        let cell =
            |row: usize, column: usize| table.rows[row].get(column).map_or_else(String::new, |cell| clean(&cell.words));
        let rows: Vec<Vec<String>> =
            (0..shown).map(|row| (0..table.heads.len()).map(|column| cell(row, column)).collect()).collect();
        let heads: Vec<String> = table.heads.iter().map(|head| clean(head)).collect();
        match widths(&heads, &rows, table.words, self.width.saturating_sub(2)) {
            Some(widths) => {
                if heads.iter().any(|head| !head.is_empty()) {
                    self.row(&heads, &widths, table.words, true);
                }
                rows.iter().for_each(|row| self.row(row, &widths, table.words, false));
            }
            None => rows.iter().for_each(|row| self.row_by_row(&heads, row)),
        }
        let beyond = table.left_out.as_ref().map_or(0, |(rows, _)| *rows);
        let left = table.rows.len() - shown + beyond;
        if left > 0 {
            self.line(&format!("  and {left} more"));
        }
        if !table.note.is_empty() {
            self.paragraph(&table.note);
        }
    }

    /// A row in columns. Cells of heads stand at the foot of their row, others at its top.
    fn row(&mut self, cells: &[String], widths: &[usize], words: usize, heads: bool) {
        let parts: Vec<Vec<String>> =
            cells.iter().zip(widths).map(|(cell, width)| wrap(&broken(cell, *width), *width)).collect();
        let height = parts.iter().map(Vec::len).max().unwrap_or(0);
        for place in 0..height {
            let mut line = String::from("  ");
            for (column, (part, width)) in parts.iter().zip(widths).enumerate() {
                let above = if heads { height - part.len() } else { 0 };
                let words_of = place.checked_sub(above).and_then(|place| part.get(place)).map_or("", String::as_str);
                let gap = if column == 0 { 0 } else { GAP };
                line.push_str(&" ".repeat(gap));
                line.push_str(&pad(words_of, *width, column >= words));
            }
            self.line(&line);
        }
    }

    /// A row where columns have no room: its first cell, and the others under it with their heads.
    fn row_by_row(&mut self, heads: &[String], row: &[String]) {
        for (column, (head, cell)) in heads.iter().zip(row).enumerate() {
            match column {
                0 => self.hanging("  ", cell),
                _ if cell.is_empty() => {}
                _ if head.is_empty() => self.hanging("    ", cell),
                _ => self.hanging("    ", &format!("{head}: {cell}")),
            }
        }
    }
}

/// How wide each column is within `room`; none if they do not fit. Short heads are kept whole where words still have room.
fn widths(heads: &[String], rows: &[Vec<String>], words: usize, room: usize) -> Option<Vec<usize>> {
    let fit = |whole, narrowest| widths_of(heads, rows, words, room, whole, narrowest);
    fit(SHORT, ROOMY).or_else(|| fit(0, NARROWEST))
}

/// The same with heads of up to `whole` letters on one line, and columns of words no narrower than `narrowest` if they need
/// it. Columns of numbers, after the first `words`, are as wide as they must be; what is left is shared by those of words, none
/// of which gets more than it needs.
fn widths_of(
    heads: &[String],
    rows: &[Vec<String>],
    words: usize,
    room: usize,
    whole: usize,
    narrowest: usize,
) -> Option<Vec<usize>> {
    let longest_word = |head: &String| match head.width() {
        width if width <= whole => width,
        _ => head.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0),
    };
    let needs: Vec<usize> = (0..heads.len())
        .map(|column| {
            let cells = rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
            let head = if column < words { heads[column].width() } else { longest_word(&heads[column]) };
            cells.max(head)
        })
        .collect();
    let fixed = needs.iter().skip(words).sum::<usize>() + GAP * heads.len().saturating_sub(1);
    let mut left = room.checked_sub(fixed)?;
    let mut order: Vec<usize> = (0..words.min(heads.len())).collect();
    order.sort_by_key(|column| needs[*column]);
    let mut widths = needs.clone();
    for (place, &column) in order.iter().enumerate() {
        let share = left / (order.len() - place);
        widths[column] = needs[column].min(share);
        if widths[column] < needs[column] && share < narrowest {
            return None;
        }
        left -= widths[column];
    }
    // Heads of numbers on as few lines as there is room for.
    for column in words..heads.len() {
        let more = heads[column].width().saturating_sub(widths[column]).min(left);
        if more > 0 && widths[column] + more >= heads[column].width() {
            widths[column] += more;
            left -= more;
        }
    }
    Some(widths)
}

/// Words with spaces to a width: before them for numbers, else after.
fn pad(words: &str, width: usize, number: bool) -> String {
    let spaces = " ".repeat(width.saturating_sub(words.width()));
    if number { format!("{spaces}{words}") } else { format!("{words}{spaces}") }
}

/// Words of a cell with those that are wider than their column broken, after a sign that joins parts if there is one.
fn broken(words: &str, room: usize) -> String {
    let mut parts: Vec<String> = Vec::new();
    for word in words.split(' ') {
        let mut rest = word;
        while rest.width() > room.max(1) {
            let mut width = 0;
            let fits = rest.char_indices().take_while(|(_, letter)| {
                width += letter.width().unwrap_or(0);
                width <= room.max(1)
            });
            let end = fits.last().map_or(rest.len(), |(place, letter)| place + letter.len_utf8());
            let end = rest[..end].rfind(['+', '.', '-', '/', '_']).map_or(end, |place| place + 1);
            parts.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        parts.push(rest.to_owned());
    }
    parts.join(" ")
}

/// Breaks words into lines of at most `room` letters; a longer word has a line of its own. At least one line.
fn wrap(words: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in clean(words).split([' ', '\u{3000}']).filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.width() + 1 + word.width() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::ListPoint;
    use super::*;

    const LONG: &str = "Do JNIM and the Coordination of Azawad Movements hold a non-aggression pact or more, in public or in \
                        secret, at any time within the first twenty-four months?";

    fn document() -> Document {
        let mut document = Document::new("Peace", "200 replicates");
        document.heading("Answers").words(LONG).list([ListPoint::new("a point", [LONG]), "another".into()]);
        let mut table = Table::new(["Question"], ["6 months", "12 months (95% interval)"]).noted(LONG).printing(2);
        table.row([LONG, "<0.1%", "12% (10 to 14%)"]);
        table.row(["Short?", "1%"]);
        table.row(["Left out?", "1%", "2%"]).row(["Left out too?", "1%", "2%"]);
        document.table(table);
        document.facts([("Results", "results/peace"), ("A longer label", LONG)]);
        document.caution("few runs").command("entente run peace.toml");
        document
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [40, 60, 80, 120] {
            for line in document().text(width).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn numbers_stand_in_columns() {
        let text = document().text(80);
        let ends = |what: &str| {
            let line = text.lines().find(|line| line.contains(what)).unwrap();
            line.find(what).unwrap() + what.len()
        };
        assert_eq!(ends("<0.1%"), text.lines().find(|line| line.contains("Short?")).unwrap().trim_end().len());
        assert!(text.contains("and 2 more") && !text.contains("Left out?"), "{text}");
        assert!(text.contains("Beware: few runs") && text.contains("  entente run peace.toml\n"));
    }

    #[test]
    fn a_single_row_is_not_left_out_and_rows_that_a_page_lacks_too_are_counted() {
        let text = |rows: usize, beyond: usize| {
            let mut table = Table::new(["Question"], ["1 year"]).printing(2).leaving_out(beyond, "all.csv");
            for row in 0..rows {
                table.row([format!("Row {row}"), "1%".into()]);
            }
            let mut document = Document::default();
            document.table(table);
            document.text(80)
        };
        assert!(text(3, 0).contains("Row 2") && !text(3, 0).contains("more"));
        assert!(text(4, 0).contains("and 2 more") && text(4, 4).contains("and 6 more"), "{}", text(4, 4));
    }

    #[test]
    fn a_short_head_is_on_one_line() {
        let mut table = Table::new(["Question"], ["1 year"]);
        table.row([LONG, "12%"]);
        let mut document = Document::default();
        document.table(table);
        assert!(document.text(80).lines().any(|line| line.ends_with("  1 year")), "{}", document.text(80));
    }

    #[test]
    fn a_table_without_room_is_told_row_by_row() {
        let mut table = Table::new(["What"], ["first", "second", "third"]);
        table.row(["A and B", "10 to 20%", "1,000,000", "30 to 40%"]);
        let mut document = Document::default();
        document.table(table);
        assert_eq!(document.text(24), "  A and B\n    first: 10 to 20%\n    second: 1,000,000\n    third: 30 to 40%\n");
    }

    #[test]
    fn a_terminal_gets_nothing_to_obey() {
        let mut document = Document::new("a\u{1b}[31mb\u{7}", "c\rd\u{202e}");
        document.words("e\u{9b}f\nend").facts([("\u{8}", "x\u{1b}")]).command("g\u{1b}h\ni");
        let text = document.text(80);
        assert!(text.lines().all(|line| !line.contains(char::is_control)), "{text:?}");
        assert!(text.contains("f end") && text.contains("�") && !text.contains('\u{202e}'));
    }
}
