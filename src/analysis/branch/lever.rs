//! A lever pulled in the middle of a run: what a changed scenario changes from that moment on.
//!
//! The fields in which the scenarios differ are taken one by one. What a scenario fixes (weights and rates, events to come,
//! what zones are worth) is as the changed one has it from then on. What it says of the start has become state by then:
//! traits, attitudes, claims and incomes are moved by as much as the field moves them at the start, forces are scaled by as
//! much, stances, truces and statuses are set. A field that does none of this is without effect, and is named; nothing
//! that rests on it is moved.

use super::kept::{self, NOTHING, OF_RUN, OF_START};
use super::moved;
use super::pulled::Pulled;
use crate::base::FactionId;
use crate::measure::Condition;
use crate::scenario::file::ScenarioFile;
use crate::scenario::{FieldChange, Scenario, SetUp};
use crate::world::{AccordTraits, ChangedEvent, Scheduled, Setting, World};
use std::sync::Arc;

/// Pulls a lever at the moment of a world: `before` is the scenario that the run began in, `after` the changed one, of the same
/// entries. Gives what the run goes on in, which keeps the start that the run had, and what is changed.
///
/// # Errors
/// If the changes make no scenario, in words.
pub fn pull(before: &Scenario, after: &Scenario, world: &mut World) -> Result<(SetUp, Pulled), String> {
    let mut pulled = Pulled::default();
    let then = world.character.clone();
    let made = SetUp::as_written(&before.file)?;
    let mut lever = Lever { before, file: before.file.clone(), made, now: world.step };
    let mut changes = before.field_changes(after);
    // An income that the file does not give rests on fighters: it is compared with that of those who were there.
    changes.sort_by_key(|change| !is_income(change));
    let mut later = Vec::new();
    for change in changes {
        match kept::reason(&change) {
            Some(reason) => pulled.tell(change.path, Some(reason)),
            None => match lever.take(&change, world)? {
                (told, _) if told.is_told() => pulled.add(told),
                _ => later.push(change),
            },
        }
    }
    // What does nothing by itself may do something together with what was taken after it.
    for change in later {
        match lever.take(&change, world)? {
            (told, _) if told.is_told() => pulled.add(told),
            (_, reason) => pulled.tell(change.path, Some(reason)),
        }
    }
    // Once for the whole lever: what is shown rests on several fields.
    moved::estimates([&before.setting, &after.setting], &then, world, &mut pulled);
    Ok((lever.set_up(&pulled), pulled))
}

fn is_income(change: &FieldChange) -> bool {
    (change.section.as_str(), change.field.as_str()) == ("faction", "income")
}

/// The scenario with as much of the lever as acts.
struct Lever<'a> {
    before: &'a Scenario,
    file: ScenarioFile,
    made: SetUp,
    /// The step from which on it acts.
    now: u32,
}

impl Lever<'_> {
    /// Takes one field, if that changes anything from now on. What it changes, and what is said if that is nothing.
    fn take(&mut self, change: &FieldChange, world: &mut World) -> Result<(Pulled, &'static str), String> {
        let file = change.made(&self.file)?;
        let made = SetUp::as_written(&file)?;
        let (was, is) = (&self.made.setting, &made.setting);
        let mut pulled = Pulled::default();
        if parties(was) != parties(is) {
            return Ok((pulled, OF_RUN));
        }
        events(&self.before.setting, [&self.made, &made], world, &mut pulled);
        match is_income(change) {
            true => moved::incomes(was, is, world, &mut pulled),
            false => moved::all(was, is, world, &mut pulled),
        }
        if fixed(was) != fixed(is) || self.made.behaviour != made.behaviour {
            pulled.from_now_on.push(change.path.clone());
        }
        let of_start = was.initial != is.initial
            || was.past != is.past
            || (&was.fought, &was.attacked) != (&is.fought, &is.attacked);
        if pulled.acts() {
            (self.file, self.made) = (file, made);
        }
        Ok((pulled, if of_start { OF_START } else { NOTHING }))
    }

    /// What the run goes on in. What is accounted for since the start, such as fighters and people, is accounted for since the
    /// start that was.
    fn set_up(self, pulled: &Pulled) -> SetUp {
        let SetUp { setting, behaviour, conditions } = self.made;
        let (was, mut setting) = (&*self.before.setting, Arc::unwrap_or_clone(setting));
        for (accord, traits) in setting.accords.iter_mut() {
            traits.parties.clone_from(&was.accords[accord].parties);
        }
        for (_, event) in setting.events.iter_mut() {
            let was = was.events.values().iter().find(|was| was.id == event.id);
            // What begins later is as if it had always been so.
            let begun = |was: &Scheduled| was.step.min(event.step) < self.now && timing(was) != timing(event);
            event.changed = was.filter(|was| begun(was)).map(|was| {
                let was = was.clone();
                Box::new(ChangedEvent { from: self.now, was })
            });
        }
        // Cohesion comes back to where it was at the start, so that is as the lever has it too.
        let initial = World { cohesion: setting.initial.cohesion.clone(), ..was.initial.clone() };
        let setting = Setting {
            brought: pulled.brought.iter().map(|pair| (self.now, *pair)).collect(),
            cells: was.cells.clone(),
            umbrellas: was.umbrellas.clone(),
            past: was.past.clone(),
            fought: was.fought.clone(),
            attacked: was.attacked.clone(),
            initial,
            refuges: was.refuges,
            ..setting
        };
        SetUp { setting: Arc::new(setting), behaviour, conditions }
    }
}

/// Who is a party to each accord.
fn parties(setting: &Setting) -> Vec<Vec<FactionId>> {
    let of = |traits: &AccordTraits| traits.parties.iter().map(|(party, _)| *party).collect();
    setting.accords.values().iter().map(of).collect()
}

/// What a setting fixes for a whole run and is otherwise from now on where it differs, as text.
fn fixed(setting: &Setting) -> String {
    let communities: Vec<_> =
        setting.communities.values().iter().map(|traits| (&traits.alignment, &traits.salience)).collect();
    let accords: Vec<_> = setting.accords.values().iter().map(|traits| (traits.guarantor, traits.mediator)).collect();
    format!("{:?}", (setting.zones.values(), &setting.neighbours, communities, accords))
}

/// When an event may come, as text.
fn timing(event: &Scheduled) -> String {
    format!("{:?}", (event.step, event.last, event.days, event.window, event.chance))
}

/// Finds the events that are otherwise, by their numbers in the setting that the run began in.
fn events(first: &Setting, made: [&SetUp; 2], world: &World, pulled: &mut Pulled) {
    for (event, traits) in first.events.iter() {
        let [Some(was), Some(is)] = made.map(|made| Occasion::of(made, &traits.id)) else { continue };
        if was == is {
            continue;
        }
        if world.came.contains(&traits.key) {
            pulled.tell(traits.name.clone(), Some("it has come by then"));
        } else if world.settled.contains(&traits.key) {
            pulled.tell(traits.name.clone(), Some("it is settled by then that it does not come"));
        } else if was.last.max(is.last) < world.step {
            pulled.past.push(event);
        } else {
            pulled.events.push(event);
        }
    }
}

/// When an event comes, what it waits for and what it does.
#[derive(PartialEq)]
struct Occasion<'a> {
    last: u32,
    condition: Option<&'a Condition>,
    rest: String,
}

impl<'a> Occasion<'a> {
    /// That of the event of an id.
    fn of(made: &'a SetUp, id: &str) -> Option<Self> {
        let (event, is) = made.setting.events.iter().find(|(_, event)| event.id == id)?;
        let condition = made.conditions.iter().find(|(waiting, _)| *waiting == event).map(|(_, condition)| condition);
        let rest = format!("{} {:?}", timing(is), is.effect);
        Some(Self { last: is.last, condition, rest })
    }
}
