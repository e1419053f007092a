//! Accords as they stand.

use super::PartyStatus;
use serde::{Deserialize, Serialize};

/// The state of an accord.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccordState {
    /// Status of each party, in the order of [`super::AccordTraits::parties`]; none once the party is gone or merged.
    pub status: Vec<Option<PartyStatus>>,
    /// How alive it is, 0 to 1.
    pub health: f64,
    /// Mediation is active before this step.
    pub mission_until: u32,
}

impl AccordState {
    /// Whether it is in force for anybody: two parties have signed it and have not left.
    pub fn is_in_force(&self) -> bool {
        self.status.iter().flatten().filter(|status| status.is_signed()).count() >= 2
    }

    /// The accord as a whole: withdrawn when fewer than two parties are left in it, drafted or proposed while it has yet to
    /// be put to a party, or to be signed by one, active when no party has suspended or withdrawn, suspended otherwise.
    pub fn overall(&self) -> PartyStatus {
        let left = self.status.iter().flatten().filter(|status| **status != PartyStatus::Withdrawn).count();
        if left < 2 {
            PartyStatus::Withdrawn
        } else if let Some(missing) = [PartyStatus::Drafted, PartyStatus::Proposed]
            .into_iter()
            .find(|missing| self.status.contains(&Some(*missing)))
        {
            missing
        } else if self.status.iter().flatten().all(|status| *status == PartyStatus::Active) {
            PartyStatus::Active
        } else {
            PartyStatus::Suspended
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accord_is_what_its_parties_make_of_it() {
        let overall = |status: &[Option<PartyStatus>]| {
            AccordState { status: status.to_vec(), health: 0.5, mission_until: 0 }.overall()
        };
        let (active, suspended, withdrawn) =
            (Some(PartyStatus::Active), Some(PartyStatus::Suspended), Some(PartyStatus::Withdrawn));
        assert_eq!(overall(&[active, active, None]), PartyStatus::Active);
        assert_eq!(overall(&[active, suspended, active]), PartyStatus::Suspended);
        assert_eq!(overall(&[active, active, withdrawn]), PartyStatus::Suspended);
        assert_eq!(overall(&[active, withdrawn, None]), PartyStatus::Withdrawn);
        let (proposed, drafted) = (Some(PartyStatus::Proposed), Some(PartyStatus::Drafted));
        assert_eq!(overall(&[active, suspended, proposed]), PartyStatus::Proposed);
        assert_eq!(overall(&[drafted, drafted]), PartyStatus::Drafted);
        assert_eq!(overall(&[proposed, withdrawn]), PartyStatus::Withdrawn);
    }
}
