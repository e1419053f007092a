//! Support and grievance: whom people side with, and how ready they are to fight.
//!
//! In each community cell, shares of support move towards a logit share of `β_a (1 − 2D) + β_p q − β_h harm`: agreement
//! (alignment), protection (control), and minus recent harm, against staying out of it, the zero of the scale. Because shares
//! compete, indiscriminate harm by one side feeds its rivals (Kalyvas 2006). Grievance rises with recent violence and
//! relaxes. What a faction's support at the start is beyond what this law makes of it, people's leaning, stays a factor of
//! its odds.

use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::{closing, exp};
use crate::base::row;
use crate::base::{FactionId, ZoneId};
use crate::world::{Setting, World};

parameters! {
    /// How people choose sides.
    Support {
        /// Weekly rate at which support moves. Higher values make people change sides faster.
        rate = 0.01 in 0.0 to 10.0, "per week", "assumption: half in 16 months";
        /// Weight of agreement, `1 − 2D`.
        agreement = 2.0 in 0.0 to 20.0, "log-odds", "assumption";
        /// Weight of protection: the share of control where people live.
        protection = 2.0 in 0.0 to 20.0, "log-odds", "Kalyvas 2006 for the direction; assumption for the value";
        /// Weight of recent harm, per death per thousand people.
        harm = 1.0 in 0.0 to 100.0, "log-odds per death per thousand", "Kalyvas 2006 for the direction; assumption for the value";
        /// How fast harm is forgotten.
        memory = 0.02 in 0.0 to 10.0, "per week", "assumption: half in eight months";
        /// Grievance that a recent death per thousand people adds, as a share of what is missing, per week.
        grievance = 0.1 in 0.0 to 10.0, "per week per death per thousand", "assumption";
        /// How fast grievance relaxes to where it started.
        relaxation = 0.004 in 0.0 to 10.0, "per week", "assumption: half in three years";
    }
}

/// The share of a cell's people from which a faction is known where it is not.
const KNOWN: f64 = 0.001;

/// Moves support and grievance over the weeks to the next review.
pub fn choose(setting: &Setting, params: &Support, world: &mut World, scratch: &mut Scratch, weeks: f64) {
    if world.anchor.stale.values().contains(&true) {
        find_anchor(setting, params, world, scratch, |world, faction| world.anchor.stale[faction]);
    }
    let rate = closing(params.rate, weeks);
    let fading = 1.0 - closing(params.memory, weeks);
    for harm in world.harm.values_mut() {
        *harm *= fading;
    }
    let width = world.width();
    find_appeals(setting, params, scratch, width);
    let relaxing = closing(params.relaxation, weeks);
    for zone in setting.zones.ids() {
        find_standing(params, world, scratch, zone, width);
        let Scratch { appeal, rows, .. } = scratch;
        let [standing, least, weights, ..] = rows.each_mut().map(|row| &mut row[..width]);
        let rise = closing(params.grievance * (world.violence[zone] - world.anchor.violence[zone]).max(0.0), weeks);
        let cells = setting.cells_at(zone);
        let attitudes = world.support.rows_in_mut(cells.clone()).zip(world.anchor.leaning.rows_in(cells.clone()));
        for (cell, (support, leanings)) in setting.cells.values()[cells.clone()].iter().zip(attitudes) {
            let (support, appeals) = (&mut support[..width], &appeal.row(cell.community)[..width]);
            weigh(weights, support, least, [appeals, standing, &leanings[..width]]);
            row::approach(support, weights, 1.0 / (1.0 + row::sum(weights)), rate);
        }
        let at_start = &setting.initial.grievance.values()[cells.clone()];
        for (grievance, at_start) in world.grievance.values_mut()[cells].iter_mut().zip(at_start) {
            *grievance += rise * (1.0 - *grievance);
            *grievance += relaxing * (at_start - *grievance);
        }
    }
}

/// Fills `weights` with the products of the odds, for those whom more than the least share supports.
fn weigh(weights: &mut [f64], support: &[f64], least: &[f64], [appeals, standing, leanings]: [&[f64]; 3]) {
    let odds = appeals.iter().zip(standing).zip(leanings);
    let known = support.iter().zip(least);
    for ((weight, ((appeal, standing), leaning)), (share, least)) in weights.iter_mut().zip(odds).zip(known) {
        let odds = appeal * standing * leaning;
        *weight = if share > least { odds } else { 0.0 };
    }
}

/// Fills `appeal`: how each community likes each faction's position, in odds.
fn find_appeals(setting: &Setting, params: &Support, scratch: &mut Scratch, width: usize) {
    // The exponential of a sum is taken factor by factor: there are far more cells than zones and communities.
    let Scratch { appeal, estrangement, .. } = scratch;
    for community in setting.communities.ids() {
        for (faction, appeal) in setting.factions.ids().zip(&mut appeal.row_mut(community)[..width]) {
            *appeal = exp(params.agreement * (1.0 - 2.0 * estrangement[(faction, community)]));
        }
    }
}

/// Fills the first two of `rows` for a zone: the odds of each faction whoever the people are, 0 for who is no more; and
/// above which share of support one can side with it. Who is there can be sided with by all, others by their followers
/// alone.
fn find_standing(params: &Support, world: &World, scratch: &mut Scratch, zone: ZoneId, width: usize) {
    let [standing, least, ..] = scratch.rows.each_mut().map(|row| &mut row[..width]);
    let (control, harm, presence) = (world.control.row(zone), world.harm.row(zone), world.presence.row(zone));
    find_least(least, &control[..width], &presence[..width]);
    let values = control.iter().zip(harm).map(|(control, harm)| params.protection * control - params.harm * harm);
    let stand = world.alive.values().iter().zip(world.strength.values());
    for ((standing, (alive, strength)), value) in standing.iter_mut().zip(stand).zip(values) {
        *standing = match (*alive && *strength > 0.0, value == 0.0) {
            (true, false) => exp(value),
            (true, true) => 1.0,
            (false, _) => 0.0,
        };
    }
}

/// Above which share of support one can side with each faction: any where it is, what is known elsewhere.
fn find_least(least: &mut [f64], control: &[f64], presence: &[f64]) {
    for (least, (control, fighters)) in least.iter_mut().zip(control.iter().zip(presence)) {
        let open = (*control > 0.01) | (*fighters > 1.0);
        *least = if open { -1.0 } else { KNOWN };
    }
}

/// Finds for some factions by how much they are liked beyond what draws people to them, such that support stays where it
/// is: what [`crate::world::Anchors::leaning`] holds. Where nobody knows a faction, it is that of all who are known there
/// together, or anywhere: what is asked of them before people side with them is asked of newcomers too.
pub(super) fn find_anchor(
    setting: &Setting,
    params: &Support,
    world: &mut World,
    scratch: &mut Scratch,
    whose: impl Fn(&World, FactionId) -> bool,
) {
    /// Shares below this are taken as this, for nobody is wholly without friends, or people without doubts.
    const LEAST: f64 = 0.0005;
    let width = world.width();
    // Over all cells, and the cells in which nobody is known.
    let (mut lean_of_all, mut of_all, mut unknown) = (0.0, 0.0, Vec::new());
    find_appeals(setting, params, scratch, width);
    for zone in setting.zones.ids() {
        find_standing(params, world, scratch, zone, width);
        let Scratch { appeal, rows: [standing, least, ..], .. } = &*scratch;
        for cell in setting.cells_in(zone) {
            let undecided = (1.0 - world.support.row(cell).iter().sum::<f64>()).max(LEAST);
            let factions = || world.alive.ids().zip(standing.iter().zip(least)).take(width);
            let drawn = |faction, standing: &f64| appeal[(setting.cells[cell].community, faction)] * standing;
            let is_known =
                |faction, (standing, least): (&f64, &f64)| *standing > 0.0 && world.support[(cell, faction)] > *least;
            let (mut lean, mut of) = (0.0, 0.0);
            for (faction, (standing, _)) in factions().filter(|(faction, at)| is_known(*faction, *at)) {
                let drawn = drawn(faction, standing);
                if whose(world, faction) {
                    let share = world.support[(cell, faction)].max(LEAST);
                    world.anchor.leaning[(cell, faction)] = share / undecided / drawn;
                }
                lean += world.anchor.leaning[(cell, faction)] * drawn;
                of += drawn;
            }
            (lean_of_all, of_all) = (lean_of_all + lean, of_all + of);
            if of <= 0.0 {
                unknown.push(cell);
                continue;
            }
            for (faction, at) in factions() {
                if whose(world, faction) && !is_known(faction, at) {
                    world.anchor.leaning[(cell, faction)] = lean / of;
                }
            }
        }
    }
    for cell in unknown {
        for faction in world.alive.ids().take(width) {
            if whose(world, faction) {
                world.anchor.leaning[(cell, faction)] = if of_all > 0.0 { lean_of_all / of_all } else { 1.0 };
            }
        }
    }
}
