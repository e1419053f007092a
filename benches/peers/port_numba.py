"""The reduced model in Numba: one replicate at a time in plain loops, compiled with fastmath.

What is asked of few is done for few: lists of who is where, looks and contacts and clashes and attacks as events of one
process of unit rate that runs along all hazards, tables that rest on stances made anew when one has changed.
Each function names the file of `src/mechanism` whose equations it holds. usage: port_numba.py START REPLICATES WEEKS
"""

import math

import numba_ground as ground
import numba_review as review
import numpy as np
import report
from numba import njit
from numba_common import chance, compiled, exponential, prevails
from start import ALLIANCE, LEAST_HOSTILITY, LEAST_REACH, NEUTRAL, OUTCOMES, PACT, REVIEW, WAR, YEAR

PLACES = 24


def state(s):
    """Memory for a replicate as one record: what changes in the world, and what is made anew in each week or review."""
    n, zones = s.n, s.zones
    starts = {name: getattr(s, source) for name, source in STARTS.items()}
    fields = [(name, value.dtype, value.shape) for name, value in starts.items()]
    per_pair = "log_b mood lasting age peace stirred feud fighting threat felt valence ready fight"
    per_faction = "fury attacks weight enemies bloc_strength"
    per_zone = "kept deaths alarm pulls_of_refuge"
    per_ground = "massed following pulls flows"
    fields += [(name, float, (n, n)) for name in per_pair.split()]
    fields += [(name, float, (n,)) for name in per_faction.split()]
    fields += [(name, int, (n,)) for name in ("bloc", "bloc_size", "ready_at")]
    fields += [(name, float, (zones,)) for name in per_zone.split()] + [
        (name, int, (zones,)) for name in ("taken_ground", "taken_pull")
    ]
    fields += [(name, float, (zones, n)) for name in per_ground.split()]
    fields += [
        (name, int, (PLACES,)) for name in ("attacker", "defender", "target", "until", "sieges")
    ]
    fields += [
        ("origins", float, (PLACES, zones)),
        ("counts", int, (2,)),
        ("killed", float, (2,)),
        ("row", float, (4, n)),
    ]
    fields += [
        ("first", int, (zones + 1,)),
        ("who", int, (zones * n,)),
        ("root", float, (zones * n,)),
    ]
    return np.zeros(1, np.dtype(fields, align=True))


# What the state begins with.
STARTS = {
    "m": "presence",
    "q": "control",
    "h": "hostility",
    "t": "trust",
    "w": "weariness",
    "b": "belief",
    "ground": "ground_at_rest",
    "pull": "pull_at_rest",
    "entrenchment": "entrenchment_at_rest",
} | {
    name: name
    for name in [
        "holder",
        "home_ground",
        "harm",
        "violence",
        "reach",
        "stance",
        "claimed",
        "goal",
        "strength",
        "treasury",
        "income",
        "cohesion",
        "dependence",
        "at_home",
        "displaced",
        "support",
        "grievance",
        "spoils",
        "lost",
    ]
}


def record(values):
    """Values as one record, so that compiled code takes them by one address and knows all sizes. Truths are bytes."""
    values = {name: np.asarray(value) for name, value in values._asdict().items()}
    values = {
        name: value.astype(np.uint8) if value.dtype == bool else value
        for name, value in values.items()
    }
    made = np.zeros(
        1,
        np.dtype([(name, value.dtype, value.shape) for name, value in values.items()], align=True),
    )
    for name, value in values.items():
        made[name][0] = value
    return made[0]


# How hostile two are at least when war breaks out between them.
HOSTILITY_OF_WAR = 0.5


@compiled
def find_blocs(s, x):
    """Blocs: connected under alliance, unless two of them are at war."""
    x.bloc[:] = np.arange(s.n)
    for high in range(s.n):
        for low in range(high):
            a, b = x.bloc[low], x.bloc[high]
            if x.stance[low, high] == ALLIANCE and a != b:
                at_war = False
                for i in range(s.n):
                    for j in range(s.n):
                        at_war |= x.bloc[i] == a and x.bloc[j] == b and x.stance[i, j] == WAR
                if not at_war:
                    keep, give = min(a, b), max(a, b)
                    for i in range(s.n):
                        if x.bloc[i] == give:
                            x.bloc[i] = keep
    x.bloc_size[:] = 0
    for i in range(s.n):
        x.bloc_size[x.bloc[i]] += 1


@compiled
def read_stances(s, p, x):
    """What rests on stances, estimates and hostility: threats felt before they are weighed, valences, enemies, blocs."""
    for i in range(s.n):
        x.enemies[i] = 0.0
        for j in range(s.n):
            if i != j:
                meets = x.h[i, j] * x.reach[i, j]
                x.felt[i, j] = meets * x.b[i, j] * p.remaining[x.stance[i, j]]
                x.valence[i, j] = 0.5 * x.claimed[i, j] - 1.0
                if x.stance[i, j] == WAR and meets > 0.0:
                    x.enemies[i] += x.b[i, j] * x.reach[i, j]
    find_blocs(s, x)


@compiled
def weigh_threats(s, p, x):
    """threat.rs: shares of what threatens each, this week."""
    total = x.strength.sum()
    x.bloc_strength[:] = 0.0
    for i in range(s.n):
        own = x.strength[i]
        x.weight[i] = own / total
        x.bloc_strength[x.bloc[i]] += own
        total_threat = p.threat_floor
        for j in range(s.n):
            threat = x.felt[i, j] / (x.b[i, j] + own + 1e-300)
            x.threat[i, j] = threat
            total_threat += threat
        for j in range(s.n):
            x.threat[i, j] /= total_threat


@compiled
def make_ready(s, p, x):
    """clash.rs: how ready pairs are to fight where they meet, and how often they do."""
    scale = p.clashes_rate / p.clashes_typical
    for i in range(s.n):
        for j in range(i):
            aggression = 0.5 * (s.aggression[i] + s.aggression[j])
            ready = p.posture[x.stance[i, j]] * aggression * 0.5 * (x.h[i, j] + x.h[j, i])
            fight = scale * ready * x.fighting[i, j]
            x.ready[i, j], x.ready[j, i], x.fight[i, j], x.fight[j, i] = ready, ready, fight, fight


@compiled
def coalition_gain(p, x, i, j):
    force, believed = x.strength[i], x.b[i, j]
    if force <= 0.0:
        return 0.0
    enemies = x.enemies[i]
    if x.stance[i, j] == WAR:
        enemies = max(enemies - believed * x.reach[i, j], 0.0)
    if enemies <= 0.0:
        return 0.0
    together = x.bloc[i] == x.bloc[j]
    if together:
        without, joining = max(x.bloc_strength[x.bloc[i]] - x.strength[j], force), believed
    else:
        without = x.bloc_strength[x.bloc[i]]
        joining = believed / max(x.strength[j], 1.0) * x.bloc_strength[x.bloc[j]]
    law = p.contest_coalition
    worth = prevails(without + joining, enemies, law) * force / (without + joining)
    if not together:
        worth = max(worth, prevails(force + joining, enemies, law) * force / (force + joining))
    return (
        enemies / (enemies + without) * (worth - prevails(without, enemies, law) * force / without)
    )


@compiled
def appraise(s, p, x, i, j, exposure):
    """appraisal.rs: what speaks for i's closeness to j, less that at the start. Positions stay, and nobody mediates."""
    common, balance, lost = 0.0, 0.0, 0.0
    for k in range(s.n):
        common += x.threat[i, k] * x.h[j, k]
        balance += x.weight[k] * x.valence[i, k] * x.valence[j, k]
        lost += x.lost[i, k]
    others = 1.0 - x.weight[i] - x.weight[j]
    will = 0.0
    for k in range(s.n):
        if x.dependence[i, k] > 0.0 and k != j:
            will += x.dependence[i, k] * (x.valence[k, j] - x.h[k, j])
    return (
        p.diplomacy_common_enemy * common
        + p.diplomacy_coalition_gain * coalition_gain(p, x, i, j)
        + p.diplomacy_trust * (2.0 * x.t[i, j] - 1.0)
        - p.diplomacy_hostility * x.h[i, j]
        + p.diplomacy_balance * (balance / others if others > 0.0 else 0.0)
        + exposure * (p.diplomacy_sponsor * min(max(will, -2.0), 1.0) - s.will_before[i, j])
        + p.diplomacy_ground * (lost - 2.0 * x.lost[i, j])
        - (s.reasons_before[i, j] - s.objections_before[i, j])
    )


@compiled
def gain(s, p, x, i, j, goal, reasons):
    """choice.rs: what i gains by standing with j on another rung."""
    source = x.stance[i, j]
    gained = (goal - source) * (p.choice_scale * reasons + x.lasting[i, j] + x.mood[i, j]) - p.asks[
        source, goal
    ]
    if goal == WAR or source == WAR:
        weary = (x.w[i, j] - s.weariness_at_rest[i, j]) / p.choice_exhaustion
        of_war = p.offensives_spoils * (
            x.spoils[i, j] - s.spoils_at_rest[i, j]
        ) - p.choice_losses * min(max(weary, 0.0), 1.0)
        gained += of_war if goal == WAR else -of_war
        if goal == WAR and x.peace[i, j] >= 0.0:
            gained -= p.choice_hardening * (
                1.0 - math.exp(-x.peace[i, j] / p.choice_hardening_time)
            )
            if x.peace[i, j] * YEAR < p.choice_pause_time:
                gained -= p.choice_pause
    for k in range(s.n):
        if x.dependence[i, k] > 0.0 and k != j:
            theirs = x.stance[k, j]
            if (theirs == WAR and goal > source) or (theirs >= PACT and goal < source):
                gained -= p.choice_patronage * x.dependence[i, k]
    if goal < source and source >= PACT:
        bound = p.choice_bond * (1.0 - math.exp(-x.age[i, j] / p.choice_bond_time))
        gained -= max(bound, p.choice_patronage * max(x.dependence[i, j], x.dependence[j, i]))
    return gained


@compiled
def says_yes(p, gained, uniform):
    return gained > 0.0 and uniform * (1.0 + math.exp(-p.choice_precision * gained)) < 1.0


@compiled
def take_stance(s, x, i, j, goal, public):
    source = x.stance[i, j]
    for a, b in ((i, j), (j, i)):
        x.stance[a, b] = goal
        x.age[a, b] = 0.0
        if public:
            x.claimed[a, b] = goal
        if source == WAR:
            x.peace[a, b] = 0.0
        elif goal == WAR:
            x.peace[a, b] = -1.0
            x.h[a, b] = max(x.h[a, b], HOSTILITY_OF_WAR)
        for k in range(s.n):
            x.stirred[a, k], x.stirred[k, a] = 1.0, 1.0
    x.counts[1] = 1


@compiled
def leave(s, p, x, i, j, goal):
    """choice.rs: i takes its tie with j down."""
    was_public, source = x.stance[i, j] == x.claimed[i, j], x.stance[i, j]
    take_stance(s, x, i, j, goal, was_public or goal < NEUTRAL or x.claimed[i, j] > goal)
    if source >= PACT:
        x.t[j, i] *= 1.0 - p.choice_betrayal
        if was_public:
            for k in range(s.n):
                if k != i and k != j:
                    x.t[k, i] *= 1.0 - p.choice_reputation
    for client, sponsor in ((i, j), (j, i)):
        if goal < PACT and x.dependence[client, sponsor] > 0.0:
            x.income[client] *= 1.0 - x.dependence[client, sponsor]
            x.dependence[client, sponsor] = 0.0


@compiled
def reconsider(s, p, x, i, j):
    """choice.rs: the two look at how they stand."""
    source, floor = x.stance[i, j], WAR
    if x.reach[i, j] < LEAST_REACH or max(x.h[i, j], x.h[j, i]) < LEAST_HOSTILITY:
        floor = NEUTRAL
    if source >= NEUTRAL and source <= floor:
        return
    exposure = 1.0 if source == x.claimed[i, j] else p.diplomacy_secrecy
    reasons = (appraise(s, p, x, i, j, exposure), appraise(s, p, x, j, i, exposure))
    uniforms = (np.random.random(), np.random.random())
    steps, gained_most = [-1, -1], [0.0, 0.0]
    for side in range(2):
        own, other = (i, j) if side == 0 else (j, i)
        for goal in range(floor, source):
            gained = gain(s, p, x, own, other, goal, reasons[side])
            if gained > gained_most[side]:
                steps[side], gained_most[side] = goal, gained
    first = 1 if gained_most[1] > gained_most[0] else 0
    for side in (first, 1 - first):
        own, other = (i, j) if side == 0 else (j, i)
        if steps[side] >= 0 and says_yes(p, gained_most[side], uniforms[side]):
            leave(s, p, x, own, other, steps[side])
            return
    best, most, gains = -1, 0.0, (0.0, 0.0)
    for goal in range(source + 1, NEUTRAL + 1):
        both = (gain(s, p, x, i, j, goal, reasons[0]), gain(s, p, x, j, i, goal, reasons[1]))
        if min(both[0], both[1]) > most:
            best, most, gains = goal, min(both[0], both[1]), both
    if best >= 0 and says_yes(p, gains[0], uniforms[0]) and says_yes(p, gains[1], uniforms[1]):
        take_stance(s, x, i, j, best, True)


@compiled
def look(s, p, x):
    """choice.rs: pairs that come to it look at how they stand."""
    rate = p.choice_looks / YEAR
    passed, next_event = 0.0, exponential()
    for high in range(s.n):
        if s.aside[high]:
            continue
        for low in range(high):
            if s.aside[low]:
                continue
            passed += rate * (1.0 + p.choice_stir * min(x.stirred[low, high], 1.0))
            if passed > next_event:
                while passed > next_event:
                    next_event += exponential()
                if x.strength[low] > 0.0 and x.strength[high] > 0.0:
                    x.stirred[low, high], x.stirred[high, low] = 0.0, 0.0
                    reconsider(s, p, x, low, high)


@compiled
def meet(s, p, x, i, j):
    """talks.rs: the two are in contact. Do they begin to talk?"""
    secret = p.diplomacy_secrecy
    reasons = (appraise(s, p, x, i, j, secret), appraise(s, p, x, j, i, secret))
    best, most, gains = -1, 0.0, (0.0, 0.0)
    for goal in range(max(x.stance[i, j] + 1, PACT), ALLIANCE + 1):
        both = (gain(s, p, x, i, j, goal, reasons[0]), gain(s, p, x, j, i, goal, reasons[1]))
        worth = min(both[0], both[1])
        if best < 0 or (worth > most and worth > 0.0):
            best, most, gains = goal, worth, both
    if (s.door[i, j] == 2 or says_yes(p, gains[0], np.random.random())) and (
        s.door[j, i] == 2 or says_yes(p, gains[1], np.random.random())
    ):
        x.goal[i, j] = best


@compiled
def go_on(s, p, x, i, j):
    """talks.rs: another week of talks."""
    goal = x.goal[i, j]
    exposure = p.diplomacy_secrecy
    concludes = np.random.random() < chance(p.negotiation_conclusion, 1.0)
    may_break = chance(p.negotiation_break_off, 1.0)
    uniforms = (np.random.random(), np.random.random())
    if not concludes and max(uniforms[0], uniforms[1]) < 1.0 - may_break:
        return
    gains = (
        gain(s, p, x, i, j, goal, appraise(s, p, x, i, j, exposure)),
        gain(s, p, x, j, i, goal, appraise(s, p, x, j, i, exposure)),
    )
    if concludes:
        x.goal[i, j] = 0
        if says_yes(p, gains[0], uniforms[0]) and says_yes(p, gains[1], uniforms[1]):
            objection = 0.5 * (s.objection[i, j] + s.objection[j, i])
            odds = p.negotiation_publicity - p.negotiation_discretion * objection
            take_stance(s, x, i, j, goal, np.random.random() * (1.0 + math.exp(-odds)) < 1.0)
            for a, b in ((i, j), (j, i)):
                x.t[a, b] += p.negotiation_trust_gain * (1.0 - x.t[a, b])
        return
    for side in range(2):
        if uniforms[side] >= 1.0 - may_break:
            yes = (
                1.0 / (1.0 + math.exp(-p.choice_precision * gains[side]))
                if gains[side] > 0.0
                else 0.0
            )
            if uniforms[side] >= 1.0 - may_break * (1.0 - yes):
                x.goal[i, j] = 0


@compiled
def talk(s, p, x, contact):
    """talks.rs: a week of contacts and talks."""
    passed, next_event = 0.0, exponential()
    for high in range(s.n):
        for low in range(high):
            if x.goal[low, high] > 0:
                go_on(s, p, x, low, high)
                continue
            passed += contact[low, high]
            if passed > next_event:
                while passed > next_event:
                    next_event += exponential()
                if (
                    x.stance[low, high] < ALLIANCE
                    and x.strength[low] > 0.0
                    and x.strength[high] > 0.0
                ):
                    meet(s, p, x, low, high)


@compiled
def contacts(s, p, x):
    """talks.rs: the weekly hazards of contact, as they stay until forces move."""
    hazard = np.zeros((s.n, s.n))
    for high in range(s.n):
        for low in range(high):
            if not (
                s.aside[low] or s.aside[high] or s.door[low, high] == 0 or s.door[high, low] == 0
            ):
                meeting = max(x.reach[low, high], p.negotiation_envoys)
                hazard[low, high] = (
                    p.negotiation_contact * math.sqrt(s.outreach[low] * s.outreach[high]) * meeting
                )
    return hazard


@compiled
def replicate(s, p, x, weeks):
    """One replicate: what it comes to, in the order of OUTCOMES."""
    contact = np.zeros((s.n, s.n))
    level = 0.0
    for week in range(weeks):
        is_review = week % REVIEW == 0
        if is_review:
            review.perceive(s, p, x)
            review.find_reach(s, x)
            contact = contacts(s, p, x)
        changed = is_review or x.counts[1] > 0
        if changed:
            read_stances(s, p, x)
        weigh_threats(s, p, x)
        if is_review:
            level = review.change_times(s, p, x, level, week == 0)
            review.live(s, p, x)
        x.counts[1] = 0
        talk(s, p, x, contact)
        look(s, p, x)
        if changed or x.counts[1] > 0:
            find_blocs(s, x)
            make_ready(s, p, x)
        if is_review:
            ground.list_present(s, p, x)
            review.redeploy(s, p, x)
            ground.survey(s, p, x)
        ground.wage(s, p, x, week, is_review)
        ground.list_present(s, p, x)
        x.deaths[:] = 0.0
        ground.clash(s, p, x)
        ground.attack_civilians(s, p, x)
        ground.flee(s, p, x)
        if is_review:
            review.shift_control(s, p, x)
            review.come_home(s, p, x)
            review.choose_sides(s, p, x)
            review.provide(s, p, x)
            review.feel(s, p, x)
            x.counts[1] = 1
        x.strength[:] = 0.0
        for z in range(s.zones):
            for i in range(s.n):
                x.strength[i] += x.m[z, i]
    return review.outcomes(s, x)


def run(s, p, replicates, weeks):
    start, parameters, x = record(s._replace(dispositions=0.0)), record(p), state(s)
    begun = x[0].copy()
    for name, source in STARTS.items():
        begun[name] = getattr(s, source)
    begun["log_b"] = np.log(np.maximum(s.belief, 1e-9))
    begun["bloc"], begun["bloc_size"] = np.arange(s.n), 1
    seed(1)
    found = np.zeros((replicates, len(OUTCOMES)))
    for number in range(replicates):
        x[0] = begun
        drawn = s.dispositions[number % len(s.dispositions)]
        x["lasting"], x["mood"], x["age"], x["peace"] = drawn
        found[number] = replicate(start, parameters, x[0], weeks)
    return found


@njit
def seed(number):
    np.random.seed(number)


if __name__ == "__main__":
    report.measure(run)
