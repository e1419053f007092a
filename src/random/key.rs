//! Who draws: a number made from names.

/// Who draws, as a part of the cipher's key.
///
/// Made from the text that a scenario gives as an entity's `draw_key` (its id unless said otherwise), so it does not
/// change when entities are added, removed or reordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct DrawKey(u64);

impl DrawKey {
    /// The key of an entity of a kind (`"faction"`, `"zone"` …) with a name.
    pub fn named(kind: &str, name: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(kind.as_bytes());
        hasher.update(&[0]);
        hasher.update(name.as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        Self(u64::from_le_bytes(first))
    }

    /// The key of the system as a whole.
    pub const fn whole() -> Self {
        Self(0)
    }

    /// The key of an ordered combination, such as a faction in a zone.
    #[inline]
    pub fn with(self, other: Self) -> Self {
        Self(mix(self.0 ^ mix(other.0.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// The key of an unordered pair.
    #[inline]
    pub fn pair(a: Self, b: Self) -> Self {
        let (low, high) = if a.0 < b.0 { (a, b) } else { (b, a) };
        low.with(high)
    }

    /// The key of the `ordinal`-th thing that comes of an entity, such as its first splinter.
    pub fn child(self, ordinal: u64) -> Self {
        self.with(Self(mix(ordinal.wrapping_add(0x632b_e59b_d9b4_e019))))
    }

    /// As a number.
    pub(super) fn number(self) -> u64 {
        self.0
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection whose outputs look independent.
#[inline]
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_kinds_names_and_order_apart() {
        let a = DrawKey::named("faction", "jnim");
        let b = DrawKey::named("faction", "cma");
        assert_ne!(a, DrawKey::named("zone", "jnim"));
        assert_ne!(a, b);
        assert_ne!(a.with(b), b.with(a));
        assert_eq!(DrawKey::pair(a, b), DrawKey::pair(b, a));
        assert_ne!(a.child(1), a.child(2));
    }
}
