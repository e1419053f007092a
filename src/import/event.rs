//! Events of organised violence in one form, whoever recorded them.

use crate::base::Date;
use std::collections::BTreeMap;

/// Who recorded events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorder {
    /// The Georeferenced Event Dataset of the Uppsala Conflict Data Program (Sundberg and Melander 2013).
    Ged,
    /// Armed Conflict Location & Event Data (Raleigh et al. 2010).
    Acled,
}

impl Recorder {
    /// What its events are said to come from.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ged => "UCDP GED",
            Self::Acled => "ACLED",
        }
    }
}

/// What was done in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// Fighting in which one side is a state.
    StateBased,
    /// Fighting between organised groups, none of them a state.
    NonState,
    /// Violence against civilians by the first side.
    OneSided,
    /// No violence.
    Peaceful,
}

impl Deed {
    /// Its name in the language of scenarios; none of what is not violent.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::StateBased => Some("state_based"),
            Self::NonState => Some("non_state"),
            Self::OneSided => Some("one_sided"),
            Self::Peaceful => None,
        }
    }
}

/// What an event says of ground, or of where two stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Nothing.
    None,
    /// A side, by its place, has taken territory.
    Taken(u8),
    /// The first side has set up a headquarters or a base.
    Base,
    /// The two sides have come to an agreement.
    Agreement,
}

/// What a side is, as its record has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coded {
    /// A government at home in the country of the event.
    State,
    /// A government from elsewhere, or a force of several.
    External,
    /// A rebel group.
    Rebels,
    /// A militia, or a group that is at home in a community.
    Militia,
    /// An organised group of which no more is said.
    #[default]
    Group,
}

/// The number of an actor among [`Events::actors`].
pub type ActorNumber = u32;

/// An event.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Where its id begins and ends in [`Events::ids`].
    id: (u32, u32),
    /// The line of the table.
    pub line: u32,
    /// The last of its days, by which it is dated.
    pub day: Date,
    /// The two sides; none of civilians, or where there is one side alone.
    pub sides: [Option<ActorNumber>; 2],
    /// What the two are.
    pub coded: [Coded; 2],
    /// What was done.
    pub deed: Deed,
    /// What it says of ground or of where the two stand.
    pub sign: Sign,
    /// Whether its report is clear, rather than one of several events together.
    pub clear: bool,
    /// Deaths: the low, best and high estimate; three times the one number of who gives one.
    pub deaths: [u32; 3],
    /// Longitude and latitude, where they are given.
    pub point: Option<(f64, f64)>,
    /// How exactly that is known.
    pub exactness: Exactness,
    /// The first-level region that it was in, by its number among [`Events::regions`].
    pub region: Option<u32>,
    /// The country that it was in, by its number among [`Events::countries`].
    pub country: u32,
}

/// What is written of an event, before its names have numbers.
pub struct Row<'a> {
    /// Its id.
    pub id: &'a str,
    /// The last of its days.
    pub day: Date,
    /// Names of the sides as recorded; empty for civilians and nobody.
    pub sides: [&'a str; 2],
    /// What the two are.
    pub coded: [Coded; 2],
    /// What was done.
    pub deed: Deed,
    /// What it says of ground or of where the two stand.
    pub sign: Sign,
    /// Whether its report is clear.
    pub clear: bool,
    /// Deaths: the low, best and high estimate.
    pub deaths: [u32; 3],
    /// Longitude and latitude, where they are given.
    pub point: Option<(f64, f64)>,
    /// How exactly that is known.
    pub exactness: Exactness,
    /// The first-level region; may be empty.
    pub region: &'a str,
    /// The country.
    pub country: &'a str,
}

/// How exactly a place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exactness {
    /// To the second-level region or better.
    Exact,
    /// To a line or an area about a point.
    About,
    /// To the first-level region.
    Region,
    /// To a country or beyond.
    Vague,
}

/// Texts by number, each once.
#[derive(Debug, Default)]
pub struct Names {
    numbers: BTreeMap<String, u32>,
    names: Vec<String>,
}

impl Names {
    /// The number of a text.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.numbers.insert(name.to_owned(), number);
        self.names.push(name.to_owned());
        number
    }

    /// A text by its number.
    pub fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }
}

/// All events of a record, in its order.
#[derive(Debug)]
pub struct Events {
    /// Who recorded them.
    pub recorder: Recorder,
    /// The events.
    pub list: Vec<Event>,
    /// Names of actors as recorded.
    pub actors: Names,
    /// Names of first-level regions.
    pub regions: Names,
    /// Names of countries.
    pub countries: Names,
    /// All ids, one after another.
    ids: String,
    /// Rows that were passed over, by why.
    pub passed: BTreeMap<&'static str, usize>,
    /// How many rows there were.
    pub rows: usize,
    /// How many events have a low estimate above the best, or a high one below it.
    pub widened: usize,
    /// What separates the cells, where it is no comma.
    pub separator: Option<&'static str>,
}

impl Events {
    /// None yet.
    pub fn new(recorder: Recorder, separator: Option<&'static str>) -> Self {
        let (list, ids, passed) = (Vec::new(), String::new(), BTreeMap::new());
        let (actors, regions, countries) = (Names::default(), Names::default(), Names::default());
        Self { recorder, list, actors, regions, countries, ids, passed, rows: 0, widened: 0, separator }
    }

    /// Passes a row over.
    pub fn pass(&mut self, why: &'static str) {
        *self.passed.entry(why).or_default() += 1;
    }

    /// Takes a row.
    pub fn add(&mut self, line: u64, row: &Row<'_>) {
        let from = self.ids.len() as u32;
        self.ids.push_str(row.id);
        let id = (from, self.ids.len() as u32);
        let sides = row.sides.map(|name| (!name.is_empty()).then(|| self.actors.number(name)));
        let region = (!row.region.is_empty()).then(|| self.regions.number(row.region));
        let country = self.countries.number(row.country);
        let Row { day, coded, deed, sign, clear, deaths, point, exactness, .. } = *row;
        let line = line as u32;
        self.list.push(Event {
            id,
            line,
            day,
            sides,
            coded,
            deed,
            sign,
            clear,
            deaths,
            point,
            exactness,
            region,
            country,
        });
    }

    /// The first line whose id an earlier one has, with that.
    pub fn doubled(&self) -> Option<(&Event, &Event)> {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by(|a, b| self.id(&self.list[*a]).cmp(self.id(&self.list[*b])).then(a.cmp(b)));
        let twice = order.windows(2).filter(|two| self.id(&self.list[two[0]]) == self.id(&self.list[two[1]]));
        twice.min_by_key(|two| two[1]).map(|two| (&self.list[two[0]], &self.list[two[1]]))
    }

    /// Deaths of some events together: low, best, high. ACLED gives one number, and calls deaths the least exact of what it
    /// records: half and double of their sum.
    pub fn deaths<'e>(&self, list: impl Iterator<Item = &'e Event>) -> [u32; 3] {
        let sum = list
            .fold([0_u32; 3], |sum, event| std::array::from_fn(|bound| sum[bound].saturating_add(event.deaths[bound])));
        match self.recorder {
            Recorder::Ged => sum,
            Recorder::Acled => [sum[1] / 2, sum[1], sum[1].saturating_mul(2)],
        }
    }

    /// The id of an event.
    pub fn id(&self, event: &Event) -> &str {
        self.ids.get(event.id.0 as usize..event.id.1 as usize).unwrap_or_default()
    }
}
