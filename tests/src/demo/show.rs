//! The demo from its first line to its last.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::thread;
use std::time::{Duration, Instant};

use super::run::Run;
use super::stage::Stage;
use super::verdict::{account_fault, judge};
use super::view::View;
use super::{Signals, Trouble, say};

/// How much later than planned the last sample may come.
const GRACE: Duration = Duration::from_secs(5);
/// How long the bridge's counts may lag behind its samples.
const LAG: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);

const INTRODUCTION: &str = "\
iox-bridge: C++ applications on iceoryx 2.x, Rust applications on iceoryx2

  ticks    a C++ struct arrives in Rust as MessagePack
  example  a Rust struct arrives in C++ as it is
  quotes   C++ structs and Rust MessagePack, both ways at once
";

/// Shows everything and ends everything.
pub(super) fn show(signals: &Signals) -> Result<(), Trouble> {
    let run = Run::from_environment()?;
    check_iceoryx2()?;
    say(INTRODUCTION);
    let mut stage = Stage::new(&run)?;
    let outcome = play(&mut stage, &run, signals);
    let ended = stage.end(signals);
    outcome.and(ended)
}

fn play(stage: &mut Stage, run: &Run, signals: &Signals) -> Result<(), Trouble> {
    stage.open(run, signals)?;
    say("");
    for publisher in &mut stage.publishers {
        publisher.go()?;
    }
    let mut view = View::new();
    let limit = Duration::from_secs(run.seconds) + GRACE;
    while !is_over(stage) && view.age() < limit {
        stage.check(signals)?;
        view.update(run, &stage.subscribers, false);
        thread::sleep(PAUSE);
    }
    view.update(run, &stage.subscribers, true);

    let account = settle(stage, run, signals)?;
    say("\n$ iox-bridge status");
    if let Some(bridge) = &stage.bridge {
        bridge.print_status();
    }
    say(format_args!("\nEach publisher sent probes until its subscribers answered, then {} samples.", run.samples()));
    say("OWN: what the bridge itself published on a service that it also listens to.\n");
    let mut wrong: Vec<_> = judge(stage, run).into_iter().chain(account).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.extend(stage.bridge.as_ref().map(|b| format!("The last lines of iox-bridge:\n{}", b.process.last_lines())));
    Err(Trouble::Verdict(wrong.join("\n")))
}

fn is_over(stage: &Stage) -> bool {
    stage.publishers.iter().all(|publisher| publisher.has_said("done "))
        && stage.subscribers.iter().all(|subscriber| subscriber.has_said("complete "))
}

/// Waits until the bridge's counts are those of the applications, and returns what is wrong if they never are.
fn settle(stage: &mut Stage, run: &Run, signals: &Signals) -> Result<Option<String>, Trouble> {
    let deadline = Instant::now() + LAG;
    loop {
        stage.check(signals)?;
        let fault = match stage.bridge.as_ref().and_then(|bridge| bridge.status()) {
            Some(status) => account_fault(&status, run),
            None => Some("iox-bridge does not answer".to_owned()),
        };
        if fault.is_none() || Instant::now() > deadline {
            return Ok(fault);
        }
        thread::sleep(PAUSE);
    }
}

/// iceoryx2 keeps its files in one place, for one user; whoever else comes gets errors that do not say so.
fn check_iceoryx2() -> Result<(), Trouble> {
    const PLACE: &str = "/tmp/iceoryx2";
    let user = rustix::process::geteuid();
    match fs::metadata(PLACE).map(|folder| folder.uid()) {
        Ok(owner) if owner != user.as_raw() && !user.is_root() => Err(Trouble::ForeignIceoryx2 { path: PLACE, owner }),
        _ => Ok(()),
    }
}
