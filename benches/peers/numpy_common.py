"""What the parts of the NumPy port share."""

import numpy as np


def closing(rate, weeks):
    """The share of a gap that closes in so many weeks at a rate per week."""
    return -np.expm1(-rate * weeks)


def prevails(own, other, law):
    """contest.rs: the chance that a strength prevails."""
    a, b = own**law, other**law
    return np.where(a + b > 0.0, a / np.maximum(a + b, 1e-300), 0.5)


def by_zone(s, cells, axis=1):
    """Sums of what cells hold, by zone."""
    inhabited = np.flatnonzero(np.diff(s.first_cell))
    sums = np.zeros(cells.shape[:axis] + (s.zones,) + cells.shape[axis + 1 :])
    sums[(slice(None),) * axis + (inhabited,)] = np.add.reduceat(
        cells, s.first_cell[inhabited], axis
    )
    return sums


def per_fighter(s, p, x):
    """clash.rs: what a fighter of each is worth in each zone, given who supports whom there."""
    on_rugged = 1.0 + p.clashes_ruggedness * s.ruggedness[:, None] * x.q
    return s.quality * (1.0 + p.clashes_support * x.following) * on_rugged


def find_following(s, x):
    """clash.rs: the share of the people at home in each zone who support each faction."""
    people = by_zone(s, x.at_home)
    x.following = by_zone(s, x.at_home[..., None] * x.support) / np.maximum(people, 1e-9)[..., None]


def find_holders(s, x, r=slice(None), z=slice(None)):
    """state.rs: who holds zones, all or those of a list."""
    q, before = x.q[r, z], x.holder[r, z]
    together = np.where(q > 0.0, q @ s.party, 0.0)
    best = (together + 1e-9 * q).argmax(-1)
    most = np.take_along_axis(together, best[..., None], -1)[..., 0]
    best = np.where(most > 1.0 / 3.0, best, -1)
    of_before = np.take_along_axis(q @ s.party, np.maximum(before, 0)[..., None], -1)[..., 0]
    one = s.party[before, best] & (best >= 0) & (before >= 0)
    keeps = (
        (before >= 0)
        & ~one
        & (of_before > 1.0 / 3.0 - 0.1)
        & ((best < 0) | (most < of_before + 0.1))
    )
    x.holder[r, z] = np.where(keeps, before, best)
