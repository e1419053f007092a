"""The NumPy port on the ground, every week: who is where, offensives, clashes, attacks on civilians and flight."""

import numpy as np
from numpy_common import by_zone, closing, find_following, find_holders, per_fighter, prevails
from start import LEAST_FORCE, LEAST_SHARE, MASSES, MOST_SIEGES, NOTICED, WAR


def list_present(s, p, x):
    """The roots of forces of at least one fighter, and how much peace forces hold down."""
    x.root = np.sqrt(np.where(x.m >= 1.0, x.m, 0.0))
    keepers = np.where(x.m >= 1.0, x.m, 0.0) @ s.peacekeeping
    x.kept = keepers / (keepers + p.clashes_peacekeepers)


def lomax(random, mean, tail, size):
    """clash.rs: Lomax deviates of a mean."""
    return mean * (tail - 1.0) * ((1.0 - random.random(size)) ** (-1.0 / tail) - 1.0)


def pick(random, weights):
    """A position in each row of weights."""
    sums = weights.cumsum(1)
    return (sums < random.random(len(weights))[:, None] * sums[:, -1:]).sum(1)


def worth_of(s, p, x, r, z, i):
    """clash.rs: what a fighter is worth, for a list of replicates, zones and factions."""
    supporters, people = np.zeros(len(r)), np.zeros(len(r))
    for c in cells_of(s, z):
        at_home = np.where(c >= 0, x.at_home[r, c], 0.0)
        people += at_home
        supporters += at_home * x.support[r, c, i]
    support = supporters / np.maximum(people, 1e-9)
    return (
        s.quality[i]
        * (1.0 + p.clashes_support * support)
        * (1.0 + p.clashes_ruggedness * s.ruggedness[z] * x.q[r, z, i])
    )


def cells_of(s, z):
    """The first, second and so on cell of each zone of a list; -1 where there is none."""
    for place in range(np.diff(s.first_cell).max()):
        c = s.first_cell[z] + place
        yield np.where(c < s.first_cell[z + 1], c, -1)


def clash(s, p, x, random):
    """clash.rs: a week of clashes. How many a pair has is drawn over all zones, where each happens by what each zone adds."""
    meeting = np.matmul((x.root * (1.0 - x.kept)[..., None]).transpose(0, 2, 1), x.root)
    mean = (meeting * x.fight)[:, s.low, s.high]
    uniform = random.random(mean.shape)
    r, place = np.nonzero(uniform >= 1.0 - mean)
    count = random_counts(mean[r, place], uniform[r, place])
    r, place = np.repeat(r, count), np.repeat(place, count)
    if not r.size:
        return
    i, j = s.low[place], s.high[place]
    z = pick(random, (1.0 - x.kept[r]) * x.root[r, :, i] * x.root[r, :, j])
    of_i, of_j = x.m[r, z, i], x.m[r, z, j]
    wins = prevails(
        of_i * worth_of(s, p, x, r, z, i), of_j * worth_of(s, p, x, r, z, j), p.contest_clash
    )
    most = p.clashes_most * (of_i + of_j)
    mean = np.minimum(lomax(random, p.clashes_deaths, p.clashes_tail, len(r)), most)
    deaths = np.minimum(random.poisson(mean), np.floor(most))
    of_i, of_j = np.minimum(deaths * (1.0 - wins), of_i), np.minimum(deaths * wins, of_j)
    for own, other, lost in ((i, j, of_i), (j, i, of_j)):
        np.subtract.at(x.m, (r, z, own), lost)
        np.add.at(x.w, (r, own, other), lost / np.maximum(x.strength[r, own], 1.0))
        np.subtract.at(x.strength, (r, own), lost)
    np.maximum(x.m, 0.0, out=x.m)
    np.add.at(x.deaths, (r, z), of_i + of_j)
    np.add.at(x.killed[:, 0], r, of_i + of_j)


def random_counts(mean, uniform):
    """Poisson numbers of uniforms, by inversion."""
    count, term = np.zeros(len(mean), np.int64), np.exp(-mean)
    total = term.copy()
    while True:
        more = uniform > total
        if not more.any():
            return count
        count += more
        term = term * mean / np.maximum(count, 1)
        total += np.where(more, term, 0.0)
        if count.max(initial=0) > 400:
            return count


def attack_civilians(s, p, x, random):
    """one_sided.rs: a week of attacks, by faction and then zone, thinned from what they would be at the worst."""
    mean = (
        p.one_sided_rate / np.sqrt(p.clashes_typical) * s.civilian_harm * x.attacks * x.root.sum(1)
    )
    uniform = random.random(mean.shape)
    r, i = np.nonzero(uniform >= 1.0 - mean)
    count = random_counts(mean[r, i], uniform[r, i])
    r, i = np.repeat(r, count), np.repeat(i, count)
    if not r.size:
        return
    z = pick(random, x.root[r, :, i])
    cells = list(cells_of(s, z))
    at_home = [np.where(c >= 0, x.at_home[r, c], 0.0) for c in cells]
    exposed = [here * np.maximum(1.0 - x.support[r, c, i], 0.0) for c, here in zip(cells, at_home)]
    people, targets = sum(at_home), sum(exposed)
    contest = p.one_sided_floor + (1.0 - p.one_sided_floor) * (1.0 - (x.q[r, z] ** 2).sum(1))
    share = contest * (1.0 - x.kept[r, z]) * targets / np.maximum(people, 1e-9)
    most = np.floor(p.one_sided_most * people)
    mean = np.minimum(lomax(random, p.one_sided_deaths, p.one_sided_tail, len(r)), most)
    happens = (random.random(len(r)) < share) & (targets > 0.0)
    deaths = np.where(happens, np.minimum(random.poisson(mean), most), 0.0)
    dead = np.zeros(len(r))
    for c, here, part in zip(cells, at_home, exposed):
        killed = np.minimum(deaths * part / np.maximum(targets, 1e-9), here)
        np.subtract.at(x.at_home, (r, c), killed)
        dead += killed
    np.maximum(x.at_home, 0.0, out=x.at_home)
    np.add.at(x.deaths, (r, z), dead)
    np.add.at(x.killed[:, 1], r, dead)
    np.add.at(x.harm, (r, z, i), 1000.0 * dead / np.maximum(s.population[z], 1.0))


def flee(s, p, x):
    """displacement.rs: memory of violence fades, and people flee from where people died."""
    x.violence *= 1.0 - closing(p.displacement_memory, 1.0)
    x.violence += 1000.0 * x.deaths / np.maximum(s.population, 1.0)
    r, z = np.nonzero((x.deaths > 0.0) | (x.alarm > 0.0))
    if r.size:
        cells = list(cells_of(s, z))
        people = sum(np.where(c >= 0, x.at_home[r, c], 0.0) for c in cells)
        in_fear = closing(p.displacement_per_death, x.deaths[r, z] / np.maximum(people, 1e-9))
        leaving = in_fear + (1.0 - in_fear) * p.displacement_capture * x.alarm[r, z]
        for c in cells:
            there = c >= 0
            rc, cc = r[there], c[there]
            draw = s.draw[cc] / (1.0 + x.violence[rc[:, None], s.refuge[cc]] / p.displacement_fear)
            total = draw.sum(1)
            gone = np.where(total > 0.0, x.at_home[rc, cc] * leaving[there], 0.0)
            x.displaced[rc, cc] += (gone / np.maximum(total, 1e-12))[:, None] * draw
            x.at_home[rc, cc] -= gone


def find_within_reach(s, p, x):
    """massing.rs: what each has within reach of each zone, and what a fighter of each is worth there."""
    find_following(s, x)
    x.massed = np.matmul(s.near, x.m)
    x.elsewhere = np.maximum(x.massed - x.m, 0.0)
    x.each = per_fighter(s, p, x)


def forces(s, p, x, r, z, holder):
    """massing.rs: for a list of replicates, zones and their holders, what the holder defends with, and for every faction its
    force there, its force elsewhere and the help of allies who are at war with the holder too."""
    there, elsewhere = x.m[r, z], np.maximum(x.massed[r, z] - x.m[r, z], 0.0)
    each = s.quality * (1.0 + p.clashes_support * x.following[r, z])
    each *= 1.0 + p.clashes_ruggedness * s.ruggedness[z][:, None] * x.q[r, z]
    rows, n = np.arange(len(r)), np.arange(s.n)
    together = x.together[r]
    side = together[rows, holder] | s.party[holder]
    friends = np.where(n == holder[:, None], 1.0, p.offensives_allies)
    against = (side * each * (there + p.offensives_reinforcement * friends * elsewhere)).sum(
        1
    ) * x.entrenchment[r, z]
    comes = (x.stance[r, :, holder] == WAR) & (n != holder[:, None])
    helping = comes * each * (there + p.offensives_reinforcement * elsewhere)
    allies = np.matmul(together & ~np.eye(s.n, dtype=bool), helping[..., None])[..., 0]
    return against, there * each, elsewhere * each, p.offensives_allies * allies


def survey(s, p, x):
    """offensive.rs: what could be massed where, and what each could take from each other by war."""
    find_within_reach(s, p, x)
    find_lost_ground(s, x)
    r, z = np.nonzero(x.holder >= 0)
    holder = x.holder[r, z]
    against, there, elsewhere, allies = forces(s, p, x, r, z, holder)
    force = there + p.offensives_mass * elsewhere + allies
    one = s.party[holder] | x.together[r, holder]
    counts = s.own_account & ~one & (force >= LEAST_FORCE)
    odds = prevails(force, against[:, None], p.contest_offensive)
    worth = np.where(counts, s.worth[z] * odds * (1.0 - x.kept[r, z])[:, None], 0.0)
    x.spoils[:] = 0.0
    line, j = np.nonzero(s.party[holder] & (x.q[r, z] > 0.0))
    values = worth[line] * x.q[r[line], z[line], j][:, None]
    key = r[line] * s.n + j
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    x.spoils[key[first] // s.n, :, key[first] % s.n] = np.maximum.reduceat(values[order], first)


def find_lost_ground(s, x):
    """lost_ground.rs: the share of what each held at the start, by worth, that each other has gained."""
    x.lost[:] = 0.0
    change = x.q - s.held_at_rest
    fell = np.where((s.held_at_rest > 0.0) & (change < -NOTICED), -change, 0.0)
    r, z, i = np.nonzero(fell)
    gained = np.where(change[r, z] > NOTICED, change[r, z], 0.0)
    total = gained.sum(1)
    some = total > 0.0
    r, z, i, gained, total = r[some], z[some], i[some], gained[some], total[some]
    shares = s.worth[z, i] * np.minimum(fell[r, z, i], total) / total
    np.add.at(x.lost, (r, i), shares[:, None] * gained * ~s.party[i])
    held = (s.worth * s.held_at_rest).sum(0)
    x.lost /= np.where(held > 0.0, held, 1.0)[:, None]


def fronts(p, x, r, i):
    return 1.0 + np.floor(x.strength[r, i] / p.offensives_corps)


def wage(s, p, x, random, week, is_review):
    """offensive.rs: campaigns go on, and at reviews factions look for targets."""
    x.alarm = np.zeros((len(x.m), s.zones))
    decide_campaigns(s, p, x, random, week, is_review)
    if not is_review:
        return
    known = x.campaigns
    busy = np.zeros(x.strength.shape)
    np.add.at(busy, (known.r, known.attacker), 1)
    r, i = np.nonzero(s.own_account & (x.strength >= LEAST_FORCE) & (x.ready_at <= week))
    number = fronts(p, x, r, i)
    ready = (busy[r, i] < number) & (
        random.random(len(r)) < 1.0 - (1.0 - p.offensives_readiness) ** number
    )
    # Who is at war with nobody who holds anything has no target.
    ready &= (x.stance[r, i] == WAR).sum(1) > 1
    consider(s, p, x, random, week, r[ready], i[ready])


def consider(s, p, x, random, week, r, i):
    """offensive.rs: factions choose targets, or stay put."""
    holder = x.holder[r]
    held = np.maximum(holder, 0)
    rows = np.arange(len(r))[:, None]
    open_to = (
        (holder >= 0) & (holder != i[:, None]) & (x.stance[r[:, None], i[:, None], held] == WAR)
    )
    open_to &= x.q[r[:, None], np.arange(s.zones), held] >= LEAST_SHARE
    attacked = np.zeros((len(x.m), s.n, s.zones), bool)
    attacked[x.campaigns.r, x.campaigns.attacker, x.campaigns.target] = True
    line, z = np.nonzero(open_to & ~attacked[r, i])
    if not line.size:
        return
    rl, il, hl = r[line], i[line], holder[line, z]
    against, there, elsewhere, allies = forces(s, p, x, rl, z, hl)
    place = np.arange(len(line))
    there, elsewhere, allies = there[place, il], elsewhere[place, il], allies[place, il]
    against = against * x.b[rl, il, hl] / np.maximum(x.strength[rl, hl], 1.0)
    masses = np.array(MASSES)
    force = there[:, None] + masses * elsewhere[:, None] + allies[:, None]
    worth = s.worth[z, il] * (1.0 - x.q[rl, z, il]) * (1.0 - x.kept[rl, z])
    values = (
        worth[:, None] * prevails(force, against[:, None], p.contest_offensive)
        - p.offensives_cost * masses
    )
    best = values.argmax(1)
    table = np.full((len(r), s.zones), -np.inf)
    table[line, z] = np.where(force[:, 2] >= LEAST_FORCE, values[place, best], -np.inf)
    share = np.zeros((len(r), s.zones))
    share[line, z] = masses[best]
    weights = np.exp(p.offensives_precision * (table - p.offensives_caution))
    total = weights.sum(1)
    goes = np.flatnonzero(random.random(len(r)) * (total + 1.0) < total)
    if not goes.size:
        return
    r, i = r[goes], i[goes]
    z = pick(random, weights[goes])
    rows = np.arange(len(r))
    near = s.near[z] * (np.arange(s.zones) != z[:, None])
    leaving = x.m[r, :, i] * share[goes, z][:, None] * near
    x.m[r, :, i] -= leaving
    x.m[r, z, i] += leaving.sum(1)
    fresh = dict(
        r=r,
        attacker=i,
        defender=x.holder[r, z],
        target=z,
        until=np.full(len(r), week + max(int(np.ceil(p.offensives_duration)), 1)),
    )
    fresh.update(sieges=np.zeros(len(rows), np.int64), origins=leaving)
    for name, value in fresh.items():
        setattr(x.campaigns, name, np.concatenate([getattr(x.campaigns, name), value]))


def decide_campaigns(s, p, x, random, week, is_review):
    """offensive.rs: what becomes of the campaigns whose time has come."""
    k = x.campaigns
    if not k.r.size:
        return
    holder = x.holder[k.r, k.target]
    over = (
        (x.stance[k.r, k.attacker, k.defender] > WAR) | (holder < 0) | ~s.party[holder, k.defender]
    )
    due = np.flatnonzero(~over & (k.until <= week))
    stays = ~over
    home = np.zeros(len(k.r))
    home[over] = 1.0
    if due.size:
        if not is_review:
            find_within_reach_of(s, x, np.unique(k.r[due]))
        r, i, j, z = k.r[due], k.attacker[due], k.defender[due], k.target[due]
        against, there, _, allies = forces(s, p, x, r, z, j)
        rows = np.arange(len(due))
        odds = prevails(there[rows, i] + allies[rows, i], against, p.contest_offensive)
        uniforms = random.random((3, len(due)))
        falls = (uniforms[0] < odds) | (
            (odds > p.offensives_hopeless) & (uniforms[1] < p.offensives_withdrawal)
        )
        besieged = ~falls & (k.sieges[due] < MOST_SIEGES) & (uniforms[2] < p.offensives_siege)
        if besieged.any():
            some = due[besieged]
            k.sieges[some] += 1
            k.until[some] = week + max(int(np.ceil(p.offensives_duration)), 1)
            x.alarm[k.r[some], k.target[some]] = 0.5
            starving = (
                p.offensives_starvation * s.party[k.defender[some]] * x.m[k.r[some], k.target[some]]
            )
            np.subtract.at(x.m, (k.r[some], k.target[some]), starving)
            np.subtract.at(x.strength, k.r[some], starving)
        stays[due[~besieged]] = False
        if falls.any():
            take(s, p, x, due[falls])
            x.alarm[r[falls], z[falls]] = 1.0
        home[due[~falls & ~besieged]] = 1.0
        rest(p, x, week, r[falls], i[falls], 1.0 - p.offensives_momentum)
    going = np.flatnonzero(home)
    if going.size:
        go_home(x, going, 1.0)
        rest(p, x, week, k.r[going], k.attacker[going], 1.0)
    if not stays.all():
        for name in vars(k):
            setattr(k, name, getattr(k, name)[stays])


def find_within_reach_of(s, x, replicates):
    """What is within reach in a few replicates: all that a campaign's end asks for."""
    x.massed[replicates] = np.matmul(s.near, x.m[replicates])
    people = by_zone(s, x.at_home[replicates])
    supporters = by_zone(s, x.at_home[replicates][..., None] * x.support[replicates])
    x.following[replicates] = supporters / np.maximum(people, 1e-9)[..., None]


def rest(p, x, week, r, i, share):
    weeks = np.ceil(share * p.offensives_rest / fronts(p, x, r, i)).astype(np.int64)
    np.maximum.at(x.ready_at, (r, i), week + np.maximum(weeks, 1))


def go_home(x, which, share):
    """offensive.rs: a share of campaigns' forces goes back whence they came."""
    k = x.campaigns
    r, i, z, origins = k.r[which], k.attacker[which], k.target[which], k.origins[which]
    came = origins.sum(1)
    leaving = np.where(came > 0.0, np.minimum(came * share, x.m[r, z, i]), 0.0)
    np.add.at(x.m, (r, slice(None), i), (leaving / np.maximum(came, 1e-9))[:, None] * origins)
    np.subtract.at(x.m, (r, z, i), leaving)


def take(s, p, x, which):
    """offensive.rs: places fall."""
    k = x.campaigns
    for c in which:
        r, i, j, z = k.r[c], k.attacker[c], k.defender[c], k.target[c]
        x.q[r, z] *= 1.0 - p.offensives_taken
        x.q[r, z, i] += p.offensives_taken
        x.entrenchment[r, z] = 1.0
        x.taken_ground[r, z] = x.taken_pull[r, z] = True
        edges = slice(s.first_edge[z], s.first_edge[z + 1])
        near, passable = s.edge_to[edges], s.edge_open[edges]
        theirs = near[(x.holder[r, near] >= 0) & s.party[x.holder[r, near], j]]
        x.entrenchment[r, theirs] = 1.0 + (x.entrenchment[r, theirs] - 1.0) * (
            1.0 - p.offensives_momentum
        )
        for loser in np.flatnonzero(s.party[j]):
            leaving, ground = (
                x.m[r, z, loser] * p.offensives_fall_back,
                x.q[r, near, loser] * passable,
            )
            if leaving > 0.0 and ground.sum() > 0.0:
                x.m[r, near, loser] += leaving * ground / ground.sum()
                x.m[r, z, loser] -= leaving
        go_home(x, np.array([c]), 1.0 - p.offensives_garrison)
        stays, at_home = x.m[r, z, i] / max(x.strength[r, i], 1.0), x.home_ground[r, z, i]
        if stays > at_home:
            x.home_ground[r, :, i] *= (1.0 - stays) / max(1.0 - at_home, 1e-9)
            x.home_ground[r, z, i] = stays
        find_holders(s, x, np.array([r]), np.array([z]))
        x.stirred[r, i, j] = x.stirred[r, j, i] = 1.0
