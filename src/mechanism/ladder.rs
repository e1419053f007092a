//! The ladder of stances as an ordered response: how good each rung is to a side with a given wish for closeness.
//!
//! A side's wish `y` lies on a line that thresholds `T` divide into rungs; rung s is worth `U(s) = Σ_{r<s} (y − T_r)`,
//! which is choice between alternatives with a convex cost of commitment (McKelvey and Palfrey 1995 for the choice). A
//! change must gain more than `κ`, so that nothing is done for little (hysteresis). Peace hardens: the longer a pair has
//! been out of war, the less war is worth to it. Commitments bind: the older, the more it takes to leave them.

use super::parameters::parameters;
use crate::base::maths::exp;
use crate::world::Stance;

parameters! {
    /// How a wish for closeness becomes a stance, and what time makes of it.
    Choice {
        /// How many standard deviations of taste a change of reasons by 1 is worth. Higher values make the world matter
        /// more, and tastes less; at 0 stances change at base rates whatever happens.
        scale = 2.5 in 0.0 to 20.0, "standard deviations", "assumption";
        /// Precision of choice `λ`: with which probability a side does what gains something. Higher values make the better choice
        /// surer.
        precision = 6.0 in 0.0 to 1000.0, "1 / standard deviation", "McKelvey and Palfrey 1995 for the form; assumption for the value";
        /// How often a pair looks at how it stands. Higher values make all change quicker.
        looks = 11.0 in 0.0 to 52.0, "per year", "fitted to UCDP/PRIO conflict-years 1989 to 2022", plausible 7.0 to 15.0;
        /// How many times more often a pair looks after something that concerns it has happened.
        stir = 3.0 in 0.0 to 6.0, "times", "assumption";
        /// The wish between war and rivalry.
        truce = 0.0 in -10.0 to 10.0, "standard deviations", "definition: the zero of the scale", plausible 0.0 to 0.0;
        /// The wish between rivalry and leaving each other alone.
        peace = 0.6 in -10.0 to 10.0, "standard deviations", "assumption", plausible 0.4 to 0.8;
        /// The wish between leaving each other alone and a pact.
        pact = 2.6 in -10.0 to 10.0, "standard deviations", "assumption", plausible 2.2 to 3.2;
        /// The wish between a pact and an alliance.
        alliance = 3.6 in -10.0 to 10.0, "standard deviations", "assumption", plausible 3.2 to 4.6;
        /// What a change between war, rivalry and neutral must gain. Higher values make war and peace last longer.
        hysteresis = 0.25 in 0.0 to 10.0, "standard deviations", "fitted to UCDP/PRIO conflict-years 1989 to 2022", plausible 0.15 to 0.55;
        /// What it takes to become rivals or to leave each other alone. Higher values make steadier ties between those who
        /// neither fight nor side.
        hysteresis_of_rivalry = 1.0 in 0.0 to 10.0, "standard deviations", "assumption: such ties change about every other year";
        /// What a change to or from a pact or an alliance must gain.
        hysteresis_of_commitment = 0.55 in 0.0 to 10.0, "standard deviations", "assumption";
        /// What an old commitment adds to the gain that it takes to leave it. Higher values make commitments last longer.
        bond = 2.0 in 0.0 to 10.0, "standard deviations", "assumption";
        /// How long a commitment takes to bind by 1 − 1/e of what an old one binds.
        bond_time = 2.0 in 0.01 to 100.0, "years", "assumption";
        /// What it takes at least to leave the pact or alliance with a sponsor on whom one wholly depends, or such a client, and
        /// what it takes more to make peace with whom that sponsor fights or to turn on whom it sides with. Higher values make who pays bind.
        patronage = 4.0 in 0.0 to 10.0, "standard deviations", "assumption: twice an old commitment";
        /// What old peace takes off the worth of war. Higher values make wars return more rarely.
        hardening = 4.0 in 0.0 to 10.0, "standard deviations", "fitted to UCDP/PRIO conflict-years 1989 to 2022", plausible 1.8 to 4.5;
        /// How long peace takes to harden by 1 − 1/e of what old peace does.
        hardening_time = 6.0 in 0.01 to 100.0, "years", "fitted to UCDP/PRIO conflict-years 1989 to 2022", plausible 4.0 to 8.0;
        /// What the end of a war takes off the worth of war while the pause lasts.
        pause = 1.0 in 0.0 to 10.0, "standard deviations", "assumption";
        /// How long the pause after a war lasts, and how long the end of a war that was mediated binds both as a truce.
        pause_time = 26.0 in 0.0 to 520.0, "weeks", "assumption: half a year";
        /// Mean of what pairs have always been to each other. Higher values make a more peaceful world.
        disposition = 2.0 in -10.0 to 10.0, "standard deviations", "fitted to UCDP/PRIO conflict-years 1989 to 2022", plausible 1.7 to 2.4;
        /// How much pairs differ in what they have always been to each other.
        variety = 1.4 in 0.0 to 10.0, "standard deviations", "fitted to UCDP/PRIO conflict-years 1989 to 2022", plausible 0.8 to 1.6;
        /// How much of what pairs have always been to each other the reasons of the start explain. At 0, friends and strangers
        /// are the same where they stand alike.
        explained = 0.3 in 0.0 to 1.0, "share", "assumption";
        /// How much further from peace a war of the start is that costs ten times as many lives a year as 100. Higher values make
        /// great wars last longer.
        intensity = 0.8 in 0.0 to 5.0, "standard deviations", "UCDP/PRIO conflict-years 1989 to 2022 for the direction: .93 of those with 1,000 deaths go on, .74 of others";
        /// What talks that run at the start say of a pair, on top of how it stands.
        talking = 0.5 in 0.0 to 10.0, "standard deviations", "assumption: who talks has come close to a deal";
        /// What the reasons of the start come to for the average pair.
        usual = -0.8 in -10.0 to 10.0, "utility", "assumption";
        /// How long a mood lasts: the time constant of tastes. Higher values make rarer and longer changes of mind.
        memory = 0.75 in 0.01 to 100.0, "years", "fitted to UCDP/PRIO conflict-years 1989 to 2022", plausible 0.5 to 1.0;
        /// Correlation of the two sides' moods.
        shared = 0.7 in 0.0 to 1.0, "correlation", "fitted to UCDP/PRIO conflict-years 1989 to 2022", plausible 0.3 to 0.8;
        /// Upheavals per pair beyond the falls of leaders: a massacre, a betrayal; what the pair has always been is drawn anew, and
        /// peace begins to harden from the start. Higher values make all ties less lasting.
        upheaval = 0.05 in 0.0 to 10.0, "per year", "fitted to UCDP/PRIO conflict-years 1989 to 2022";
        /// Weight of what has been lost to each other in war.
        losses = 1.5 in 0.0 to 20.0, "standard deviations", "Zartman 2001 for the direction; assumption for the value";
        /// Share of its strength whose loss to one enemy makes a side wholly weary.
        exhaustion = 0.15 in 0.001 to 1.0, "share", "assumption";
        /// Share of its trust that the one who was left loses.
        betrayal = 0.5 in 0.0 to 1.0, "share", "Fearon 1994 for the direction; assumption for the value";
        /// Share of their trust in the one who left that all others lose when the commitment was public.
        reputation = 0.1 in 0.0 to 1.0, "share", "Fearon 1994 for the direction; assumption for the value";
    }
}

impl Choice {
    /// What peace of so many years takes off the worth of war.
    pub fn hardened(&self, years: f64) -> f64 {
        self.hardening * (1.0 - exp(-years / self.hardening_time))
    }

    /// What a commitment of so many years adds to what it takes to leave it.
    pub fn bound(&self, years: f64) -> f64 {
        self.bond * (1.0 - exp(-years / self.bond_time))
    }
}

/// What each change of stance asks: the thresholds between the two rungs, and what a change must gain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asks([[f64; Stance::ALL.len()]; Stance::ALL.len()]);

impl Asks {
    /// Those of some weights.
    pub fn of(params: &Choice) -> Self {
        let peace = params.truce + params.peace;
        // The thresholds below each rung.
        let below = [0.0, params.truce, peace, peace + params.pact, peace + params.pact + params.alliance];
        Self(Stance::ALL.map(|from| {
            Stance::ALL.map(|to| {
                let (low, high) = (from.min(to), from.max(to));
                let hysteresis = if high >= Stance::Pact {
                    params.hysteresis_of_commitment
                } else if low == Stance::War {
                    params.hysteresis
                } else {
                    params.hysteresis_of_rivalry
                };
                hysteresis + (below[to as usize] - below[from as usize])
            })
        }))
    }

    /// What a change from a rung to another asks.
    #[inline]
    pub fn between(&self, from: Stance, to: Stance) -> f64 {
        self.0[from as usize][to as usize]
    }
}

/// How many rungs a change goes up; below 0, down.
#[inline]
pub fn rungs(from: Stance, to: Stance) -> f64 {
    f64::from(to as u8) - f64::from(from as u8)
}
