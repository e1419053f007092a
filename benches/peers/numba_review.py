"""The Numba port at reviews: estimates, times and moods, redeployment, control, people, money and attitudes."""

import math

import numpy as np
from numba_common import chance, closing, compiled, find_holder, local_support, per_fighter, power
from start import ALLIANCE, FOOT, KNOWN, MOST_RETURN, NEUTRAL, PACT, RIVALRY, ROUNDING, WAR, YEAR

WEEKS = 4.0


@compiled
def perceive(s, p, x):
    """perception.rs: estimates of strength."""
    keep = math.exp(-p.perception_revision * WEEKS)
    spread = p.perception_noise * math.sqrt(0.5 * (1.0 - keep * keep))
    watched = 0.0
    for i in range(s.n):
        x.row[0, i] = np.random.standard_normal()
        if x.strength[i] > 0.0:
            watched = max(watched, s.peacekeeping[i])
    credence = p.perception_credence * (1.0 - watched)
    for j in range(s.n):
        if x.strength[j] <= 0.0:
            for i in range(s.n):
                x.b[i, j] = 0.0
            continue
        shown = math.log(x.strength[j] * (1.0 + credence * s.boast[j]))
        hard_to_read = np.random.standard_normal()
        for i in range(s.n):
            if i != j:
                gap = x.log_b[i, j] - shown if x.b[i, j] > 0.0 else 0.0
                x.log_b[i, j] = shown + gap * keep + spread * (hard_to_read + x.row[0, i])
                x.b[i, j] = math.exp(x.log_b[i, j])


@compiled
def find_reach(s, x):
    """threat.rs: how much of each pair's forces meets."""
    near, met = x.pulls, x.reach
    near[:] = x.m
    for e in range(len(s.edge_from)):
        for i in range(s.n):
            near[s.edge_from[e], i] += s.edge_reach[e] * x.m[s.edge_to[e], i]
    met[:] = 0.0
    for z in range(s.zones):
        for i in range(s.n):
            if x.m[z, i] > 0.0:
                for j in range(s.n):
                    met[i, j] += x.m[z, i] * near[z, j]
    for i in range(s.n):
        for j in range(i):
            scale = math.sqrt(met[i, i] * met[j, j])
            met[i, j] = min(met[i, j] / scale, 1.0) if scale > 0.0 else 0.0
            met[j, i] = met[i, j]
    for i in range(s.n):
        met[i, i] = 0.0


@compiled
def change_times(s, p, x, level, is_first):
    """shock.rs: how violent times are. Gives the common level."""
    keep = 0.0 if is_first else math.exp(-WEEKS / p.shocks_memory)
    fresh = math.sqrt(1.0 - keep * keep)
    level = keep * level + fresh * np.random.standard_normal()
    times = p.shocks_common * level - 0.5 * p.shocks_own * p.shocks_own
    for i in range(s.n):
        for j in range(i):
            x.feud[i, j] = keep * x.feud[i, j] + fresh * np.random.standard_normal()
            fighting = s.fighting_at_rest[i * (i - 1) // 2 + j] * math.exp(
                times + p.shocks_own * x.feud[i, j]
            )
            x.fighting[i, j], x.fighting[j, i] = fighting, fighting
        x.fury[i] = keep * x.fury[i] + fresh * np.random.standard_normal()
        x.attacks[i] = s.attacks_at_rest[i] * math.exp(times + p.shocks_own * x.fury[i])
    return level


@compiled
def live(s, p, x):
    """choice.rs: moods change, peace hardens, commitments age, and upheavals come. Members of an umbrella share them."""
    years = WEEKS / YEAR
    keep = math.exp(-years / p.choice_memory)
    fresh, apart = math.sqrt(1.0 - keep * keep), math.sqrt(1.0 - p.choice_shared * p.choice_shared)
    upheaval = chance(p.choice_upheaval, years)
    mood_of_low, mood_of_high, fate, anew = (
        np.zeros((s.n, s.n)),
        np.zeros((s.n, s.n)),
        np.zeros((s.n, s.n)),
        np.zeros((s.n, s.n)),
    )
    for i in range(s.n):
        for j in range(i):
            one, two = s.speaks[j, i], s.speaks[i, j]
            low, high = min(one, two), max(one, two)
            if low == j and high == i:
                mood_of_low[low, high] = np.random.standard_normal()
                own = np.random.standard_normal()
                mood_of_high[low, high] = p.choice_shared * mood_of_low[low, high] + apart * own
                fate[low, high] = np.random.random()
                if fate[low, high] < upheaval:
                    anew[low, high] = np.random.standard_normal()
    for i in range(s.n):
        for j in range(i):
            if s.aside[i] or s.aside[j]:
                continue
            one, two = s.speaks[j, i], s.speaks[i, j]
            low, high = min(one, two), max(one, two)
            first, second = mood_of_low[low, high], mood_of_high[low, high]
            if one > two:
                first, second = second, first
            x.mood[j, i] = keep * x.mood[j, i] + fresh * first
            x.mood[i, j] = keep * x.mood[i, j] + fresh * second
            age, peace, lasting = x.age[i, j] + years, x.peace[i, j], x.lasting[i, j]
            if peace >= 0.0:
                peace += years
            if fate[low, high] < upheaval:
                lasting = s.fresh_mean[i, j] + p.choice_variety * anew[low, high]
                peace = min(peace, 0.0)
            for a, b in ((i, j), (j, i)):
                x.age[a, b], x.peace[a, b], x.lasting[a, b] = age, peace, lasting


@compiled
def redeploy(s, p, x):
    """redeployment.rs: forces flow towards threat, opportunity and home."""
    for z in range(s.zones):
        for i in range(s.n):
            x.pulls[z, i] = 0.0
            if s.aside[i] or x.strength[i] <= 0.0:
                continue
            enemies = 0.0
            for place in range(x.first[z], x.first[z + 1]):
                enemies += x.m[z, x.who[place]] * min(x.ready[i, x.who[place]], 1.0)
            own, home = x.m[z, i], x.home_ground[z, i]
            odds, threatened = 1.0, 0.0
            if enemies > 0.0:
                nearby = own + 0.1 * x.strength[i]
                odds, threatened = nearby / (nearby + enemies), enemies / (enemies + own)
            here = own / x.strength[i]
            longing = (home - here) / (home + here) if home + here > 0.0 else 0.0
            x.pulls[z, i] = (
                p.redeployment_home * longing
                + p.redeployment_opportunity * s.worth[z, i] * (1.0 - x.q[z, i]) * odds
                + p.redeployment_threat * x.q[z, i] * threatened
            )
        if x.taken_pull[z]:
            x.taken_pull[z] = False
            x.pull[z] = x.pulls[z]
        for i in range(s.n):
            x.pulls[z, i] -= x.pull[z, i]
    x.flows[:] = 0.0
    share = closing(p.redeployment_mobility, WEEKS)
    for z in range(s.zones):
        for place in range(x.first[z], x.first[z + 1]):
            i = x.who[place]
            stays = s.aside[i]
            for c in range(x.counts[0]):
                stays |= x.attacker[c] == i and x.target[c] == z
            if stays:
                continue
            wish, here = 0.0, x.pulls[z, i]
            for e in range(s.first_edge[z], s.first_edge[z + 1]):
                gain = x.pulls[s.edge_to[e], i] - here
                wish += gain * s.edge_travel[e] if gain > ROUNDING else 0.0
            if wish > 0.0:
                leaving = x.m[z, i] * share * min(wish, 1.0)
                x.flows[z, i] -= leaving
                for e in range(s.first_edge[z], s.first_edge[z + 1]):
                    gain = x.pulls[s.edge_to[e], i] - here
                    if gain > ROUNDING:
                        x.flows[s.edge_to[e], i] += leaving * gain * s.edge_travel[e] / wish
    for z in range(s.zones):
        for i in range(s.n):
            x.m[z, i] = max(x.m[z, i] + x.flows[z, i], 0.0)


@compiled
def shift_control(s, p, x):
    """control.rs: shares move towards those of force."""
    fast, slow = closing(p.control_contested, WEEKS), closing(p.control_settled, WEEKS)
    law = p.contest_control
    row, of_bloc = x.row[0], x.row[1]
    for z in range(s.zones):
        row[:] = 0.0
        of_bloc[:] = 0.0
        contested = False
        for place in range(x.first[z], x.first[z + 1]):
            i = x.who[place]
            for other in range(x.first[z], place):
                contested |= x.ready[i, x.who[other]] > 0.01
            if s.aside[i]:
                continue
            keeper = i
            if s.sent[i]:
                most = 0.0
                for other in range(x.first[z], x.first[z + 1]):
                    j = x.who[other]
                    if j != i and not s.sent[j] and x.bloc[j] == x.bloc[i] and x.m[z, j] > most:
                        keeper, most = j, x.m[z, j]
            strength = x.m[z, i] * per_fighter(s, p, x, z, i, local_support(s, x, z, i))
            row[keeper] += strength
            of_bloc[x.bloc[keeper]] += strength
        total = power(p.control_outpost + p.control_garrison * s.population[z] / 1000.0, law)
        for i in range(s.n):
            if of_bloc[i] > 0.0:
                total += power(of_bloc[i], law)
        for i in range(s.n):
            if row[i] > 0.0:
                bloc = of_bloc[x.bloc[i]]
                row[i] *= power(bloc, law) / (total * bloc)
        if x.taken_ground[z]:
            x.taken_ground[z] = False
            for i in range(s.n):
                x.ground[z, i] = x.q[z, i] - row[i]
        held = 0.0
        for i in range(s.n):
            row[i] = max(row[i] + x.ground[z, i], 0.0)
            held += row[i]
        scale, rate = 1.0 / max(held, 1.0), fast if contested else slow
        for i in range(s.n):
            x.q[z, i] += rate * (row[i] * scale - x.q[z, i])
        x.holder[z] = find_holder(s, x, z)


@compiled
def come_home(s, p, x):
    """displacement.rs: people return to where it is calm."""
    usual = p.displacement_return_rate
    for z in range(s.zones):
        beyond = (x.violence[z] - s.violence_at_rest[z]) / p.displacement_fear
        calm = math.exp(-beyond * math.log(2.0))
        for c in range(s.first_cell[z], s.first_cell[z + 1]):
            rate = s.homecoming_at_rest[c]
            pace = min(rate * calm, MOST_RETURN * usual)
            more = (usual - rate) * min(calm, 1.0) if usual > rate else 0.0
            of_all = closing(pace, WEEKS)
            of_new = closing(pace + more, WEEKS) - of_all
            returning = 0.0
            for r in range(s.refuges):
                if s.may_return[c, r]:
                    part = (
                        x.displaced[c, r] * of_all
                        + max(x.displaced[c, r] - s.displaced[c, r], 0.0) * of_new
                    )
                    x.displaced[c, r] -= part
                    returning += part
            x.at_home[c] += returning


@compiled
def choose_sides(s, p, x):
    """support.rs: people side with factions, and grievance changes."""
    rate, relaxing = closing(p.support_rate, WEEKS), closing(p.support_relaxation, WEEKS)
    fading = 1.0 - closing(p.support_memory, WEEKS)
    known, standing, is_open, weights = x.row[0], x.row[1], x.row[2], x.row[3]
    for z in range(s.zones):
        known[:] = 0.0
        for c in range(s.first_cell[z], s.first_cell[z + 1]):
            for i in range(s.n):
                known[i] = max(known[i], x.support[c, i])
        for i in range(s.n):
            x.harm[z, i] *= fading
            is_open[i] = 1.0 if x.q[z, i] > 0.01 or x.m[z, i] > 1.0 else 0.0
            standing[i] = 0.0
            if (is_open[i] > 0.0 or known[i] > KNOWN) and x.strength[i] > 0.0:
                value = p.support_protection * x.q[z, i] - p.support_harm * x.harm[z, i]
                standing[i] = math.exp(value) if value != 0.0 else 1.0
        rise = closing(p.support_grievance * max(x.violence[z] - s.violence_at_rest[z], 0.0), WEEKS)
        for c in range(s.first_cell[z], s.first_cell[z + 1]):
            k, total = s.community[c], 1.0
            for i in range(s.n):
                sides = is_open[i] > 0.0 or x.support[c, i] > KNOWN
                weights[i] = (
                    s.appeal[k, i] * standing[i] * s.leaning_at_rest[c, i] if sides else 0.0
                )
                total += weights[i]
            for i in range(s.n):
                x.support[c, i] += rate * (weights[i] / total - x.support[c, i])
            x.grievance[c] += rise * (1.0 - x.grievance[c])
            x.grievance[c] += relaxing * (s.grievance[c] - x.grievance[c])


@compiled
def provide(s, p, x):
    """economy.rs: income, upkeep, recruits and deserters."""
    incomes, willing = x.row[0], x.row[1]
    incomes[:] = x.income
    willing[:] = 0.0
    for z in range(s.zones):
        for i in range(s.n):
            incomes[i] += s.revenue[z] * x.q[z, i]
        for c in range(s.first_cell[z], s.first_cell[z + 1]):
            gifts = p.economy_gifts * x.at_home[c] / 1000.0
            ready = p.economy_recruitment * x.at_home[c] * x.grievance[c]
            for i in range(s.n):
                incomes[i] += gifts * x.support[c, i]
                if x.m[z, i] > 1.0 and s.recruits[i]:
                    willing[i] += ready * x.support[c, i]
    for i in range(s.n):
        force = x.strength[i]
        if force <= 0.0:
            continue
        kept = incomes[i]
        if s.income_at_rest[i] > 0.0:
            kept *= s.establishment_at_rest[i] / s.income_at_rest[i]
        purse, upkeep = x.treasury[i] + kept * WEEKS, force * WEEKS
        unpaid = 1.0 - max(purse, 0.0) / upkeep if purse < upkeep else 0.0
        x.treasury[i] = min(max(purse - upkeep, 0.0), p.economy_hoard * force)
        leaving = closing(
            (p.economy_desertion * unpaid + p.economy_attrition) * (1.0 - x.cohesion[i]), WEEKS
        )
        spare = max(x.treasury[i] - s.reserve_at_rest[i], 0.0) / 52.0
        surplus = 0.0 if unpaid > 0.0 else max(kept - force, 0.0) + spare
        joining = min(
            max(willing[i], s.recruits_at_rest[i]) * WEEKS,
            min(surplus, force * p.economy_growth * WEEKS),
        )
        change_force(s, x, i, force, leaving, joining)


@compiled
def change_force(s, x, i, force, leaving, joining):
    """economy.rs: fighters leave where they are, and recruits fill gaps at home."""
    homes, gaps, total = 0.0, 0.0, 0.0
    then = force * (1.0 - leaving) + joining
    for z in range(s.zones):
        if x.m[z, i] >= 1.0 or x.q[z, i] > FOOT:
            homes += x.home_ground[z, i]
    if homes > 0.0:
        for z in range(s.zones):
            if x.m[z, i] >= 1.0 or x.q[z, i] > FOOT:
                gaps += max(x.home_ground[z, i] / homes * then - x.m[z, i] * (1.0 - leaving), 0.0)
    for z in range(s.zones):
        is_open = x.m[z, i] >= 1.0 or x.q[z, i] > FOOT
        left = x.m[z, i] * (1.0 - leaving)
        if homes <= 0.0:
            share = x.m[z, i] / force
        elif not is_open:
            share = 0.0
        elif gaps > 0.0:
            share = max(x.home_ground[z, i] / homes * then - left, 0.0) / gaps
        else:
            share = x.home_ground[z, i] / homes
        x.m[z, i] = left + joining * share
        total += x.m[z, i]
    x.strength[i] = total


@compiled
def feel(s, p, x):
    """hostility.rs, trust.rs and cohesion.rs: attitudes."""
    relaxing, forgetting = (
        closing(p.hostility_relaxation, WEEKS),
        1.0 - closing(p.hostility_memory, WEEKS),
    )
    under_pact, under_alliance = (
        closing(p.hostility_pact, WEEKS),
        closing(p.hostility_alliance, WEEKS),
    )
    worn = closing(p.trust_war, WEEKS)
    pulls = x.row[0]
    for i in range(s.n):
        losses, strange = 0.0, 0.0
        pulls[:] = 0.0
        for k in range(s.n):
            share = x.weight[k] * x.h[i, k]
            if share != 0.0:
                for j in range(s.n):
                    pulls[j] += share * x.valence[k, j]
            losses += x.w[i, k]
        for j in range(s.n):
            if i == j:
                continue
            stance, h, weary = x.stance[i, j], x.h[i, j], x.w[i, j]
            if h > 0.0 or s.lasting_hostility[i, j] > 0.0:
                to = h
                if weary > 0.0:
                    to += (
                        closing(p.hostility_losses * math.sqrt(weary), WEEKS)
                        * math.sqrt(h)
                        * (1.0 - h)
                    )
                to += p.hostility_balance * WEEKS * pulls[j] * h * (1.0 - h)
                to += relaxing * (s.lasting_hostility[i, j] - to)
                if stance == PACT:
                    to *= 1.0 - under_pact
                elif stance == ALLIANCE:
                    to *= 1.0 - under_alliance
                x.h[i, j] = min(max(to - s.hostility_at_rest[i, j] * WEEKS, 0.0), 1.0)
            trust, grown = x.t[i, j], 0.0
            if stance == PACT:
                grown = closing(p.trust_pact * s.discipline[j], WEEKS) * (1.0 - trust)
            elif stance == ALLIANCE:
                grown = closing(p.trust_alliance * s.discipline[j], WEEKS) * (1.0 - trust)
            elif stance == WAR:
                grown = -worn * trust
            x.t[i, j] = min(max(trust + grown - s.trust_at_rest[i, j] * WEEKS, 0.0), 1.0)
            if stance == ALLIANCE and x.claimed[i, j] == ALLIANCE:
                strange += s.objection[i, j]
        for j in range(s.n):
            x.w[i, j] *= forgetting
        if x.strength[i] > 0.0:
            # Losses as they are remembered from here on.
            poor = 1.0 - min(x.treasury[i] / (p.cohesion_plenty * x.strength[i]), 1.0)
            strain = (
                p.cohesion_losses * losses * forgetting
                + p.cohesion_strange_allies * strange
                + p.cohesion_poverty * poor
            )
            falling = max(strain - s.cohesion_at_rest[i], 0.0)
            x.cohesion[i] *= 1.0 - closing(falling, WEEKS)
            x.cohesion[i] += closing(p.cohesion_recovery, WEEKS) * (s.cohesion[i] - x.cohesion[i])


@compiled
def outcomes(s, x):
    """What a replicate comes to, in the order of OUTCOMES."""
    moved, wars, rivalries, commitments, talks, followers = 0, 0, 0, 0, 0, 0.0
    for z in range(s.zones):
        moved += x.holder[z] != s.holder[z]
    for i in range(s.n):
        for j in range(i):
            wars += x.stance[i, j] == WAR
            rivalries += x.stance[i, j] == RIVALRY
            commitments += x.stance[i, j] > NEUTRAL
            talks += x.goal[j, i] > 0
    for c in range(s.cells):
        followers += x.at_home[c] * x.support[c].sum()
    return np.array(
        [
            x.killed[0],
            x.killed[1],
            x.m.sum(),
            x.displaced.sum(),
            moved,
            wars,
            rivalries,
            commitments,
            talks,
            x.counts[0],
            x.h.mean(),
            x.t.mean(),
            x.cohesion.mean(),
            x.grievance.mean(),
            followers / x.at_home.sum(),
        ]
    )
