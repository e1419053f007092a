"""The NumPy port at reviews: estimates, times and moods, redeployment, control, people, money and attitudes."""

import numpy as np
from numpy_common import by_zone, closing, find_following, find_holders, per_fighter
from start import ALLIANCE, FOOT, KNOWN, MOST_RETURN, NEUTRAL, PACT, RIVALRY, ROUNDING, WAR, YEAR

WEEKS = 4.0


def perceive(s, p, x, random):
    """perception.rs: estimates of strength."""
    keep = np.exp(-p.perception_revision * WEEKS)
    spread = p.perception_noise * np.sqrt(0.5 * (1.0 - keep * keep))
    stands = x.strength > 0.0
    credence = p.perception_credence * (1.0 - (stands * s.peacekeeping).max(1))
    shown = np.log(np.maximum(x.strength, 1e-9) * (1.0 + credence[:, None] * s.boast))[:, None]
    noise = random.standard_normal((2,) + x.strength.shape)
    gap = np.where(x.b > 0.0, x.log_b - shown, 0.0)
    x.log_b = shown + gap * keep + spread * (noise[0][:, :, None] + noise[1][:, None])
    x.b = np.exp(x.log_b) * stands[:, None]
    # Nobody estimates itself.
    own = np.arange(s.n)
    x.b[:, own, own] = s.strength


def find_reach(s, x):
    """threat.rs: how much of each pair's forces meets."""
    near = x.m + np.matmul(s.smooth, x.m)
    met = np.matmul(x.m.transpose(0, 2, 1), near)
    own = np.einsum("rii->ri", met)
    scale = np.sqrt(own[:, :, None] * own[:, None])
    x.reach = np.where(scale > 0.0, np.minimum(met / np.maximum(scale, 1e-12), 1.0), 0.0) * (
        1.0 - np.eye(s.n)
    )


def contacts(s, p, x):
    """talks.rs: the weekly chances of contact, as they stay until forces move."""
    low, high = s.low, s.high
    meets = ~(s.aside[low] | s.aside[high] | (s.door[low, high] == 0) | (s.door[high, low] == 0))
    hazard = p.negotiation_contact * np.sqrt(s.outreach[low] * s.outreach[high]) * meets
    x.contact = closing(hazard * np.maximum(x.reach[:, low, high], p.negotiation_envoys), 1.0)


def change_times(s, p, x, random, is_first):
    """shock.rs: how violent times are."""
    keep = 0.0 if is_first else np.exp(-WEEKS / p.shocks_memory)
    fresh = np.sqrt(1.0 - keep * keep)
    x.level, x.feud, x.fury = (
        keep * level + fresh * random.standard_normal(level.shape)
        for level in (x.level, x.feud, x.fury)
    )
    times = (p.shocks_common * x.level - 0.5 * p.shocks_own * p.shocks_own)[:, None]
    fighting = s.fighting_at_rest * np.exp(times + p.shocks_own * x.feud)
    x.fighting[:, s.low, s.high] = fighting
    x.fighting[:, s.high, s.low] = fighting
    x.attacks = s.attacks_at_rest * np.exp(times + p.shocks_own * x.fury)


def live(s, p, x, random):
    """choice.rs: moods change, peace hardens, commitments age, and upheavals come. Members of an umbrella share them."""
    years = WEEKS / YEAR
    keep, replicates = np.exp(-years / p.choice_memory), len(x.m)
    fresh, apart = np.sqrt(1.0 - keep * keep), np.sqrt(1.0 - p.choice_shared * p.choice_shared)
    low, high = s.low[s.pairs], s.high[s.pairs]
    one, two = s.speaks[low, high], s.speaks[high, low]
    speaking, voice = np.unique(
        np.minimum(one, two) * s.n + np.maximum(one, two), return_inverse=True
    )
    normals = random.standard_normal((2, replicates, len(speaking)))
    mood_of_first, mood_of_second = normals[0], p.choice_shared * normals[0] + apart * normals[1]
    mood_of_first, mood_of_second = mood_of_first[:, voice], mood_of_second[:, voice]
    crossed = one > two
    x.mood[:, low, high] = keep * x.mood[:, low, high] + fresh * np.where(
        crossed, mood_of_second, mood_of_first
    )
    x.mood[:, high, low] = keep * x.mood[:, high, low] + fresh * np.where(
        crossed, mood_of_first, mood_of_second
    )
    x.age += years
    x.peace = np.where(x.peace >= 0.0, x.peace + years, x.peace)
    r, place = np.nonzero(
        random.random((replicates, len(speaking))) < closing(p.choice_upheaval, years)
    )
    anew = random.standard_normal(len(r))
    for event in range(len(r)):
        for i, j in zip(low[voice == place[event]], high[voice == place[event]]):
            lasting = s.fresh_mean[i, j] + p.choice_variety * anew[event]
            x.lasting[r[event], [i, j], [j, i]] = lasting
            x.peace[r[event], [i, j], [j, i]] = min(x.peace[r[event], i, j], 0.0)


def redeploy(s, p, x):
    """redeployment.rs: forces flow towards threat, opportunity and home."""
    strength = np.maximum(x.strength, 1e-9)[:, None]
    there = np.where(x.m >= 1.0, x.m, 0.0)
    enemies = np.matmul(there, np.minimum(x.ready, 1.0))
    nearby = x.m + 0.1 * strength
    odds = nearby / (nearby + enemies)
    threatened = enemies / np.maximum(enemies + x.m, 1e-9)
    here = x.m / strength
    longing = (x.home_ground - here) / np.maximum(x.home_ground + here, 1e-300)
    pulls = p.redeployment_home * longing
    pulls += p.redeployment_opportunity * s.worth * (1.0 - x.q) * odds
    pulls += p.redeployment_threat * x.q * threatened
    moves = ~s.aside & (x.strength > 0.0)[:, None]
    pulls *= moves
    x.pull[x.taken_pull] = pulls[x.taken_pull]
    x.taken_pull[:] = False
    pulls -= x.pull
    share = closing(p.redeployment_mobility, WEEKS)
    stays = ~np.broadcast_to(moves, x.m.shape) | (x.m < 1.0)
    stays[x.campaigns.r, x.campaigns.target, x.campaigns.attacker] = True
    gain = pulls[:, s.edge_to] - pulls[:, s.edge_from]
    gain = np.where(gain > ROUNDING, gain, 0.0) * s.edge_travel[:, None]
    starts = s.first_edge[:-1]
    wish = np.zeros(x.m.shape)
    busy = np.flatnonzero(np.diff(s.first_edge))
    wish[:, busy] = np.add.reduceat(gain, starts[busy], 1)
    leaving = np.where(stays, 0.0, x.m * share * np.minimum(wish, 1.0))
    flow = (leaving / np.maximum(wish, 1e-300))[:, s.edge_from] * gain
    order = np.argsort(s.edge_to, kind="stable")
    to, first = np.unique(s.edge_to[order], return_index=True)
    x.m = x.m - leaving
    x.m[:, to] += np.add.reduceat(flow[:, order], first, 1)
    np.maximum(x.m, 0.0, out=x.m)


def shift_control(s, p, x):
    """control.rs: shares move towards those of force, by the linear law."""
    find_following(s, x)
    there = x.m >= 1.0
    contested = (np.matmul(there.astype(float), (x.ready > 0.01).astype(float)) * there).any(2)
    strength = np.where(there & ~s.aside, x.m * per_fighter(s, p, x), 0.0)
    for i in np.flatnonzero(s.sent & ~s.aside):
        # A force sent from elsewhere holds ground for its strongest ally there.
        ally = x.together[:, i] & ~s.sent
        ally[:, i] = False
        forces = np.where(there & ally[:, None], x.m, 0.0)
        keeper, has = forces.argmax(2), forces.max(2) > 0.0
        r, z = np.nonzero(has & (strength[:, :, i] > 0.0))
        strength[r, z, keeper[r, z]] += strength[r, z, i]
        strength[r, z, i] = 0.0
    governing = p.control_outpost + p.control_garrison * s.population / 1000.0
    targets = strength / (governing[:, None] + strength.sum(2, keepdims=True))
    x.ground[x.taken_ground] = (x.q - targets)[x.taken_ground]
    x.taken_ground[:] = False
    targets = np.maximum(targets + x.ground, 0.0)
    targets /= np.maximum(targets.sum(2, keepdims=True), 1.0)
    rate = np.where(
        contested, closing(p.control_contested, WEEKS), closing(p.control_settled, WEEKS)
    )
    x.q += rate[..., None] * (targets - x.q)
    find_holders(s, x)


def come_home(s, p, x):
    """displacement.rs: people return to where it is calm."""
    usual, rate = p.displacement_return_rate, s.homecoming_at_rest
    beyond = (x.violence - s.violence_at_rest) / p.displacement_fear
    calm = np.exp(-beyond * np.log(2.0))[:, s.cell_zone]
    pace = np.minimum(rate * calm, MOST_RETURN * usual)
    more = np.maximum(usual - rate, 0.0) * np.minimum(calm, 1.0)
    of_all = closing(pace, WEEKS)[..., None]
    of_new = closing(pace + more, WEEKS)[..., None] - of_all
    part = (
        x.displaced * of_all + np.maximum(x.displaced - s.displaced, 0.0) * of_new
    ) * s.may_return
    x.displaced -= part
    x.at_home += part.sum(2)


def choose_sides(s, p, x):
    """support.rs: people side with factions, and grievance changes."""
    x.harm *= 1.0 - closing(p.support_memory, WEEKS)
    is_open = (x.q > 0.01) | (x.m > 1.0)
    standing = (
        np.exp(p.support_protection * x.q - p.support_harm * x.harm) * (x.strength > 0.0)[:, None]
    )
    sides = is_open[:, s.cell_zone] | (x.support > KNOWN)
    weights = standing[:, s.cell_zone] * (s.appeal[s.community] * s.leaning_at_rest) * sides
    weights /= 1.0 + weights.sum(2, keepdims=True)
    x.support += closing(p.support_rate, WEEKS) * (weights - x.support)
    rise = closing(p.support_grievance * np.maximum(x.violence - s.violence_at_rest, 0.0), WEEKS)
    x.grievance += rise[:, s.cell_zone] * (1.0 - x.grievance)
    x.grievance += closing(p.support_relaxation, WEEKS) * (s.grievance - x.grievance)


def provide(s, p, x):
    """economy.rs: income, upkeep, recruits and deserters."""
    supporters = x.at_home[..., None] * x.support
    incomes = x.income + np.matmul(s.revenue, x.q) + p.economy_gifts / 1000.0 * supporters.sum(1)
    ready = by_zone(s, supporters * x.grievance[..., None]) * p.economy_recruitment
    willing = (ready * (x.m > 1.0)).sum(1) * s.recruits
    force = np.maximum(x.strength, 1e-9)
    usual = np.where(
        s.income_at_rest > 0.0, s.establishment_at_rest / np.maximum(s.income_at_rest, 1e-9), 1.0
    )
    kept = incomes * usual
    purse, upkeep = x.treasury + kept * WEEKS, force * WEEKS
    unpaid = np.where(purse < upkeep, 1.0 - np.maximum(purse, 0.0) / upkeep, 0.0)
    stands = x.strength > 0.0
    x.treasury = np.where(stands, np.clip(purse - upkeep, 0.0, p.economy_hoard * force), x.treasury)
    leaving = closing(
        (p.economy_desertion * unpaid + p.economy_attrition) * (1.0 - x.cohesion), WEEKS
    )
    spare = np.maximum(x.treasury - s.reserve_at_rest, 0.0) / 52.0
    surplus = np.where(unpaid > 0.0, 0.0, np.maximum(kept - force, 0.0) + spare)
    joining = np.minimum(
        np.maximum(willing, s.recruits_at_rest) * WEEKS,
        np.minimum(surplus, force * p.economy_growth * WEEKS),
    )
    # Recruits fill gaps at home.
    at_home = np.where((x.m >= 1.0) | (x.q > FOOT), x.home_ground, 0.0)
    homes = at_home.sum(1)
    at_home /= np.maximum(homes, 1e-300)[:, None]
    left = x.m * (1.0 - leaving)[:, None]
    gap = np.where(
        at_home > 0.0,
        np.maximum(at_home * (force * (1.0 - leaving) + joining)[:, None] - left, 0.0),
        0.0,
    )
    gaps = gap.sum(1)
    share = np.where((gaps > 0.0)[:, None], gap / np.maximum(gaps, 1e-300)[:, None], at_home)
    share = np.where((homes > 0.0)[:, None], share, x.m / force[:, None])
    x.m = np.where(stands[:, None], left + joining[:, None] * share, x.m)
    x.strength = x.m.sum(1)


def feel(s, p, x):
    """hostility.rs, trust.rs and cohesion.rs: attitudes."""
    h, stance = x.h, x.stance
    pulls = np.matmul(h * x.weight[:, None], x.valence)
    to = h + closing(p.hostility_losses * np.sqrt(x.w), WEEKS) * np.sqrt(h) * (1.0 - h)
    to += p.hostility_balance * WEEKS * pulls * h * (1.0 - h)
    to += closing(p.hostility_relaxation, WEEKS) * (s.lasting_hostility - to)
    falls = np.array(
        [0.0, 0.0, 0.0, closing(p.hostility_pact, WEEKS), closing(p.hostility_alliance, WEEKS)]
    )
    to = np.clip(to * (1.0 - falls[stance]) - s.hostility_at_rest * WEEKS, 0.0, 1.0)
    others = 1.0 - np.eye(s.n)
    x.h = np.where((h > 0.0) | (s.lasting_hostility > 0.0), to, h) * others
    x.w *= 1.0 - closing(p.hostility_memory, WEEKS)

    grows = np.zeros((5, s.n))
    grows[PACT], grows[ALLIANCE] = (
        closing(p.trust_pact * s.discipline, WEEKS),
        closing(p.trust_alliance * s.discipline, WEEKS),
    )
    worn = np.where(stance == WAR, closing(p.trust_war, WEEKS), 0.0) * others
    change = grows[stance, np.arange(s.n)] * (1.0 - x.t) - worn * x.t
    x.t = np.where(others > 0.0, np.clip(x.t + change - s.trust_at_rest * WEEKS, 0.0, 1.0), x.t)

    strange = (((stance == ALLIANCE) & (x.claimed == ALLIANCE)) * s.objection * others).sum(2)
    strength = np.maximum(x.strength, 1e-9)
    poor = 1.0 - np.minimum(x.treasury / (p.cohesion_plenty * strength), 1.0)
    strain = (
        p.cohesion_losses * x.w.sum(2)
        + p.cohesion_strange_allies * strange
        + p.cohesion_poverty * poor
    )
    cohesion = x.cohesion * (1.0 - closing(np.maximum(strain - s.cohesion_at_rest, 0.0), WEEKS))
    cohesion += closing(p.cohesion_recovery, WEEKS) * (s.cohesion - cohesion)
    x.cohesion = np.where(x.strength > 0.0, cohesion, x.cohesion)


def outcomes(s, x):
    """What replicates come to, in the order of OUTCOMES."""
    stance = x.stance[:, s.low, s.high]
    offensives = np.bincount(x.campaigns.r, minlength=len(x.m))
    followers = (x.at_home * x.support.sum(2)).sum(1) / x.at_home.sum(1)
    return np.stack(
        [
            x.killed[:, 0],
            x.killed[:, 1],
            x.m.sum((1, 2)),
            x.displaced.sum((1, 2)),
            (x.holder != s.holder).sum(1),
            (stance == WAR).sum(1),
            (stance == RIVALRY).sum(1),
            (stance > NEUTRAL).sum(1),
            (x.goal[:, s.low, s.high] > 0).sum(1),
            offensives,
            x.h.mean((1, 2)),
            x.t.mean((1, 2)),
            x.cohesion.mean(1),
            x.grievance.mean(1),
            followers,
        ],
        1,
    )
