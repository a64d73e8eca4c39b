//! Which service an endpoint names: what makes two endpoints the same.

use std::fmt;

use crate::classic::ClassicRelease;
use crate::endpoint::{ClassicEndpoint, Iceoryx2Endpoint};
use crate::iceoryx2::Release;
use crate::plan::ClassicService;
use crate::user::KnownUser;

/// A service, as streams can share it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ServiceId {
    Classic(ClassicService),
    Iceoryx2 { service: String, release: Release, user: Option<KnownUser> },
}

impl ServiceId {
    /// Whether applications of one can meet those of the other: releases of iceoryx2 are stacks of their own, and so are
    /// its users, and the two lines of classic.
    pub(super) fn is_on_the_stack_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Classic(one), Self::Classic(other)) => one.release == other.release,
            (Self::Iceoryx2 { release, user, .. }, Self::Iceoryx2 { release: other_release, user: other_user, .. }) => {
                (release, user) == (other_release, other_user)
            }
            _ => false,
        }
    }

    /// `None` when an id is not sound.
    pub(super) fn of_classic(endpoint: &ClassicEndpoint, release: ClassicRelease, line_is_said: bool) -> Option<Self> {
        Some(Self::Classic(ClassicService {
            release,
            line_is_said,
            service: endpoint.service.sound()?.to_string(),
            instance: endpoint.instance.sound()?.to_string(),
            event: endpoint.event.sound()?.to_string(),
        }))
    }

    /// `None` when the name is not sound.
    pub(super) fn of_iceoryx2(endpoint: &Iceoryx2Endpoint, release: Release, user: Option<KnownUser>) -> Option<Self> {
        let release = endpoint.release.as_ref().map_or(release, |release| **release);
        Some(Self::Iceoryx2 { service: endpoint.service.sound()?.to_string(), release, user })
    }
}

impl fmt::Display for ServiceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Classic(service) => write!(f, "{service}"),
            Self::Iceoryx2 { service, .. } => write!(f, "iceoryx2 {service}"),
        }
    }
}
