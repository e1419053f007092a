"""What the parts of the Numba port share."""

import math

import numpy as np
from numba import njit

compiled = njit(fastmath=True, error_model="numpy", cache=True)


@compiled
def closing(rate, weeks):
    """The share of a gap that closes in so many weeks at a rate per week."""
    return 1.0 - math.exp(-rate * weeks)


chance = closing


@compiled
def exponential():
    """How far a process of unit rate runs to its next event."""
    return -math.log(1.0 - np.random.random())


@compiled
def power(strength, law):
    """contest.rs: a strength raised to a law's exponent."""
    if law == 1.0:
        return strength
    return strength * strength if law == 2.0 else strength**law


@compiled
def prevails(own, other, law):
    """contest.rs: the chance that a strength prevails."""
    a, b = power(own, law), power(other, law)
    return a / (a + b) if a + b > 0.0 else 0.5


@compiled
def lomax(mean, tail):
    """clash.rs: a Lomax deviate of a mean."""
    return mean * (tail - 1.0) * ((1.0 - np.random.random()) ** (-1.0 / tail) - 1.0)


@compiled
def local_support(s, x, z, i):
    """clash.rs: the share of the people at home in a zone who support a faction."""
    supporters, people = 0.0, 0.0
    for c in range(s.first_cell[z], s.first_cell[z + 1]):
        supporters += x.at_home[c] * x.support[c, i]
        people += x.at_home[c]
    return supporters / people if people > 0.0 else 0.0


@compiled
def per_fighter(s, p, x, z, i, support):
    """clash.rs: what a fighter is worth in a zone."""
    ground = s.ruggedness[z] * x.q[z, i]
    return (
        s.quality[i] * (1.0 + p.clashes_support * support) * (1.0 + p.clashes_ruggedness * ground)
    )


@compiled
def find_holder(s, x, z):
    """state.rs: who holds a zone."""
    best, most = -1, 1.0 / 3.0
    for i in range(s.n):
        if x.q[z, i] > 0.0:
            together = held_together(s, x, z, i)
            leads = best >= 0 and s.party[best, i] and x.q[z, best] < x.q[z, i]
            if together > most or leads:
                best, most = i, together
    before = x.holder[z]
    if before < 0 or (best >= 0 and s.party[before, best]):
        return best
    of_before = held_together(s, x, z, before)
    if of_before > 1.0 / 3.0 - 0.1 and (best < 0 or most < of_before + 0.1):
        return before
    return best


@compiled
def held_together(s, x, z, i):
    """The share of control of a faction and its umbrella."""
    if s.umbrella[i] < 0:
        return x.q[z, i]
    together = 0.0
    for j in range(s.n):
        if s.party[i, j]:
            together += x.q[z, j]
    return together
