"""The Numba port on the ground, every week: who is where, offensives, clashes, attacks on civilians and flight."""

import math

import numpy as np
from numba_common import (
    closing,
    compiled,
    exponential,
    find_holder,
    local_support,
    lomax,
    per_fighter,
    prevails,
)
from start import LEAST_FORCE, LEAST_SHARE, MASSES, MOST_SIEGES, NOTICED, RIVALRY, WAR


@compiled
def list_present(s, p, x):
    """Who has at least one fighter where, and how much peace forces hold down."""
    count = 0
    for z in range(s.zones):
        x.first[z] = count
        keepers = 0.0
        for i in range(s.n):
            if x.m[z, i] >= 1.0:
                x.who[count] = i
                x.root[count] = math.sqrt(x.m[z, i])
                keepers += s.peacekeeping[i] * x.m[z, i]
                count += 1
        x.kept[z] = keepers / (keepers + p.clashes_peacekeepers)
    x.first[s.zones] = count


@compiled
def clash(s, p, x):
    """clash.rs: a week of clashes in all zones."""
    passed, next_event = 0.0, exponential()
    for z in range(s.zones):
        calm = 1.0 - x.kept[z]
        for upper in range(x.first[z] + 1, x.first[z + 1]):
            high = x.who[upper]
            scale = calm * x.root[upper]
            for lower in range(x.first[z], upper):
                passed += scale * x.root[lower] * x.fight[high, x.who[lower]]
                if passed > next_event:
                    clashes = 0
                    while passed > next_event:
                        clashes += 1
                        next_event += exponential()
                    lose(s, p, x, z, x.who[lower], high, clashes)


@compiled
def lose(s, p, x, z, i, j, clashes):
    """clash.rs: what clashes cost the two."""
    of_i = x.m[z, i] * per_fighter(s, p, x, z, i, local_support(s, x, z, i))
    of_j = x.m[z, j] * per_fighter(s, p, x, z, j, local_support(s, x, z, j))
    wins = prevails(of_i, of_j, p.contest_clash)
    for _ in range(clashes):
        most = p.clashes_most * (x.m[z, i] + x.m[z, j])
        mean = min(lomax(p.clashes_deaths, p.clashes_tail), most)
        deaths = min(float(np.random.poisson(mean)), math.floor(most)) if mean > 0.0 else 0.0
        of_i, of_j = min(deaths * (1.0 - wins), x.m[z, i]), min(deaths * wins, x.m[z, j])
        for own, other, lost in ((i, j, of_i), (j, i, of_j)):
            x.m[z, own] -= lost
            x.w[own, other] += lost / max(x.strength[own], 1.0)
            x.strength[own] -= lost
        x.deaths[z] += of_i + of_j
        x.killed[0] += of_i + of_j


@compiled
def attack_civilians(s, p, x):
    """one_sided.rs: a week of attacks in all zones, thinned from what they would be at the worst."""
    scale = p.one_sided_rate / math.sqrt(p.clashes_typical)
    passed, next_event = 0.0, exponential()
    for z in range(s.zones):
        for place in range(x.first[z], x.first[z + 1]):
            i = x.who[place]
            passed += scale * s.civilian_harm[i] * x.root[place] * x.attacks[i]
            if passed > next_event:
                own, united = 0.0, 0.0
                for j in range(s.n):
                    if j == i or x.stance[i, j] > RIVALRY:
                        own += x.q[z, j]
                    else:
                        united += x.q[z, j] * x.q[z, j]
                united += own * own
                contest = p.one_sided_floor + (1.0 - p.one_sided_floor) * (1.0 - united)
                share = contest * (1.0 - x.kept[z]) * (1.0 - local_support(s, x, z, i))
                while passed > next_event:
                    next_event += exponential()
                    if np.random.random() < share:
                        kill(s, p, x, z, i)


@compiled
def kill(s, p, x, z, i):
    """one_sided.rs: an attack on the people at home who do not support the attacker."""
    people, exposed = 0.0, 0.0
    for c in range(s.first_cell[z], s.first_cell[z + 1]):
        people += x.at_home[c]
        exposed += x.at_home[c] * max(1.0 - x.support[c, i], 0.0)
    most = math.floor(p.one_sided_most * people)
    mean = min(lomax(p.one_sided_deaths, p.one_sided_tail), most)
    if mean <= 0.0 or exposed <= 0.0:
        return
    deaths = min(float(np.random.poisson(mean)), most)
    dead = 0.0
    for c in range(s.first_cell[z], s.first_cell[z + 1]):
        part = min(deaths * x.at_home[c] * max(1.0 - x.support[c, i], 0.0) / exposed, x.at_home[c])
        x.at_home[c] -= part
        dead += part
    x.deaths[z] += dead
    x.killed[1] += dead
    x.harm[z, i] += 1000.0 * dead / s.population[z]


@compiled
def flee(s, p, x):
    """displacement.rs: memory of violence fades, and people flee from where people died."""
    fading = 1.0 - closing(p.displacement_memory, 1.0)
    for z in range(s.zones):
        x.violence[z] *= fading
        if x.deaths[z] > 0.0 and s.population[z] > 0.0:
            x.violence[z] += 1000.0 * x.deaths[z] / s.population[z]
    for z in range(s.zones):
        alarm = x.alarm[z]
        x.alarm[z] = 0.0
        if x.deaths[z] <= 0.0 and alarm <= 0.0:
            continue
        people = 0.0
        for c in range(s.first_cell[z], s.first_cell[z + 1]):
            people += x.at_home[c]
        if people <= 0.0:
            continue
        in_fear = 1.0 - math.exp(-p.displacement_per_death * x.deaths[z] / people)
        leaving = in_fear + (1.0 - in_fear) * p.displacement_capture * alarm
        for c in range(s.first_cell[z], s.first_cell[z + 1]):
            total = 0.0
            for r in range(s.refuges):
                x.pulls_of_refuge[r] = s.draw[c, r] / (
                    1.0 + x.violence[s.refuge[c, r]] / p.displacement_fear
                )
                total += x.pulls_of_refuge[r]
            if total <= 0.0:
                continue
            gone = x.at_home[c] * leaving
            for r in range(s.refuges):
                x.displaced[c, r] += gone * x.pulls_of_refuge[r] / total
            x.at_home[c] -= gone


@compiled
def find_within_reach(s, x):
    """massing.rs: what each has within reach of each zone, and who supports it there."""
    x.massed[:] = 0.0
    for other in range(s.zones):
        for z in range(s.zones):
            near = s.near[z, other]
            if near > 0.0:
                for i in range(s.n):
                    x.massed[z, i] += near * x.m[other, i]
    x.following[:] = 0.0
    for z in range(s.zones):
        people = 0.0
        for c in range(s.first_cell[z], s.first_cell[z + 1]):
            people += x.at_home[c]
            for i in range(s.n):
                x.following[z, i] += x.at_home[c] * x.support[c, i]
        if people > 0.0:
            for i in range(s.n):
                x.following[z, i] /= people


@compiled
def attack(s, p, x, z, i, holder, share):
    """massing.rs: the strength of an attack with a share of what is elsewhere."""
    elsewhere = max(x.massed[z, i] - x.m[z, i], 0.0)
    force = (x.m[z, i] + share * elsewhere) * per_fighter(s, p, x, z, i, x.following[z, i])
    if x.bloc_size[x.bloc[i]] > 1:
        for j in range(s.n):
            if j != i and x.bloc[j] == x.bloc[i] and x.stance[j, holder] == WAR and j != holder:
                helping = x.m[z, j] + p.offensives_reinforcement * max(
                    x.massed[z, j] - x.m[z, j], 0.0
                )
                force += (
                    p.offensives_allies * helping * per_fighter(s, p, x, z, j, x.following[z, j])
                )
    return force


@compiled
def defence(s, p, x, z, holder):
    """massing.rs: the strength with which a zone is defended."""
    there, helping = 0.0, 0.0
    for j in range(s.n):
        if x.massed[z, j] > 0.0 and (x.bloc[j] == x.bloc[holder] or s.party[j, holder]):
            worth = per_fighter(s, p, x, z, j, x.following[z, j])
            elsewhere = max(x.massed[z, j] - x.m[z, j], 0.0)
            there += x.m[z, j] * worth
            helping += (1.0 if j == holder else p.offensives_allies) * elsewhere * worth
    return (there + p.offensives_reinforcement * helping) * x.entrenchment[z]


@compiled
def survey(s, p, x):
    """offensive.rs: what could be massed where, and what each could take from each other by war."""
    find_within_reach(s, x)
    find_lost_ground(s, x)
    x.spoils[:] = 0.0
    for z in range(s.zones):
        holder = x.holder[z]
        if holder < 0:
            continue
        against = defence(s, p, x, z, holder)
        for i in range(s.n):
            if not s.own_account[i] or s.party[i, holder] or x.bloc[i] == x.bloc[holder]:
                continue
            force = attack(s, p, x, z, i, holder, p.offensives_mass)
            if force >= LEAST_FORCE:
                worth = (
                    s.worth[z, i]
                    * prevails(force, against, p.contest_offensive)
                    * (1.0 - x.kept[z])
                )
                for j in range(s.n):
                    if s.party[j, holder]:
                        x.spoils[i, j] = max(x.spoils[i, j], worth * x.q[z, j])


@compiled
def find_lost_ground(s, x):
    """lost_ground.rs: the share of what each held at the start, by worth, that each other has gained."""
    x.lost[:] = 0.0
    held = x.row[0]
    held[:] = 0.0
    for z in range(s.zones):
        for i in range(s.n):
            before = s.held_at_rest[z, i]
            if before <= 0.0:
                continue
            held[i] += s.worth[z, i] * before
            fell = before - x.q[z, i]
            if fell <= NOTICED:
                continue
            gained = 0.0
            for j in range(s.n):
                gain = x.q[z, j] - s.held_at_rest[z, j]
                gained += gain if gain > NOTICED else 0.0
            if gained > 0.0:
                for j in range(s.n):
                    gain = x.q[z, j] - s.held_at_rest[z, j]
                    if gain > NOTICED and not s.party[i, j]:
                        x.lost[i, j] += s.worth[z, i] * min(fell, gained) * gain / gained
    for i in range(s.n):
        if held[i] > 0.0:
            for j in range(s.n):
                x.lost[i, j] /= held[i]


@compiled
def fronts(p, x, i):
    return 1.0 + math.floor(x.strength[i] / p.offensives_corps)


@compiled
def wage(s, p, x, week, is_review):
    """offensive.rs: campaigns go on, and at reviews factions look for targets."""
    if not is_review:
        for c in range(x.counts[0]):
            if x.until[c] <= week:
                find_within_reach(s, x)
                break
    decide_campaigns(s, p, x, week)
    if is_review:
        for i in range(s.n):
            if not s.own_account[i] or x.strength[i] < LEAST_FORCE or x.ready_at[i] > week:
                continue
            busy = 0
            for c in range(x.counts[0]):
                busy += x.attacker[c] == i
            ready = min(2.0 * s.aggression[i] * p.offensives_readiness, 1.0)
            chance = 1.0 - (1.0 - ready) ** fronts(p, x, i)
            if busy < fronts(p, x, i) and np.random.random() < chance:
                consider(s, p, x, week, i)


@compiled
def consider(s, p, x, week, i):
    """offensive.rs: a faction chooses a target, or stays put."""
    count, top = 0, -1e300
    zones, values, shares = np.zeros(s.zones, np.int64), np.zeros(s.zones), np.zeros(s.zones)
    for z in range(s.zones):
        holder = x.holder[z]
        if holder < 0 or holder == i or x.stance[i, holder] != WAR or x.q[z, holder] < LEAST_SHARE:
            continue
        attacked = False
        for c in range(x.counts[0]):
            attacked |= x.attacker[c] == i and x.target[c] == z
        if attacked or attack(s, p, x, z, i, holder, MASSES[2]) < LEAST_FORCE:
            continue
        against = defence(s, p, x, z, holder) * x.b[i, holder] / max(x.strength[holder], 1.0)
        worth = s.worth[z, i] * (1.0 - x.q[z, i]) * (1.0 - x.kept[z])
        best = -1e300
        for share in MASSES:
            odds = prevails(attack(s, p, x, z, i, holder, share), against, p.contest_offensive)
            value = worth * odds - p.offensives_cost * share
            if value > best:
                best, shares[count] = value, share
        zones[count], values[count] = z, best
        top = max(top, best)
        count += 1
    if count == 0 or x.counts[0] >= len(x.attacker):
        return
    total = 0.0
    for place in range(count):
        values[place] = math.exp(p.offensives_precision * (values[place] - top))
        total += values[place]
    staying = math.exp(p.offensives_precision * (p.offensives_caution - top))
    drawn = np.random.random() * (total + staying)
    if drawn >= total:
        return
    place = 0
    while place < count - 1 and drawn >= values[place]:
        drawn -= values[place]
        place += 1
    c, z = x.counts[0], zones[place]
    x.attacker[c], x.defender[c], x.target[c], x.sieges[c] = i, x.holder[z], z, 0
    x.until[c] = week + max(math.ceil(p.offensives_duration), 1)
    for other in range(s.zones):
        leaving = x.m[other, i] * shares[place] * s.near[z, other] if other != z else 0.0
        x.origins[c, other] = leaving
        x.m[other, i] -= leaving
        x.m[z, i] += leaving
    x.counts[0] += 1


@compiled
def decide_campaigns(s, p, x, week):
    """offensive.rs: what becomes of the campaigns whose time has come."""
    left = 0
    for c in range(x.counts[0]):
        i, j, z = x.attacker[c], x.defender[c], x.target[c]
        holder = x.holder[z]
        stays = True
        if x.stance[i, j] > WAR or holder < 0 or not s.party[holder, j]:
            go_home(s, x, c, 1.0)
            rest(p, x, week, i, 1.0)
            stays = False
        elif week >= x.until[c]:
            odds = prevails(
                attack(s, p, x, z, i, j, 0.0), defence(s, p, x, z, j), p.contest_offensive
            )
            given_up = odds > p.offensives_hopeless and np.random.random() < p.offensives_withdrawal
            if given_up or np.random.random() < odds:
                take(s, p, x, c)
                x.alarm[z] = 1.0
                rest(p, x, week, i, 1.0 - p.offensives_momentum)
                stays = False
            elif x.sieges[c] < MOST_SIEGES and np.random.random() < p.offensives_siege:
                x.sieges[c] += 1
                x.alarm[z] = 0.5
                for k in range(s.n):
                    if s.party[k, j]:
                        x.strength[k] -= x.m[z, k] * p.offensives_starvation
                        x.m[z, k] *= 1.0 - p.offensives_starvation
                x.until[c] = week + max(math.ceil(p.offensives_duration), 1)
            else:
                go_home(s, x, c, 1.0)
                rest(p, x, week, i, 1.0)
                stays = False
        if stays:
            x.attacker[left], x.defender[left], x.target[left] = i, j, z
            x.until[left], x.sieges[left] = x.until[c], x.sieges[c]
            x.origins[left] = x.origins[c]
            left += 1
    x.counts[0] = left


@compiled
def rest(p, x, week, i, share):
    weeks = share * p.offensives_rest / fronts(p, x, i)
    x.ready_at[i] = max(x.ready_at[i], week + max(math.ceil(weeks), 1))


@compiled
def go_home(s, x, c, share):
    """offensive.rs: a share of a campaign's force goes back whence it came."""
    i, z = x.attacker[c], x.target[c]
    came = x.origins[c].sum()
    if came > 0.0:
        leaving = min(came * share, x.m[z, i])
        for other in range(s.zones):
            x.m[other, i] += leaving * x.origins[c, other] / came
        x.m[z, i] -= leaving


@compiled
def take(s, p, x, c):
    """offensive.rs: a place falls."""
    i, j, z = x.attacker[c], x.defender[c], x.target[c]
    spared = 0.0
    for k in range(s.n):
        if k == i or s.party[k, j] or x.stance[i, k] == WAR:
            x.q[z, k] *= 1.0 - p.offensives_taken
        else:
            spared += x.q[z, k]
    x.q[z, i] += p.offensives_taken * (1.0 - spared)
    x.entrenchment[z] = 1.0
    x.taken_ground[z], x.taken_pull[z] = True, True
    for e in range(s.first_edge[z], s.first_edge[z + 1]):
        near = s.edge_to[e]
        if x.holder[near] >= 0 and s.party[x.holder[near], j]:
            x.entrenchment[near] = 1.0 + (x.entrenchment[near] - 1.0) * (
                1.0 - p.offensives_momentum
            )
    for k in range(s.n):
        leaving = x.m[z, k] * p.offensives_fall_back
        if not s.party[k, j] or leaving <= 0.0:
            continue
        total = 0.0
        for e in range(s.first_edge[z], s.first_edge[z + 1]):
            total += x.q[s.edge_to[e], k] if s.edge_open[e] else 0.0
        if total > 0.0:
            for e in range(s.first_edge[z], s.first_edge[z + 1]):
                if s.edge_open[e]:
                    x.m[s.edge_to[e], k] += leaving * x.q[s.edge_to[e], k] / total
            x.m[z, k] -= leaving
    go_home(s, x, c, 1.0 - p.offensives_garrison)
    stays, at_home = x.m[z, i] / max(x.strength[i], 1.0), x.home_ground[z, i]
    if stays > at_home:
        for other in range(s.zones):
            x.home_ground[other, i] *= (1.0 - stays) / max(1.0 - at_home, 1e-9)
        x.home_ground[z, i] = stays
    x.holder[z] = find_holder(s, x, z)
    x.stirred[i, j], x.stirred[j, i] = 1.0, 1.0
