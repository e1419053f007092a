//! Accords: parties keep, suspend, leave or return, and health follows what they do.
//!
//! While two parties both keep an accord they stand at least on a pact. A party reviews its part now and then and
//! values staying by `U = β_h (2 health − 1) + β_t (2 mean trust − 1) + β_m mediation + β_g protection − β_v violence by
//! other parties − ask`; the answer is by the same logit as in all diplomacy. Health decays with inertia, the less the more
//! the parties trust each other (who trusts needs nobody to keep an accord for it: Kydd 2005), faster while
//! parties are out and with violations, and rises with mediation. A mediator may put a draft to its parties, or an accord to
//! those who have left it, at any time, and then works on it for a while.

use super::parameters::parameters;
use super::scratch::Scratch;
use super::terms::{HABIT, HOSTILITY, MEDIATION, TERMS, TRUST, Terms};
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::{chance, closing, logistic};
use crate::base::{AccordId, FactionId, PairId, Table};
use crate::random::Purpose;
use crate::world::{Happening, HappeningKind, PartyStatus, Setting, Stance, World};

parameters! {
    /// How accords live and die.
    Accords {
        /// Weekly hazard that a party reviews its part, or considers signing. Higher values make statuses change more often.
        review = 0.03 in 0.0 to 10.0, "per week", "assumption: about once or twice a year";
        /// Precision of a party's choice `λ`. Higher values make the better choice surer; 0 is a coin toss.
        precision = 4.0 in 0.0 to 1000.0, "1 / utility", "McKelvey and Palfrey 1995 for the form; assumption for the value";
        /// Share of its strength whose loss to another party within a few months counts as full violence.
        exhaustion = 0.15 in 0.001 to 1.0, "share", "assumption";
        /// Weight of the accord's health, `2 health − 1`.
        health = 0.8 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of trust in the other parties, `2 t − 1`.
        trust = 0.6 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of mediation at work.
        mediation = 0.6 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of a guarantor's protection.
        protection = 0.4 in 0.0 to 10.0, "weight", "Walter 1997 for the direction; assumption for the value";
        /// Weight of violence that other parties did to it lately, as a share of its strength over `exhaustion`.
        violence = 1.0 in 0.0 to 10.0, "weight", "assumption";
        /// What keeping an accord asks.
        ask = 0.1 in -5.0 to 5.0, "utility", "assumption";
        /// Weekly hazard that a mediator of full leverage puts a draft, or an accord to those who have left it, to its parties.
        /// Higher values make more accords come of a run itself.
        proposal = 0.01 in 0.0 to 10.0, "per week", "assumption: about every other year";
        /// Weeks for which a mediator works on what it has put to parties.
        mission = 52.0 in 0.0 to 1000.0, "weeks", "assumption: a year";
        /// How much easier a pact is that is written down for two than one that they have to find (a focal point, Schelling 1960).
        text = 1.0 in 0.0 to 10.0, "standard deviations", "assumption";
        /// How much less willing than to stay a party must be before it leaves for good, in log-odds.
        finality = 2.0 in 0.0 to 20.0, "log-odds", "assumption";
        /// Weekly rate at which health decays by inertia alone between parties that trust each other half: more where they trust each other
        /// less, and not at all in full trust.
        decay = 0.004 in 0.0 to 1.0, "per week", "assumption: it halves in three years when nothing is done";
        /// How many times faster an accord's health decays when all parties are out.
        neglect = 2.0 in 0.0 to 100.0, "times", "assumption";
        /// Health lost per death in fighting between parties, as a share.
        violation = 0.002 in 0.0 to 1.0, "share per death", "assumption";
        /// Weekly rate at which a mediator of full leverage closes the gap to full health.
        repair = 0.03 in 0.0 to 1.0, "per week", "assumption";
    }
}

/// The leverage at work on a pair: that of the strongest mediator with a mission on an accord that both have signed or
/// may sign, 0 to 1.
pub fn mediation(setting: &Setting, world: &World, a: FactionId, b: FactionId) -> f64 {
    strongest(setting, world, (a, b), PartyStatus::is_at_table, |accord| leverage(setting, world, accord))
}

/// The protection that guarantors of accords that both have signed give to what a pair agrees, 0 to 1.
pub fn protection(setting: &Setting, world: &World, a: FactionId, b: FactionId) -> f64 {
    strongest(setting, world, (a, b), PartyStatus::is_signed, |accord| guarantee(setting, world, accord))
}

/// Whether an accord that both keep binds the two to at least a pact.
pub fn binds(setting: &Setting, world: &World, a: FactionId, b: FactionId) -> bool {
    setting.accords.ids().any(|accord| {
        let keeps = |faction| status_of(setting, world, accord, faction) == Some(PartyStatus::Active);
        keeps(a) && keeps(b)
    })
}

/// A faction's status in an accord, if it is a party.
pub fn status_of(setting: &Setting, world: &World, accord: AccordId, faction: FactionId) -> Option<PartyStatus> {
    let parties = setting.accords[accord].parties.iter().zip(&world.accord[accord].status);
    parties.filter(|((party, _), _)| *party == faction).find_map(|(_, status)| *status)
}

fn strongest(
    setting: &Setting,
    world: &World,
    (a, b): (FactionId, FactionId),
    counts: impl Fn(PartyStatus) -> bool,
    what: impl Fn(AccordId) -> f64,
) -> f64 {
    let mut most: f64 = 0.0;
    for accord in setting.accords.ids() {
        let value = what(accord);
        if value > most {
            let in_it = |faction| status_of(setting, world, accord, faction).is_some_and(&counts);
            if in_it(a) && in_it(b) {
                most = value;
            }
        }
    }
    most
}

/// The leverage of an accord's mediator, while it has a mission, 0 to 1.
pub(super) fn leverage(setting: &Setting, world: &World, accord: AccordId) -> f64 {
    match setting.accords[accord].mediator {
        Some(mediator) if world.alive[mediator] && world.step < world.accord[accord].mission_until => {
            world.character[mediator].leverage
        }
        _ => 0.0,
    }
}

/// The protection that an accord's guarantor gives, 0 to 1.
pub(super) fn guarantee(setting: &Setting, world: &World, accord: AccordId) -> f64 {
    match setting.accords[accord].guarantor {
        Some(guarantor) if world.alive[guarantor] => {
            let start = setting.initial.strength[guarantor];
            let left = if start > 0.0 { (world.strength[guarantor] / start).min(1.0) } else { 1.0 };
            world.character[guarantor].peacekeeping * left
        }
        _ => 0.0,
    }
}

/// One week of all accords: reviews by the parties, then health.
pub fn advance(setting: &Setting, params: &Accords, world: &mut World, scratch: &mut Scratch, trace: &mut impl Trace) {
    for accord in setting.accords.ids() {
        if world.accord[accord].overall() == PartyStatus::Withdrawn {
            continue;
        }
        let in_force = world.accord[accord].is_in_force();
        for (position, (party, _)) in setting.accords[accord].parties.iter().enumerate() {
            if world.alive[*party] {
                review(setting, params, world, scratch, trace, accord, position, *party);
            }
        }
        change_health(setting, params, world, accord, in_force);
    }
    hold_to_pacts(setting, world, trace);
}

#[allow(clippy::too_many_arguments, reason = "what a review depends on, each named")]
fn review(
    setting: &Setting,
    params: &Accords,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    accord: AccordId,
    position: usize,
    party: FactionId,
) {
    let Some(status) = world.accord[accord].status[position].filter(|status| status.is_signed()) else { return };
    let due = chance(params.review, setting.calendar.weeks_in(world.step));
    let draw = scratch.draws.of_party(setting, world, (accord, party));
    if draw >= due {
        return;
    }
    let mut terms = stakes(setting, params, world, accord, party);
    trace.weighed(party, party, Stance::Pact, &mut terms);
    let value = params.precision * terms.iter().sum::<f64>();
    let (stays, leaves) = (logistic(value), logistic(-value - params.finality));
    // Given that a review is due, the draw is uniform on 0..1 once more: low for leaving for good, high for keeping.
    let given_due = draw / due;
    let decision = Decision {
        kind: DecisionKind::Accord,
        step: world.step,
        actor: party,
        other: party,
        from: Stance::Pact,
        goal: Stance::Pact,
        terms,
        probability: stays,
        draw: 1.0 - given_due,
    };
    let next = if trace.decided(&decision) {
        PartyStatus::Active
    } else if given_due < leaves && status == PartyStatus::Suspended {
        PartyStatus::Withdrawn
    } else {
        PartyStatus::Suspended
    };
    set_status(setting, world, trace, accord, party, next);
}

fn stakes(setting: &Setting, params: &Accords, world: &World, accord: AccordId, party: FactionId) -> Terms {
    let (mut trust, mut violence, mut others) = (0.0, 0.0, 0.0);
    for ((other, _), status) in setting.accords[accord].parties.iter().zip(&world.accord[accord].status) {
        if *other != party && status.is_some_and(PartyStatus::is_at_table) && world.alive[*other] {
            trust += world.trust[(party, *other)];
            violence += world.weariness[(party, *other)];
            others += 1.0;
        }
    }
    let trust = if others > 0.0 { trust / others } else { 0.5 };
    let mut terms = [0.0; TERMS];
    terms[TRUST] = params.trust * (2.0 * trust - 1.0) + params.protection * guarantee(setting, world, accord);
    terms[HOSTILITY] = -params.violence * (violence / params.exhaustion).min(1.0);
    terms[MEDIATION] = params.mediation * leverage(setting, world, accord);
    terms[HABIT] = params.health * (2.0 * world.accord[accord].health - 1.0) - params.ask;
    terms
}

/// Gives a party a status, and says so if it is a new one.
pub fn set_status(
    setting: &Setting,
    world: &mut World,
    trace: &mut impl Trace,
    accord: AccordId,
    party: FactionId,
    to: PartyStatus,
) {
    let Some(position) = setting.accords[accord].parties.iter().position(|(faction, _)| *faction == party) else {
        return;
    };
    if let Some(from) = world.accord[accord].status[position]
        && from != to
    {
        world.accord[accord].status[position] = Some(to);
        let kind = HappeningKind::AccordStatus { accord, party, from, to };
        trace.happened(Happening { kind, public: true });
    }
}

fn change_health(setting: &Setting, params: &Accords, world: &mut World, accord: AccordId, in_force: bool) {
    let weeks = setting.calendar.weeks_in(world.step);
    let parties = &setting.accords[accord].parties;
    let (mut living, mut out, mut violations, mut trust, mut sides) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (index, ((party, _), status)) in parties.iter().zip(&world.accord[accord].status).enumerate() {
        if world.alive[*party] {
            living += 1.0;
            out += f64::from(u8::from(*status != Some(PartyStatus::Active)));
            for (other, _) in parties[..index].iter().filter(|(other, _)| world.alive[*other]) {
                violations += world.tally.dyad_step[PairId::of(*party, *other)];
                trust += world.trust[(*party, *other)] + world.trust[(*other, *party)];
                sides += 2.0;
            }
        }
    }
    let out = if living > 0.0 { out / living } else { 0.0 };
    let distrust = if sides > 0.0 { 1.0 - trust / sides } else { 0.5 };
    let repair = params.repair * leverage(setting, world, accord);
    let health = &mut world.accord[accord].health;
    // What nobody has to keep cannot be broken, nor fall into disuse.
    if in_force {
        *health *= 1.0 - closing(2.0 * distrust * params.decay * (1.0 + params.neglect * out), weeks);
        *health *= 1.0 - (params.violation * violations).min(1.0);
    }
    *health += closing(repair, weeks) * (1.0 - *health);
}

/// Lifts the stance of parties that both keep an accord to a pact, in public.
fn hold_to_pacts(setting: &Setting, world: &mut World, trace: &mut impl Trace) {
    for accord in setting.accords.ids() {
        let parties = &setting.accords[accord].parties;
        for (index, (a, _)) in parties.iter().enumerate() {
            for (b, _) in &parties[..index] {
                if world.alive[*a]
                    && world.alive[*b]
                    && world.stance(*a, *b) < Stance::Pact
                    && binds(setting, world, *a, *b)
                {
                    let from = world.take_stance(*a, *b, Stance::Pact, true);
                    world.tie[PairId::of(*a, *b)].talks = None;
                    let kind = HappeningKind::StanceChanged { between: (*b, *a), from, to: Stance::Pact };
                    trace.happened(Happening { kind, public: true });
                }
            }
        }
    }
}

/// An accord is put to all who have not signed it, or have left it.
pub fn propose(setting: &Setting, world: &mut World, trace: &mut impl Trace, accord: AccordId) {
    for (party, _) in &setting.accords[accord].parties {
        let status = status_of(setting, world, accord, *party);
        if matches!(status, Some(PartyStatus::Drafted | PartyStatus::Withdrawn)) {
            set_status(setting, world, trace, accord, *party, PartyStatus::Proposed);
        }
    }
}

/// Mediators may put an accord to those who have not signed it, or have left it, and set to work on it. Done at reviews, over
/// the weeks to the next one.
pub fn mediate(
    setting: &Setting,
    params: &Accords,
    world: &mut World,
    scratch: &Scratch,
    trace: &mut impl Trace,
    weeks: f64,
) {
    for (accord, traits) in setting.accords.iter() {
        let Some(mediator) = traits.mediator.filter(|mediator| world.alive[*mediator]) else { continue };
        let outside = |status: &PartyStatus| matches!(status, PartyStatus::Drafted | PartyStatus::Withdrawn);
        if !world.accord[accord].status.iter().flatten().any(outside) {
            continue;
        }
        let who = world.key[mediator].with(traits.key);
        let draw = scratch.draws.sequence(Purpose::Proposal, who, world.step).uniform();
        let probability = chance(params.proposal * world.character[mediator].leverage, weeks);
        let between = (mediator, mediator);
        if trace.decided(&Decision::unweighed(DecisionKind::Propose, world.step, between, probability, draw)) {
            propose(setting, world, trace, accord);
            let until = world.step + setting.calendar.steps_for_weeks(params.mission);
            let state = &mut world.accord[accord];
            state.mission_until = state.mission_until.max(until);
        }
    }
}

/// What `party` becomes in all accords when it ceases to be: nothing. If it has a successor, that speaks for it.
pub fn drop_party(setting: &Setting, status: &mut Table<AccordId, crate::world::AccordState>, party: FactionId) {
    for (accord, traits) in setting.accords.iter() {
        for (position, (faction, _)) in traits.parties.iter().enumerate() {
            if *faction == party {
                status[accord].status[position] = None;
            }
        }
    }
}
