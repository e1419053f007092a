"""The reduced model in NumPy: many replicates at once, dense tables where all are dealt with and sparse lists where few are.

Clashes are drawn by pair and then given to a zone, attacks by faction; looks, contacts and campaigns are lists of (replicate,
who, with whom). What happens in one replicate and week happens at once, where Entente deals with pairs one after the other.
Each function names the file of `src/mechanism` whose equations it holds. usage: port_numpy.py START REPLICATES WEEKS
"""

from types import SimpleNamespace

import numpy as np
import numpy_ground as ground
import numpy_review as review
import report
from numpy_common import closing, prevails
from start import ALLIANCE, LEAST_HOSTILITY, LEAST_REACH, NEUTRAL, OUTCOMES, PACT, REVIEW, WAR, YEAR

# Replicates at once: more of them gain nothing.
BATCH = 200


def begin(s, first, replicates):
    """The start, so many times, with what pairs have always been to each other as in as many of the draws."""

    def copies(value):
        return np.repeat(np.asarray(value)[None], replicates, 0)

    drawn = s.dispositions[np.arange(first, first + replicates) % len(s.dispositions)]
    x = SimpleNamespace(
        m=copies(s.presence),
        q=copies(s.control),
        h=copies(s.hostility),
        t=copies(s.trust),
        w=copies(s.weariness),
    )
    x.lasting, x.mood, x.age, x.peace = (np.ascontiguousarray(drawn[:, part]) for part in range(4))
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
    ]:
        setattr(x, name, copies(getattr(s, name)))
    for name in ("ground", "pull", "entrenchment"):
        setattr(x, name, copies(getattr(s, name + "_at_rest")))
    n = s.n
    x.b, x.log_b = copies(s.belief), copies(np.log(np.maximum(s.belief, 1e-9)))
    x.taken_ground = np.zeros((replicates, s.zones), bool)
    x.taken_pull = np.zeros((replicates, s.zones), bool)
    x.stirred, x.feud, x.fury = (
        np.zeros((replicates, n, n)),
        np.zeros((replicates, len(s.low))),
        np.zeros((replicates, n)),
    )
    x.level = np.zeros(replicates)
    x.ready_at = np.zeros((replicates, n), np.int64)
    x.campaigns = SimpleNamespace(
        **{
            name: np.zeros(0, np.int64)
            for name in ("r", "attacker", "defender", "target", "until", "sieges")
        },
        origins=np.zeros((0, s.zones)),
    )
    x.killed = np.zeros((replicates, 2))
    x.bloc = np.zeros((replicates, n), np.int64)
    x.together = np.zeros((replicates, n, n), bool)
    x.felt, x.valence, x.enemies = (
        np.zeros((replicates, n, n)),
        np.zeros((replicates, n, n)),
        np.zeros((replicates, n)),
    )
    x.ready, x.fight = np.zeros((replicates, n, n)), np.zeros((replicates, n, n))
    x.fighting, x.attacks = np.ones((replicates, n, n)), np.ones((replicates, n))
    x.changed = np.ones(replicates, bool)
    return x


def find_blocs(s, x, replicates):
    """Blocs: connected under alliance, unless two of them are at war."""
    known = x.__dict__.setdefault("known_blocs", {})
    allied, at_war = x.stance[replicates] == ALLIANCE, x.stance[replicates] == WAR
    for r, allies, wars in zip(replicates, allied, at_war):
        key = allies.tobytes() + wars.tobytes()
        bloc = known.get(key)
        if bloc is None:
            bloc = np.arange(s.n)
            for low, high in zip(s.low, s.high):
                a, b = bloc[low], bloc[high]
                if allies[low, high] and a != b and not wars[np.ix_(bloc == a, bloc == b)].any():
                    bloc[bloc == max(a, b)] = min(a, b)
            known[key] = bloc
        x.bloc[r] = bloc
    x.together[replicates] = x.bloc[replicates][:, :, None] == x.bloc[replicates][:, None]


def read_stances(s, p, x, replicates):
    """What rests on stances, estimates and hostility: threats felt before they are weighed, valences, enemies."""
    stance, reach, b = x.stance[replicates], x.reach[replicates], x.b[replicates]
    meets = x.h[replicates] * reach
    others = 1.0 - np.eye(s.n)
    x.felt[replicates] = meets * b * p.remaining[stance] * others
    x.valence[replicates] = (0.5 * x.claimed[replicates] - 1.0) * others
    x.enemies[replicates] = (b * reach * ((stance == WAR) & (meets > 0.0)) * others).sum(2)


def weigh_threats(p, x):
    """threat.rs: shares of what threatens each, this week."""
    x.weight = x.strength / x.strength.sum(1, keepdims=True)
    x.bloc_strength = np.matmul(x.together, x.strength[..., None])[..., 0]
    x.threat = x.felt / (x.b + x.strength[..., None] + 1e-300)
    x.threat /= p.threat_floor + x.threat.sum(2, keepdims=True)


def make_ready(s, p, x, replicates):
    """clash.rs: how ready pairs are to fight where they meet, and how often they do."""
    h = x.h[replicates]
    aggression = 0.5 * (s.aggression[:, None] + s.aggression)
    ready = (
        p.posture[x.stance[replicates]]
        * aggression
        * 0.5
        * (h + h.transpose(0, 2, 1))
        * (1.0 - np.eye(s.n))
    )
    x.ready[replicates] = ready
    x.fight[replicates] = p.clashes_rate / p.clashes_typical * ready * x.fighting[replicates]


def coalition_gain(p, x, r, i, j):
    force, believed = x.strength[r, i], x.b[r, i, j]
    at_war = x.stance[r, i, j] == WAR
    enemies = x.enemies[r, i]
    enemies = np.where(at_war, np.maximum(enemies - believed * x.reach[r, i, j], 0.0), enemies)
    one = x.together[r, i, j]
    ours = x.bloc_strength[r, i]
    without = np.where(one, np.maximum(ours - x.strength[r, j], force), ours)
    joining = np.where(
        one, believed, believed / np.maximum(x.strength[r, j], 1.0) * x.bloc_strength[r, j]
    )
    law = p.contest_coalition

    def worth(strength):
        return prevails(strength, enemies, law) * force / np.maximum(strength, 1e-9)

    both = worth(without + joining)
    both = np.where(one, both, np.maximum(both, worth(force + joining)))
    return np.where(
        (enemies > 0.0) & (force > 0.0),
        enemies / np.maximum(enemies + without, 1e-9) * (both - worth(without)),
        0.0,
    )


def appraise(s, p, x, r, i, j, exposure):
    """appraisal.rs: what speaks for i's closeness to j, less that at the start. Positions stay, and nobody mediates."""
    weight, dependence, h_of_j = x.weight[r], x.dependence[r, i], x.h[r, j]
    others = 1.0 - x.weight[r, i] - x.weight[r, j]
    balance = (weight * x.valence[r, i] * x.valence[r, j]).sum(1) / np.maximum(others, 1e-12)
    will = np.zeros(len(r))
    clients = np.flatnonzero(dependence.any(1))
    if clients.size:
        rc, jc = r[clients], j[clients]
        # The diagonals of valences and hostility are 0, so the other itself counts for nothing.
        will[clients] = (dependence[clients] * (x.valence[rc, :, jc] - x.h[rc, :, jc])).sum(1)
    return (
        p.diplomacy_common_enemy * (x.threat[r, i] * h_of_j).sum(1)
        + p.diplomacy_coalition_gain * coalition_gain(p, x, r, i, j)
        + p.diplomacy_trust * (2.0 * x.t[r, i, j] - 1.0)
        - p.diplomacy_hostility * x.h[r, i, j]
        + p.diplomacy_balance * balance
        + p.diplomacy_sponsor * exposure * np.clip(will, -2.0, 1.0)
        - p.diplomacy_base * exposure * s.objection[i, j]
        + p.diplomacy_ground * (x.lost[r, i].sum(1) - 2.0 * x.lost[r, i, j])
        - s.reasons_before[i, j]
    )


def gains(s, p, x, r, i, j, reasons):
    """choice.rs: what i gains by standing with j on each of the five rungs."""
    source = x.stance[r, i, j]
    goal = np.arange(5)
    up = goal - source[:, None]
    gained = (
        up * (p.choice_scale * reasons + x.lasting[r, i, j] + x.mood[r, i, j])[:, None]
        - p.asks[source]
    )
    weary = (x.w[r, i, j] - s.weariness_at_rest[i, j]) / p.choice_exhaustion
    of_war = p.offensives_spoils * (
        x.spoils[r, i, j] - s.spoils_at_rest[i, j]
    ) - p.choice_losses * np.clip(weary, 0.0, 1.0)
    gained[source == WAR] -= of_war[source == WAR, None]
    peace = x.peace[r, i, j]
    paused = np.where(peace * YEAR < p.choice_pause_time, p.choice_pause, 0.0)
    hardened = (
        p.choice_hardening * closing(1.0 / p.choice_hardening_time, np.maximum(peace, 0.0)) + paused
    )
    gained[:, WAR] += of_war - np.where(peace >= 0.0, hardened, 0.0)
    dependence = x.dependence[r, i]
    clients = np.flatnonzero(dependence.any(1))
    if clients.size:
        theirs = x.stance[r[clients], :, j[clients]]
        other = np.arange(s.n) != j[clients, None]
        foe = (dependence[clients] * (other & (theirs == WAR))).sum(1)
        friend = (dependence[clients] * (other & (theirs >= PACT))).sum(1)
        gained[clients] -= p.choice_patronage * np.where(
            up[clients] > 0, foe[:, None], np.where(up[clients] < 0, friend[:, None], 0.0)
        )
    bound = p.choice_bond * closing(1.0 / p.choice_bond_time, x.age[r, i, j])
    bound = np.maximum(
        bound, p.choice_patronage * np.maximum(x.dependence[r, i, j], x.dependence[r, j, i])
    )
    return gained - np.where((up < 0) & (source[:, None] >= PACT), bound[:, None], 0.0)


def says_yes(p, gained, uniform):
    return (gained > 0.0) & (
        uniform * (1.0 + np.exp(-p.choice_precision * np.maximum(gained, 0.0))) < 1.0
    )


def take_stance(x, r, i, j, goal, public):
    """The pairs stand on another rung."""
    source = x.stance[r, i, j]
    for a, b in ((i, j), (j, i)):
        x.stance[r, a, b] = goal
        x.age[r, a, b] = 0.0
        x.claimed[r, a, b] = np.where(public, goal, x.claimed[r, a, b])
        x.peace[r, a, b] = np.where(
            source == WAR, 0.0, np.where(goal == WAR, -1.0, x.peace[r, a, b])
        )
        x.stirred[r, a] = 1.0
        x.stirred[r, :, a] = 1.0
    x.changed[r] = True


def leave(p, x, r, i, j, goal):
    """choice.rs: i takes its tie with j down."""
    source, claimed = x.stance[r, i, j], x.claimed[r, i, j]
    was_public = source == claimed
    take_stance(x, r, i, j, goal, was_public | (goal < NEUTRAL) | (claimed > goal))
    n = np.arange(x.t.shape[1])
    for place in np.flatnonzero(source >= PACT):
        a, b, c = r[place], i[place], j[place]
        x.t[a, c, b] *= 1.0 - p.choice_betrayal
        if was_public[place]:
            x.t[a, (n != b) & (n != c), b] *= 1.0 - p.choice_reputation
    for client, sponsor in ((i, j), (j, i)):
        lost = np.where(goal < PACT, x.dependence[r, client, sponsor], 0.0)
        x.income[r, client] *= 1.0 - lost
        x.dependence[r, client, sponsor] -= lost


def look(s, p, x, random):
    """choice.rs: pairs that come to it look at how they stand."""
    low, high = s.low[s.pairs], s.high[s.pairs]
    hazard = (
        p.choice_looks / YEAR * (1.0 + p.choice_stir * np.minimum(x.stirred[:, low, high], 1.0))
    )
    r, place = np.nonzero(random.random(hazard.shape) < closing(hazard, 1.0))
    i, j = low[place], high[place]
    alive = (x.strength[r, i] > 0.0) & (x.strength[r, j] > 0.0)
    r, i, j = r[alive], i[alive], j[alive]
    x.stirred[r, i, j] = 0.0
    x.stirred[r, j, i] = 0.0
    source = x.stance[r, i, j]
    apart = (x.reach[r, i, j] < LEAST_REACH) | (
        np.maximum(x.h[r, i, j], x.h[r, j, i]) < LEAST_HOSTILITY
    )
    floor = np.where(apart, NEUTRAL, WAR)
    moves = (source < NEUTRAL) | (source > floor)
    r, i, j, source, floor = r[moves], i[moves], j[moves], source[moves], floor[moves]
    if not r.size:
        return
    exposure = np.where(source == x.claimed[r, i, j], 1.0, p.diplomacy_secrecy)
    sides = ((i, j), (j, i))
    gained = [gains(s, p, x, r, a, b, appraise(s, p, x, r, a, b, exposure)) for a, b in sides]
    uniforms = random.random((2, len(r)))
    rungs, rows = np.arange(5), np.arange(len(r))
    done = np.zeros(len(r), bool)
    for (a, b), gain, uniform in zip(sides, gained, uniforms):
        down = np.where((rungs >= floor[:, None]) & (rungs < source[:, None]), gain, -1.0)
        goal = down.argmax(1)
        leaves = says_yes(p, down[rows, goal], uniform) & ~done
        if leaves.any():
            leave(p, x, r[leaves], a[leaves], b[leaves], goal[leaves])
        done |= leaves
    up = np.where((rungs > source[:, None]) & (rungs <= NEUTRAL), np.minimum(*gained), -1.0)
    goal = up.argmax(1)
    ceases = (
        ~done
        & says_yes(p, gained[0][rows, goal], uniforms[0])
        & says_yes(p, gained[1][rows, goal], uniforms[1])
    )
    ceases &= up[rows, goal] > 0.0
    if ceases.any():
        take_stance(x, r[ceases], i[ceases], j[ceases], goal[ceases], True)


def talk(s, p, x, random):
    """talks.rs: a week of contacts and talks."""
    talking = x.goal[:, s.low, s.high]
    fresh = random.random(talking.shape) < x.contact
    running = np.nonzero(talking)
    r, place = np.nonzero(fresh & (talking == 0))
    i, j = s.low[place], s.high[place]
    meets = (x.stance[r, i, j] < ALLIANCE) & (x.strength[r, i] > 0.0) & (x.strength[r, j] > 0.0)
    r, i, j = r[meets], i[meets], j[meets]
    if r.size:
        gained = [
            gains(s, p, x, r, a, b, appraise(s, p, x, r, a, b, p.diplomacy_secrecy))
            for a, b in ((i, j), (j, i))
        ]
        worth = np.minimum(*gained)
        of_pact, of_alliance = worth[:, PACT], worth[:, ALLIANCE]
        alliance = (x.stance[r, i, j] >= PACT) | ((of_alliance > of_pact) & (of_alliance > 0.0))
        goal = np.where(alliance, ALLIANCE, PACT)
        rows, uniforms = np.arange(len(r)), random.random((2, len(r)))
        opens = says_yes(p, gained[0][rows, goal], uniforms[0]) | (s.door[i, j] == 2)
        opens &= says_yes(p, gained[1][rows, goal], uniforms[1]) | (s.door[j, i] == 2)
        x.goal[r[opens], i[opens], j[opens]] = goal[opens]
    if running[0].size:
        go_on(s, p, x, random, running[0], s.low[running[1]], s.high[running[1]])


def go_on(s, p, x, random, r, i, j):
    """talks.rs: another week of talks."""
    uniforms = random.random((4, len(r)))
    concludes = uniforms[0] < closing(p.negotiation_conclusion, 1.0)
    stays = 1.0 - closing(p.negotiation_break_off, 1.0)
    weighs = concludes | (np.maximum(uniforms[1], uniforms[2]) >= stays)
    r, i, j, uniforms, concludes = (
        r[weighs],
        i[weighs],
        j[weighs],
        uniforms[:, weighs],
        concludes[weighs],
    )
    if not r.size:
        return
    goal, rows = x.goal[r, i, j], np.arange(len(r))
    gained = [
        gains(s, p, x, r, a, b, appraise(s, p, x, r, a, b, p.diplomacy_secrecy))[rows, goal]
        for a, b in ((i, j), (j, i))
    ]
    ends = concludes.copy()
    for gain, uniform in zip(gained, uniforms[1:3]):
        yes = np.where(
            gain > 0.0, 1.0 / (1.0 + np.exp(-p.choice_precision * np.maximum(gain, 0.0))), 0.0
        )
        ends |= uniform >= 1.0 - (1.0 - stays) * (1.0 - yes)
    agree = concludes & says_yes(p, gained[0], uniforms[1]) & says_yes(p, gained[1], uniforms[2])
    x.goal[r[ends], i[ends], j[ends]] = 0
    r, i, j = r[agree], i[agree], j[agree]
    odds = p.negotiation_publicity - p.negotiation_discretion * 0.5 * (
        s.objection[i, j] + s.objection[j, i]
    )
    take_stance(x, r, i, j, goal[agree], uniforms[3][agree] * (1.0 + np.exp(-odds)) < 1.0)
    for a, b in ((i, j), (j, i)):
        x.t[r, a, b] += p.negotiation_trust_gain * (1.0 - x.t[r, a, b])


def batch(s, p, random, first, replicates, weeks):
    x = begin(s, first, replicates)
    everyone = np.arange(replicates)
    find_blocs(s, x, everyone)
    for week in range(weeks):
        is_review = week % REVIEW == 0
        if is_review:
            review.perceive(s, p, x, random)
            review.find_reach(s, x)
            review.contacts(s, p, x)
        # Estimates and reach change at a review, hostility at its end.
        before = everyone if week % REVIEW <= 1 else np.flatnonzero(x.changed)
        read_stances(s, p, x, before)
        weigh_threats(p, x)
        if is_review:
            review.change_times(s, p, x, random, week == 0)
            review.live(s, p, x, random)
        x.changed[:] = False
        talk(s, p, x, random)
        look(s, p, x, random)
        after = np.flatnonzero(x.changed)
        find_blocs(s, x, after)
        make_ready(s, p, x, np.union1d(before, after))
        if is_review:
            ground.list_present(s, p, x)
            review.redeploy(s, p, x)
            ground.survey(s, p, x)
        ground.wage(s, p, x, random, week, is_review)
        ground.list_present(s, p, x)
        x.deaths = np.zeros((replicates, s.zones))
        ground.clash(s, p, x, random)
        ground.attack_civilians(s, p, x, random)
        ground.flee(s, p, x)
        if is_review:
            review.shift_control(s, p, x)
            review.come_home(s, p, x)
            review.choose_sides(s, p, x)
            review.provide(s, p, x)
            review.feel(s, p, x)
        x.strength = x.m.sum(1)
    return review.outcomes(s, x)


def run(s, p, replicates, weeks):
    if (p.contest_clash, p.contest_control) != (1.0, 1.0):
        raise ValueError("this port knows the linear law alone for clashes and control")
    random = np.random.Generator(np.random.SFC64(1))
    found = [
        batch(s, p, random, first, min(BATCH, replicates - first), weeks)
        for first in range(0, replicates, BATCH)
    ]
    return np.concatenate(found).reshape(-1, len(OUTCOMES))


if __name__ == "__main__":
    report.measure(run)
