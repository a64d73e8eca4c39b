//! The story that most tests tell: a publisher's samples reach a subscriber, all of them, once, in order, intact.

use super::{App, Bridge, Route};

/// Publisher and subscriber shake hands, then exchange `samples` without loss, and both are content.
///
/// # Panics
///
/// If one of them is not.
pub fn exchange(publisher: App, subscriber: App, samples: u64) {
    exchange_between(vec![publisher], vec![subscriber], samples);
}

/// As [`exchange`], with several of both: the publishers have the sources 1, 2 and so on, and each subscriber expects
/// `samples` of each of them.
///
/// # Panics
///
/// If one of them is not content.
pub fn exchange_between(mut publishers: Vec<App>, subscribers: Vec<App>, samples: u64) {
    for subscriber in &subscribers {
        subscriber.wait_for_lines(publishers.len(), "connected source=");
    }
    publishers.iter_mut().for_each(App::go);
    for publisher in &publishers {
        publisher.wait_for_line(&format!("done sent={samples}"));
    }
    let all = samples * publishers.len() as u64;
    for subscriber in subscribers {
        subscriber.wait_for_line(&format!("complete received={all}"));
        let closing = subscriber.finish();
        assert!(closing.starts_with(&format!("done received={all} missing=0 ")), "{closing}");
    }
    publishers.into_iter().for_each(|publisher| drop(publisher.finish()));
}

/// As [`exchange`], through a route that must then account for every one of these samples.
///
/// # Panics
///
/// If one of the applications is not content, or the account does not add up.
pub fn exchange_through(bridge: &Bridge, route: &str, publisher: App, subscriber: App, samples: u64) -> Route {
    exchange(publisher, subscriber, samples);
    let accounted = |route: &Route| route.forwarded >= samples && route.adds_up();
    let route = bridge.wait_for_route(route, "every sample accounted for", accounted);
    assert_eq!((route.lost_before, route.rejected.total, route.dropped.total), (0, 0, 0), "{route:#?}");
    route
}
