//! One palette for everything that is drawn.
//!
//! Colours that people with a colour vision deficiency can tell apart: Okabe and Ito (2008), extended by Paul Tol's
//! muted scheme (2021), ordered so that the first few are the easiest to tell apart and that light tones, which look
//! like others faded, come last.

use crate::base::maths;

/// A colour: 8 bits per channel and an opacity from 0 (unseen) to 1 (solid).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colour {
    /// Red, green and blue, each 0 to 255.
    pub channels: [u8; 3],
    /// 0 to 1.
    pub opacity: f64,
}

/// Text and lines that carry meaning.
pub const INK: Colour = Colour::new(0x22, 0x22, 0x22);
/// Text that explains: subtitles, tick labels, notes.
pub const GREY: Colour = Colour::new(0x5f, 0x5f, 0x5f);
/// Gridlines and frames.
pub const PALE: Colour = Colour::new(0xdd, 0xdd, 0xdd);
/// Paper.
pub const WHITE: Colour = Colour::new(0xff, 0xff, 0xff);
/// Nobody: ungoverned land, no leader, no bloc.
pub const NOBODY: Colour = Colour::new(0xb4, 0xb4, 0xb4);
/// Those that are taken together as others: no grey, which says how sure a map is.
pub const OTHERS: Colour = Colour::new(0x8a, 0x73, 0x5c);
/// The one colour of charts that tell no factions apart.
pub const ACCENT: Colour = Colour::new(0x00, 0x72, 0xb2);

const FACTIONS: [Colour; 16] = [
    Colour::new(0x00, 0x72, 0xb2),
    Colour::new(0xd5, 0x5e, 0x00),
    Colour::new(0x00, 0x9e, 0x73),
    Colour::new(0xaa, 0x44, 0x99),
    Colour::new(0xe6, 0x9f, 0x00),
    Colour::new(0x33, 0x22, 0x88),
    Colour::new(0x66, 0x33, 0x00),
    Colour::new(0x99, 0x99, 0x33),
    Colour::new(0x88, 0x22, 0x55),
    Colour::new(0x11, 0x77, 0x33),
    Colour::new(0xcc, 0x66, 0x77),
    Colour::new(0x44, 0xaa, 0x99),
    Colour::new(0x56, 0xb4, 0xe9),
    Colour::new(0xcc, 0x79, 0xa7),
    Colour::new(0xdd, 0xcc, 0x77),
    Colour::new(0x00, 0x50, 0x60),
];

/// The colour of the faction at a position in the scenario's order. The first sixteen differ; later ones are lighter
/// or darker relatives of them.
pub fn faction(index: usize) -> Colour {
    let base = FACTIONS[index % FACTIONS.len()];
    match index / FACTIONS.len() {
        0 => base,
        round if round % 2 == 1 => base.mixed(WHITE, 0.45),
        _ => base.mixed(INK, 0.4),
    }
}

/// The colour of a rung of the stance ladder: 0 war, 1 rivalry, 2 neutral, 3 pact, 4 alliance (red to blue, after
/// Brewer's diverging scheme); higher numbers as 4.
pub fn stance(rung: usize) -> Colour {
    const LADDER: [Colour; 5] = [
        Colour::new(0xb2, 0x18, 0x2b),
        Colour::new(0xf4, 0xa5, 0x82),
        Colour::new(0xdf, 0xdf, 0xdf),
        Colour::new(0x92, 0xc5, 0xde),
        Colour::new(0x21, 0x66, 0xac),
    ];
    LADDER[rung.min(4)]
}

/// The colour of a type of death: 0 state-based, 1 non-state, 2 one-sided; anything else stands for their sum.
pub fn death(kind: usize) -> Colour {
    match kind {
        0 => Colour::new(0x00, 0x72, 0xb2),
        1 => Colour::new(0xe6, 0x9f, 0x00),
        2 => Colour::new(0x88, 0x22, 0x55),
        _ => INK,
    }
}

impl Colour {
    /// A solid colour.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { channels: [red, green, blue], opacity: 1.0 }
    }

    /// The same colour, seen through: `opacity` from 0 to 1.
    pub fn faded(self, opacity: f64) -> Self {
        Self { opacity: opacity.clamp(0.0, 1.0), ..self }
    }

    /// This colour with a share (0 to 1) of another mixed in; solid.
    pub fn mixed(self, other: Self, share: f64) -> Self {
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        let channel = |i: usize| {
            (f64::from(self.channels[i]) * (1.0 - share) + f64::from(other.channels[i]) * share).round() as u8
        };
        Self::new(channel(0), channel(1), channel(2))
    }

    /// Relative luminance, 0 (black) to 1 (white), after WCAG 2.
    pub fn luminance(self) -> f64 {
        let linear = |value: u8| {
            let c = f64::from(value) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { maths::pow((c + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(self.channels[0]) + 0.7152 * linear(self.channels[1]) + 0.0722 * linear(self.channels[2])
    }

    /// This colour, darkened until text in it is readable on white (a contrast of 4.5 to 1, WCAG 2).
    pub fn for_text(self) -> Self {
        let mut colour = self.faded(1.0);
        while 1.05 / (colour.luminance() + 0.05) < 4.5 {
            colour = colour.mixed(INK, 0.12);
        }
        colour
    }

    /// White, ink or black: the first that is readable on this colour (a contrast of 4.5 to 1, WCAG 2), as one always is.
    pub fn contrasting(self) -> Self {
        const BLACK: Colour = Colour::new(0, 0, 0);
        let back = self.luminance();
        let contrast = |text: Self| {
            let text = text.luminance();
            (back.max(text) + 0.05) / (back.min(text) + 0.05)
        };
        [WHITE, INK].into_iter().find(|text| contrast(*text) >= 4.5).unwrap_or(BLACK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sixteen_factions_are_told_apart() {
        for i in 0..16 {
            for j in 0..i {
                let (a, b) = (faction(i).channels, faction(j).channels);
                let apart: i32 = (0..3).map(|k| (i32::from(a[k]) - i32::from(b[k])).abs()).sum();
                assert!(apart > 45, "colours {i} and {j} are {apart} apart");
            }
        }
    }

    #[test]
    fn no_faction_is_taken_for_nobody() {
        // Ground is drawn in pale colours, and how sure it is in how pale they are: a grey among them would be nobody's.
        for channels in (0..16).map(|place| faction(place).channels) {
            let [most, least] = [channels.iter().max(), channels.iter().min()].map(|end| end.copied().unwrap_or(0));
            assert!(most - least > 40, "{channels:?} is a grey");
        }
    }

    #[test]
    fn text_is_readable_in_every_faction_colour() {
        for i in 0..64 {
            assert!(1.05 / (faction(i).for_text().luminance() + 0.05) >= 4.5);
            let back = faction(i);
            let (l, t) = (back.luminance(), back.contrasting().luminance());
            assert!((l.max(t) + 0.05) / (l.min(t) + 0.05) >= 4.5, "chip {i}");
        }
    }
}
