//! Who is drawn, and how: one name and one colour per faction or umbrella, everywhere.

use crate::chart::{Colour, Party, palette};
use crate::measure::Layout;
use crate::scenario::Scenario;

/// Factions and umbrellas as they are drawn.
#[derive(Clone, Debug)]
pub struct Actors {
    list: Vec<(String, Party)>,
    of_their_own: usize,
}

impl Actors {
    /// Those with columns of their own first (in the order of their first mention in the scenario, so that a colour does
    /// not depend on strengths), then all others, splinters at the end.
    pub fn new(scenario: &Scenario, layout: &Layout) -> Self {
        let setting = &scenario.setting;
        let (umbrellas, factions) = (&scenario.file.umbrella, &scenario.file.faction);
        let mut known: Vec<(String, String, Option<Colour>)> = Vec::new();
        for umbrella in umbrellas {
            let label = umbrella.label.clone().unwrap_or_else(|| umbrella.name.clone());
            // A coalition looks like its leader.
            let leader = factions.iter().find(|faction| faction.id == umbrella.leader);
            known.push((umbrella.id.clone(), label, leader.and_then(|leader| colour(leader.colour.as_deref()))));
        }
        for faction in factions {
            let label = faction.label.clone().unwrap_or_else(|| faction.name.clone());
            known.push((faction.id.clone(), label, colour(faction.colour.as_deref())));
        }
        for traits in setting.factions.values() {
            if !known.iter().any(|(id, ..)| *id == traits.id) {
                known.push((traits.id.clone(), traits.label.clone(), None));
            }
        }
        let (own, rest): (Vec<_>, Vec<_>) = known.into_iter().partition(|(id, ..)| layout.actors.contains(id));
        let of_their_own = own.len();
        let list = own
            .into_iter()
            .chain(rest)
            .enumerate()
            .map(|(place, (id, name, colour))| {
                let colour = colour.unwrap_or_else(|| palette::faction(place));
                (id, Party { name, colour })
            })
            .collect();
        Self { list, of_their_own }
    }

    /// Those with columns of their own: ids and how they are drawn.
    pub fn main(&self) -> &[(String, Party)] {
        &self.list[..self.of_their_own]
    }

    /// All of them.
    pub fn all(&self) -> &[(String, Party)] {
        &self.list
    }

    /// The place of an id in [`Self::all`].
    pub fn place(&self, id: &str) -> Option<usize> {
        self.list.iter().position(|(known, _)| known == id)
    }

    /// The name of an id; the id itself if it is not known.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.place(id).map_or(id, |place| &self.list[place].1.name)
    }

    /// How an id is drawn; as nobody if it is not known.
    pub fn party(&self, id: &str) -> Party {
        self.place(id).map_or_else(|| Party::nobody(id), |place| self.list[place].1.clone())
    }

    /// Splinters, and members that have left their umbrella, taken together.
    pub fn others() -> Party {
        Party { name: "others".into(), colour: palette::OTHERS }
    }
}

/// Reads `#rrggbb`.
fn colour(text: Option<&str>) -> Option<Colour> {
    let digits = text?.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |place: usize| u8::from_str_radix(&digits[place..place + 2], 16).ok();
    Some(Colour::new(channel(0)?, channel(2)?, channel(4)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_or_left() {
        assert_eq!(colour(Some("#0072b2")), Some(Colour::new(0, 0x72, 0xb2)));
        for text in ["0072b2", "#0072b", "#00zzb2", "#é0ée"] {
            assert_eq!(colour(Some(text)), None, "{text}");
        }
    }
}
