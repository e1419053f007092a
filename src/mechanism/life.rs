//! Lives of pairs by the ladder alone ([`super::ladder`]): simulated once per set of weights, for [`super::histories`].

use super::ladder::{Asks, Choice, rungs};
use crate::base::maths::exp;
use crate::random::{DrawKey, Purpose, Source, sample};
use crate::world::Stance;
use std::sync::OnceLock;

/// Pairs of which half come from all that there are, and half from those most given to war, which are few.
pub const PAIRS: usize = 1600;
/// The share of all pairs that are most given to war.
const WARLIKE: f64 = 0.3;
/// Years that pairs live, and before they are looked at.
const YEARS: usize = 25;
const SETTLING: usize = 8;
/// Times a year that moods change, and every how many of them pairs are looked at.
const TIMES: usize = 13;
const EVERY: usize = 7;
/// How likely two who both gain come to an agreement at a look, for contacts are rare.
const CONTACT: f64 = 0.3;
/// Years after which a stance has stood long.
const AGES: [f64; 3] = [1.0, 3.0, 8.0];

/// A pair as it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What the pair has always been to each other.
    pub lasting: f32,
    /// How both sides feel.
    pub mood: [f32; 2],
    /// Years since the last war; none if there was none.
    pub peace: Option<f32>,
    /// Years on the rung.
    pub age: f32,
}

/// How all pairs stood when they were looked at: look after look, all pairs side by side. Single precision is far finer than what
/// is known of any pair.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    lasting: Vec<f32>,
    moods: [Vec<f32>; 2],
    /// As those of [`Lives`].
    since: Vec<u16>,
    peace: Vec<u16>,
    /// Its kind: see [`cell`].
    cells: Vec<u8>,
}

impl Seen {
    fn take(&mut self, lives: &Lives<'_>, time: usize) {
        self.lasting.extend_from_slice(&lives.lasting);
        for (seen, moods) in self.moods.iter_mut().zip(&lives.moods) {
            seen.extend_from_slice(moods);
        }
        self.since.extend_from_slice(&lives.since);
        self.peace.extend_from_slice(&lives.peace);
        let now = time as u16 + 1;
        let classes: Vec<usize> = (0..=now).map(|times| class_of(years(times))).collect();
        let stands = lives.rungs.iter().zip(lives.since.iter().zip(&lives.peace));
        self.cells.extend(stands.map(|(rung, (since, peace))| {
            let class = classes[usize::from(now - since)];
            cell(*rung, class, (*rung == Stance::War) | (*peace != NEVER)) as u8
        }));
    }

    /// What kind of pair one was at a look.
    pub fn cell(&self, pair: usize, look: usize) -> usize {
        usize::from(self.cells[look * PAIRS + pair])
    }

    /// What it had always been to each other.
    pub fn lasting(&self, pair: usize, look: usize) -> f32 {
        self.lasting[look * PAIRS + pair]
    }

    /// All of it.
    pub fn row(&self, pair: usize, look: usize) -> Row {
        let (at, now) = (look * PAIRS + pair, (FIRST + look * EVERY + 1) as u16);
        let peace = Some(self.peace[at]).filter(|then| *then != NEVER);
        Row {
            lasting: self.lasting[at],
            mood: [self.moods[0][at], self.moods[1][at]],
            peace: peace.map(|then| years(now - then) as f32),
            age: years(now - self.since[at]) as f32,
        }
    }
}

/// Classes of age, and of past: whether there has been a war, which is so while there is one.
pub const CLASSES: usize = AGES.len() + 1;
const PASTS: usize = 2;
/// Kinds of pairs: by rung, class of age and past.
pub const CELLS: usize = Stance::ALL.len() * CLASSES * PASTS;

/// The kind of pairs on a rung, of a class of age, that have fought or not.
pub fn cell(rung: Stance, class: usize, fought: bool) -> usize {
    (rung as usize * CLASSES + class) * PASTS + usize::from(fought)
}

/// The class of an age in years.
pub fn class_of(age: f64) -> usize {
    AGES.iter().filter(|limit| age >= **limit).count()
}

/// How moods change within some time: a step of an Ornstein–Uhlenbeck process of unit variance (Uhlenbeck and Ornstein
/// 1930).
pub struct Moods {
    keep: f64,
    fresh: f64,
    shared: f64,
    apart: f64,
}

impl Moods {
    /// The change within so many years.
    pub fn over(params: &Choice, years: f64) -> Self {
        let keep = exp(-years / params.memory);
        let apart = (1.0 - params.shared * params.shared).sqrt();
        Self { keep, fresh: (1.0 - keep * keep).sqrt(), shared: params.shared, apart }
    }

    /// Both sides' moods from two normal deviates, where the second is what the sides do not share.
    fn of(&self, [first, second]: [f64; 2]) -> [f64; 2] {
        [first, self.shared * first + self.apart * second]
    }

    /// Lets the moods of both sides change.
    pub fn change(&self, mood: &mut [f64; 2], normals: [f64; 2]) {
        for (mood, normal) in mood.iter_mut().zip(self.of(normals)) {
            *mood = self.keep * *mood + self.fresh * normal;
        }
    }
}

/// Times that moods change within a life, and how often a pair is looked at.
const STEPS: usize = YEARS * TIMES;
const FIRST: usize = (SETTLING * TIMES).next_multiple_of(EVERY);
pub const LOOKS: usize = (STEPS - FIRST).div_ceil(EVERY);

/// What is drawn for all simulated pairs in a step, whatever the weights: normal deviates for moods, and the uniforms for
/// upheavals and for looks. Single precision halves what must come from memory.
struct Lot {
    moods: [Vec<f32>; 2],
    fates: Vec<f32>,
    looks: Vec<f32>,
}

/// The draws of all steps; in those of the first, which is the beginning, are moods alone. They are kept, some 8 MB, because drawing
/// them takes longer than living by them.
fn lots() -> &'static [Lot] {
    static LOTS: OnceLock<Vec<Lot>> = OnceLock::new();
    LOTS.get_or_init(|| {
        let nothing = || vec![0.0; PAIRS];
        let lot = || Lot { moods: [nothing(), nothing()], fates: nothing(), looks: nothing() };
        let mut lots: Vec<Lot> = (0..=STEPS).map(|_| lot()).collect();
        let mut uniforms = [0.0; 4 * (STEPS + 1)];
        for pair in 0..PAIRS {
            let who = DrawKey::whole().child(pair as u64);
            Source::new(0, 0).sequence(Purpose::History, who, 0).fill(&mut uniforms);
            for (lot, [one, two, fate, look]) in lots.iter_mut().zip(uniforms.as_chunks().0) {
                (lot.moods[0][pair], lot.moods[1][pair]) = (*one as f32, *two as f32);
                (lot.fates[pair], lot.looks[pair]) = (*fate as f32, *look as f32);
            }
        }
        // Uniforms of single precision may be 1.
        let normal = |uniform: f32| sample::normal(f64::from(uniform).clamp(1e-9, 1.0 - 1e-9)) as f32;
        for mood in lots.iter_mut().flat_map(|lot| &mut lot.moods) {
            mood.iter_mut().for_each(|mood| *mood = normal(*mood));
        }
        lots
    })
}

/// No step is the one after this.
const NEVER: u16 = 0;

/// What simulated pairs have in common, and all of them as they stand: what all steps touch lies side by side.
struct Lives<'a> {
    params: &'a Choice,
    asks: Asks,
    /// Between which wishes no change from a rung gains anything, whatever time has made of it.
    content: [[f32; 2]; Stance::ALL.len()],
    rungs: Vec<Stance>,
    /// The step after the last change of stance, and that from which peace counts; [`NEVER`] if there was no war, or is one.
    since: Vec<u16>,
    peace: Vec<u16>,
    lasting: Vec<f32>,
    moods: [Vec<f32>; 2],
    /// Between which wishes nothing changes for each pair.
    content_between: [Vec<f32>; 2],
}

/// Lets all simulated pairs live under some weights. Gives [`LOOKS`] looks at each, and what a look at each counts for.
pub fn lives(params: &Choice) -> (Seen, Vec<f64>) {
    let half = PAIRS / 2;
    let place = |pair: usize| ((pair % half) as f64 + 0.5) / half as f64;
    let quantile = |pair: usize| if pair < half { place(pair) } else { place(pair) * WARLIKE };
    // Of those most given to war there are more than their share, and each counts for less.
    let (n, h) = (PAIRS as f64, half as f64);
    let weight = |pair: usize| if quantile(pair) < WARLIKE { n * WARLIKE / (h * WARLIKE + h) } else { n / h };
    let mut lives = Lives::begin(params, quantile);
    let moods = Moods::over(params, STEP);
    let looks = (1.0 - exp(-params.looks * STEP)) as f32;
    let ruptures = (1.0 - exp(-params.upheaval * STEP)) as f32;
    let mut seen = Seen::default();
    let mut restless = Vec::with_capacity(PAIRS);
    for (time, lot) in lots()[1..].iter().enumerate() {
        lives.feel(&moods, lot);
        restless.clear();
        lives.find_restless(lot, looks, ruptures, &mut restless);
        for pair in restless.iter().copied() {
            let (fate, look) = (lot.fates[pair], lot.looks[pair]);
            if fate < ruptures {
                lives.break_with_the_past(pair, f64::from(fate / ruptures), time);
            }
            if look < looks {
                lives.reconsider(pair, f64::from(look / looks), time);
            }
        }
        if time >= FIRST && (time - FIRST).is_multiple_of(EVERY) {
            seen.take(&lives, time);
        }
    }
    (seen, (0..PAIRS).map(weight).collect())
}

/// Years from one change of moods to the next.
const STEP: f64 = 1.0 / TIMES as f64;

/// So many of these times, in years.
fn years(times: u16) -> f64 {
    f64::from(times) * STEP
}

impl<'a> Lives<'a> {
    fn begin(params: &'a Choice, quantile: impl Fn(usize) -> f64) -> Self {
        let asks = Asks::of(params);
        let content = Stance::ALL.map(|from| {
            let others = Stance::ALL.into_iter().filter(|to| *to != from);
            others.fold([f32::NEG_INFINITY, f32::INFINITY], |[low, high], to| {
                let limit = (asks.between(from, to) / rungs(from, to)) as f32;
                if to < from { [low.max(limit), high] } else { [low, high.min(limit)] }
            })
        });
        let moods = Moods::over(params, STEP);
        let first = &lots()[0].moods;
        let of = |pair: usize| moods.of([first[0][pair], first[1][pair]].map(f64::from)).map(|mood| mood as f32);
        let [low, high] = content[Stance::Neutral as usize];
        Self {
            params,
            asks,
            content,
            rungs: vec![Stance::Neutral; PAIRS],
            since: vec![0; PAIRS],
            peace: vec![NEVER; PAIRS],
            lasting: (0..PAIRS).map(|pair| lasting(params, quantile(pair))).collect(),
            moods: [0, 1].map(|side| (0..PAIRS).map(|pair| of(pair)[side]).collect()),
            content_between: [vec![low; PAIRS], vec![high; PAIRS]],
        }
    }

    /// Lets all moods change.
    fn feel(&mut self, moods: &Moods, lot: &Lot) {
        let [keep, fresh, shared, apart] = [moods.keep, moods.fresh, moods.shared, moods.apart].map(|x| x as f32);
        let [one, two] = &mut self.moods;
        let together = one.iter_mut().zip(two).zip(lot.moods[0].iter().zip(&lot.moods[1]));
        for ((one, two), (first, second)) in together {
            *one = keep * *one + fresh * first;
            *two = keep * *two + fresh * (shared * first + apart * second);
        }
    }

    /// It takes one to step down and two to come closer: either way, the one who wants less decides.
    fn wish(&self, pair: usize) -> f32 {
        let (one, two) = (self.moods[0][pair], self.moods[1][pair]);
        self.lasting[pair] + if one < two { one } else { two }
    }

    /// Lists pairs that have an upheaval, or look at how they stand and may not be content with it.
    fn find_restless(&self, lot: &Lot, looks: f32, ruptures: f32, restless: &mut Vec<usize>) {
        const LANES: usize = 16;
        let mut flags = [false; LANES];
        for first in (0..PAIRS).step_by(LANES) {
            let lanes = first..first + LANES;
            let (one, two) = (&self.moods[0][lanes.clone()], &self.moods[1][lanes.clone()]);
            let (low, high) = (&self.content_between[0][lanes.clone()], &self.content_between[1][lanes.clone()]);
            let (fate, look) = (&lot.fates[lanes.clone()], &lot.looks[lanes.clone()]);
            let lasting = &self.lasting[lanes];
            for (lane, flag) in flags.iter_mut().enumerate() {
                let wish = lasting[lane] + if one[lane] < two[lane] { one[lane] } else { two[lane] };
                let content = (wish >= low[lane]) & (wish <= high[lane]);
                *flag = (fate[lane] < ruptures) | ((look[lane] < looks) & !content);
            }
            if flags.iter().fold(false, |any, flag| any | flag) {
                restless.extend((0..LANES).filter(|lane| flags[*lane]).map(|lane| first + lane));
            }
        }
    }

    fn be_content(&mut self, pair: usize) {
        let [low, high] = self.content[self.rungs[pair] as usize];
        (self.content_between[0][pair], self.content_between[1][pair]) = (low, high);
    }

    /// An upheaval: what the pair has always been is drawn anew, and peace begins to harden.
    fn break_with_the_past(&mut self, pair: usize, uniform: f64, time: usize) {
        self.lasting[pair] = lasting(self.params, uniform.clamp(1e-9, 1.0 - 1e-9));
        if self.peace[pair] != NEVER {
            self.peace[pair] = time as u16 + 1;
        }
        self.be_content(pair);
    }

    fn reconsider(&mut self, pair: usize, draw: f64, time: usize) {
        let wish = self.wish(pair);
        let next = self.next(pair, f64::from(wish), draw, time);
        let rung = self.rungs[pair];
        if next != rung {
            if rung == Stance::War {
                self.peace[pair] = time as u16 + 1;
            } else if next == Stance::War {
                self.peace[pair] = NEVER;
            }
            (self.rungs[pair], self.since[pair]) = (next, time as u16 + 1);
            self.be_content(pair);
        } else if wish < self.content_between[0][pair] {
            // Time holds it back, and will do so more from now on.
            self.content_between[0][pair] = wish;
        }
    }

    /// Where a pair with nothing but its wish stands after a look.
    fn next(&self, pair: usize, wish: f64, draw: f64, time: usize) -> Stance {
        let (rung, now) = (self.rungs[pair], time as u16 + 1);
        let gain = |to: Stance| {
            let gain = rungs(rung, to) * wish - self.asks.between(rung, to);
            // What time has made of it only takes off that, and what gains nothing is not done.
            if gain <= 0.0 {
                return gain;
            }
            let fought = self.peace[pair] != NEVER;
            let war =
                if to == Stance::War && fought { self.params.hardened(years(now - self.peace[pair])) } else { 0.0 };
            let bonds = to < rung && rung >= Stance::Pact;
            let bond = if bonds { self.params.bound(years(now - self.since[pair])) } else { 0.0 };
            gain - war - bond
        };
        let best = |moves: &[Stance]| {
            let gains = moves.iter().map(|to| (*to, gain(*to))).filter(|(_, gain)| *gain > 0.0);
            gains.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(to, _)| to)
        };
        let here = rung as usize;
        if let Some(down) = best(&Stance::ALL[..here]) {
            return down;
        }
        let neutral = Stance::Neutral as usize;
        if here < neutral
            && let Some(up) = best(&Stance::ALL[here + 1..=neutral])
        {
            return up;
        }
        let commitments = &Stance::ALL[(here + 1).max(neutral + 1)..];
        if draw < CONTACT { best(commitments).unwrap_or(rung) } else { rung }
    }
}

/// What a pair has always been to each other.
fn lasting(params: &Choice, quantile: f64) -> f32 {
    (params.disposition + params.variety * sample::normal(quantile)) as f32
}
